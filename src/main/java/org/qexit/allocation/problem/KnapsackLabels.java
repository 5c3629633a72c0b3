package org.qexit.allocation.problem;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The labels (bandwidth, load, profit) of {@link NodeKnapsack}, one level per device: those alive after the last level, those that the
 * present one makes of them, and for every level whence its labels came, so that the best choice can be read back. Arrays are reused.
 * Not thread-safe.
 */
final class KnapsackLabels {
    /** {@code [label alive]}: bandwidth, load and profit. */
    double[] b = new double[1024];

    double[] w = new double[1024];
    double[] p = new double[1024];
    private int alive;

    private double[] nextB = new double[4096];
    private double[] nextW = new double[4096];
    private double[] nextP = new double[4096];
    private int[] nextParent = new int[4096];
    private int[] nextStep = new int[4096];
    private int made;

    private final LabelFront front = new LabelFront();
    private int[] survivors;
    private int live;

    /** {@code [level][label]}. */
    private int[][] parents = new int[0][];

    private int[][] steps = new int[0][];

    /** Begins with the empty choice. */
    void begin(int levels) {
        if (parents.length < levels) {
            parents = new int[2 * levels][];
            steps = new int[2 * levels][];
        }
        alive = 1;
        b[0] = 0;
        w[0] = 0;
        p[0] = 0;
    }

    int alive() {
        return alive;
    }

    /** Begins a level. */
    void open() {
        made = 0;
    }

    /** How many labels this level has made: the index of the next one. */
    int made() {
        return made;
    }

    /** Makes a label from {@code parent}, one of those alive, by a step, or -1 where the device is left out. */
    void push(double bandwidth, double load, double profit, int parent, int step) {
        if (made == nextB.length) {
            int larger = 2 * made;
            nextB = Arrays.copyOf(nextB, larger);
            nextW = Arrays.copyOf(nextW, larger);
            nextP = Arrays.copyOf(nextP, larger);
            nextParent = Arrays.copyOf(nextParent, larger);
            nextStep = Arrays.copyOf(nextStep, larger);
        }
        nextB[made] = bandwidth;
        nextW[made] = load;
        nextP[made] = profit;
        nextParent[made] = parent;
        nextStep[made++] = step;
    }

    double nextB(int label) {
        return nextB[label];
    }

    double nextW(int label) {
        return nextW[label];
    }

    double nextP(int label) {
        return nextP[label];
    }

    /** Drops what another label dominates; {@code keep}, or -1, stays. Returns how many are left. */
    int dropDominated(int keep) {
        survivors = front.filter(nextB, nextW, nextP, made, keep);
        live = front.size();
        return live;
    }

    /** Keeps the {@code limit} labels with the largest limits on what completes them; returns the largest limit of the others. */
    double narrow(int limit, int keep, IntToDoubleFunction completion) {
        double[] bounds = new double[live];
        for (int i = 0; i < live; i++) {
            bounds[i] = survivors[i] == keep ? Double.POSITIVE_INFINITY : completion.applyAsDouble(survivors[i]);
        }
        double[] sorted = bounds.clone();
        Arrays.sort(sorted);
        double cut = sorted[live - limit];
        int kept = 0;
        double dropped = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < live; i++) {
            if (bounds[i] > cut || bounds[i] == Double.POSITIVE_INFINITY) {
                survivors[kept++] = survivors[i];
            } else {
                dropped = Math.max(dropped, bounds[i]);
            }
        }
        live = kept;
        return dropped;
    }

    /** Ends a level: what is left is alive. Returns the place of {@code keep} among them, -1 if it is -1. */
    int close(int level, int keep) {
        if (b.length < live) {
            int larger = Math.max(live, 2 * b.length);
            b = new double[larger];
            w = new double[larger];
            p = new double[larger];
        }
        int[] parent = new int[live];
        int[] step = new int[live];
        int place = -1;
        for (int i = 0; i < live; i++) {
            int a = survivors[i];
            b[i] = nextB[a];
            w[i] = nextW[a];
            p[i] = nextP[a];
            parent[i] = nextParent[a];
            step[i] = nextStep[a];
            place = a == keep ? i : place;
        }
        parents[level] = parent;
        steps[level] = step;
        alive = live;
        return place;
    }

    int parent(int level, int label) {
        return parents[level][label];
    }

    /** The step taken at a level, or -1 where its device was left out. */
    int step(int level, int label) {
        return steps[level][label];
    }
}

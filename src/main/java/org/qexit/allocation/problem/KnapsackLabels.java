package org.qexit.allocation.problem;

import java.util.Arrays;

/**
 * The labels (bandwidth, load, profit) of {@link NodeKnapsack}, one level per device: those alive after the last level, by decreasing
 * profit, those that the present one makes of them, and for every level whence its labels came, so that the best choice can be read back.
 * A level makes its labels in runs, one per step: each keeps the order of its parents, so that merging the runs sorts them. Arrays are
 * reused. Not thread-safe.
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
    /** No completion of the label has a larger profit. */
    private double[] nextLimit = new double[4096];

    private int[] nextParent = new int[4096];
    private int[] nextStep = new int[4096];
    private int made;
    private int[] runs = new int[64];
    private int runCount;

    private final LabelFront front;
    private int[] survivors;
    private int live;

    /** {@code [level][label]}. */
    private int[][] parents = new int[0][];

    private int[][] steps = new int[0][];

    /** @param wholeLoads whether all loads are whole numbers */
    KnapsackLabels(boolean wholeLoads) {
        front = new LabelFront(wholeLoads);
    }

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
        runCount = 0;
    }

    /** Begins a run: labels whose profits fall, made from parents in their order. */
    void openRun() {
        if (runCount == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runCount);
        }
        runs[runCount++] = made;
    }

    /** How many labels this level has made: the index of the next one. */
    int made() {
        return made;
    }

    /**
     * Makes a label from {@code parent}, one of those alive, by a step, or -1 where the device is left out.
     *
     * @param limit no completion has a larger profit
     */
    void push(double bandwidth, double load, double profit, double limit, int parent, int step) {
        if (made == nextB.length) {
            int larger = 2 * made;
            nextB = Arrays.copyOf(nextB, larger);
            nextW = Arrays.copyOf(nextW, larger);
            nextP = Arrays.copyOf(nextP, larger);
            nextLimit = Arrays.copyOf(nextLimit, larger);
            nextParent = Arrays.copyOf(nextParent, larger);
            nextStep = Arrays.copyOf(nextStep, larger);
        }
        nextB[made] = bandwidth;
        nextW[made] = load;
        nextP[made] = profit;
        nextLimit[made] = limit;
        nextParent[made] = parent;
        nextStep[made++] = step;
    }

    /** Drops what another label dominates, or what cannot reach {@code floor}; {@code keep}, or -1, stays. Returns how many are left. */
    int dropDominated(int keep, double floor) {
        front.begin(made);
        for (int r = 0; r < runCount; r++) {
            front.addRun(runs[r], r + 1 < runCount ? runs[r + 1] : made, nextLimit, floor, keep);
        }
        survivors = front.filter(nextB, nextW, nextP, keep);
        live = front.size();
        return live;
    }

    /** Keeps the {@code most} labels with the largest limits on what completes them; returns the largest limit of the others. */
    double narrow(int most, int keep) {
        double[] limits = new double[live];
        for (int i = 0; i < live; i++) {
            limits[i] = survivors[i] == keep ? Double.POSITIVE_INFINITY : nextLimit[survivors[i]];
        }
        double cut = select(limits, live - most);
        int kept = 0;
        double dropped = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < live; i++) {
            int a = survivors[i];
            if (a == keep || nextLimit[a] > cut) {
                survivors[kept++] = a;
            } else {
                dropped = Math.max(dropped, nextLimit[a]);
            }
        }
        live = kept;
        return dropped;
    }

    /** The value at place {@code k} of the sorted values, by quickselect; reorders them. */
    private static double select(double[] values, int k) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            double pivot = values[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                break;
            }
        }
        return values[k];
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

package org.qexit.allocation.search;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.qexit.allocation.problem.JointModel;

/**
 * Annealing at low temperature with the exact value of each node. Every node keeps, for its devices together and for its devices
 * without each one, the best value by compute: {@code F[w]}. A shift or a swap is then priced exactly in O(steps); accepting
 * one rebuilds two nodes by divide and conquer, O(k log k · W · steps) for k devices. Only moves that keep bandwidth are tried.
 * Loads are counted in whole cells, rounded up where they are not whole: plans stay feasible.
 */
final class Polishing {
    private static final int MAX_CELLS = 2000;
    /** Refused proposals are cheap; accepted ones are limited by {@link #WORK_PER_DEVICE}. */
    private static final long PROPOSALS_PER_DEVICE = 10_000L;

    private static final long MAX_PROPOSALS = 20_000_000;
    /** The last temperature as a share of the first. */
    private static final double COLD = 0.01;
    /** Cell updates spent on accepted moves: about a second for a hundred devices. */
    private static final double WORK_PER_DEVICE = 1.2e7;

    private static final int MIN_DEVICES = 30;
    private static final int MAX_DEVICES = 3000;

    private final Search search;
    private final JointModel model;
    private final SplittableRandom random;
    private final int[][] cells;
    private final int[] capacity;
    private final Placement devices;
    /** The arrays of {@link #devices}. */
    private final int[] node;

    private final int[][] members;
    private final int[] count;
    private final int[] place;
    private final double[] usedB;
    private final double[] value;
    private final double[][] full;
    /** {@code [node][member][cell]}. */
    private final double[][][] without;

    private double work;
    private double total;
    private int[] best;
    private double bestTotal;

    Polishing(Search search, SplittableRandom random) {
        this.search = search;
        this.model = search.model();
        this.random = random;
        boolean whole = true;
        double largest = 0;
        for (double[] loads : model.load) {
            for (double load : loads) {
                whole &= Math.abs(load - Math.rint(load)) < 1e-9;
            }
        }
        for (double units : model.compute) {
            largest = Math.max(largest, units);
        }
        double unit = whole && largest <= 10 * MAX_CELLS ? 1 : largest / MAX_CELLS;
        cells = new int[model.devices][];
        for (int n = 0; n < model.devices; n++) {
            cells[n] = Arrays.stream(model.load[n])
                    .mapToInt(load -> (int) Math.ceil(load / unit - 1e-9))
                    .toArray();
        }
        capacity = Arrays.stream(model.compute)
                .mapToInt(units -> (int) Math.floor(units / unit + 1e-9))
                .toArray();
        devices = new Placement(model);
        node = devices.node;
        members = devices.members;
        count = devices.count;
        place = devices.place;
        usedB = devices.usedB;
        value = new double[model.nodes];
        full = new double[model.nodes][];
        without = new double[model.nodes][][];
    }

    /**
     * The best assignment of devices to nodes that was met from temperature {@code hot} on, or the first worth {@code enough}; at
     * least as good as {@code start} up to the rounding of loads.
     */
    int[] run(int[] start, double hot, double enough) {
        double effort = search.options().effort();
        long proposals = (long) (effort * Math.min(MAX_PROPOSALS, PROPOSALS_PER_DEVICE * model.devices));
        double cold = COLD * hot;
        devices.set(start);
        total = 0;
        for (int j = 0; j < model.nodes; j++) {
            rebuild(j);
            total += value[j];
            for (int i = 0; i < count[j]; i++) {
                total -= model.penalty(members[j][i], j);
            }
        }
        best = node.clone();
        bestTotal = total;
        double temperature = hot;
        work = 0;
        double budget = WORK_PER_DEVICE * effort * Math.min(MAX_DEVICES, Math.max(MIN_DEVICES, model.devices));
        for (long i = 0; i < proposals && work < budget && bestTotal < enough; i++) {
            if ((i & 255) == 0) {
                if (search.deadline().passed()) {
                    break;
                }
                // Accepted moves are what costs: the temperature follows whichever of the two budgets is used up first.
                temperature = hot * Math.pow(cold / hot, Math.max((double) i / proposals, work / budget));
            }
            propose(temperature);
        }
        return best;
    }

    private void propose(double temperature) {
        int a = random.nextInt(model.devices);
        int[] options = model.allowed[a];
        int from = node[a];
        int to = options[random.nextInt(options.length)];
        if (to == from) {
            return;
        }
        boolean swap = count[to] > 0 && random.nextInt(4) != 0;
        int b = -1;
        if (swap) {
            b = members[to][random.nextInt(count[to])];
            if (!model.canServe(b, from)
                    || usedB[from] - model.need[a][from] + model.need[b][from] > model.bandwidth[from]) {
                return;
            }
        }
        double freed = swap ? model.need[b][to] : 0;
        if (usedB[to] - freed + model.need[a][to] > model.bandwidth[to]) {
            return;
        }
        double newFrom =
                swap ? extended(without[from][place[a]], b, capacity[from]) : at(without[from][place[a]], from);
        double newTo = extended(swap ? without[to][place[b]] : full[to], a, capacity[to]);
        double moved = model.penalty(a, from)
                - model.penalty(a, to)
                + (swap ? model.penalty(b, to) - model.penalty(b, from) : 0);
        double gain = newFrom + newTo - value[from] - value[to] + moved;
        if (!(gain >= 0 || gain > Double.NEGATIVE_INFINITY && random.nextDouble() < Math.exp(gain / temperature))) {
            return;
        }
        devices.move(a, b, to);
        rebuild(from);
        rebuild(to);
        total += gain;
        if (total > bestTotal + 1e-12) {
            bestTotal = total;
            best = node.clone();
        }
    }

    private double at(double[] function, int j) {
        return function[capacity[j]];
    }

    /** Best value of a set with function {@code base} when device n joins. */
    private double extended(double[] base, int n, int w) {
        double most = Double.NEGATIVE_INFINITY;
        int[] c = cells[n];
        double[] v = model.value[n];
        for (int s = 0; s < c.length && c[s] <= w; s++) {
            most = Math.max(most, base[w - c[s]] + v[s]);
        }
        return most;
    }

    private void rebuild(int j) {
        int w = capacity[j];
        int k = count[j];
        without[j] = new double[k][];
        double[] nothing = new double[w + 1];
        if (k == 0) {
            full[j] = nothing;
            value[j] = 0;
            return;
        }
        leaveOneOut(j, 0, k, nothing);
        full[j] = join(without[j][k - 1], members[j][k - 1], w);
        value[j] = full[j][w];
    }

    private void leaveOneOut(int j, int low, int high, double[] rest) {
        if (high - low == 1) {
            without[j][low] = rest;
            return;
        }
        int middle = (low + high) >>> 1;
        double[] left = rest;
        for (int i = middle; i < high; i++) {
            left = join(left, members[j][i], capacity[j]);
        }
        leaveOneOut(j, low, middle, left);
        double[] right = rest;
        for (int i = low; i < middle; i++) {
            right = join(right, members[j][i], capacity[j]);
        }
        leaveOneOut(j, middle, high, right);
    }

    /** max-plus convolution with the staircase of device n. */
    private double[] join(double[] base, int n, int w) {
        double[] joined = new double[w + 1];
        Arrays.fill(joined, Double.NEGATIVE_INFINITY);
        int[] c = cells[n];
        double[] v = model.value[n];
        for (int s = 0; s < c.length && c[s] <= w; s++) {
            int shift = c[s];
            work += w - shift + 1;
            double gain = v[s];
            for (int x = shift; x <= w; x++) {
                joined[x] = Math.max(joined[x], base[x - shift] + gain);
            }
        }
        return joined;
    }
}

package org.qexit.allocation.search;

import java.util.SplittableRandom;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;

/**
 * Simulated annealing over assignments. A node's value is the concave envelope of its devices' staircases filled greedily
 * (exact up to one segment); exceeding bandwidth or the smallest loads costs a penalty that grows while it cools. Moves: shift one
 * device, or swap two. Each candidate node of a device is drawn with a bias to those that the capacity prices favour.
 */
final class Annealing {
    /** Nodes that a device may try: those behind are worse by their reduced costs. */
    private static final int MAX_CANDIDATES = 12;
    /** Temperature falls in so many blocks; the penalty has its last value after the first three quarters of them. */
    private static final int BLOCKS = 400;

    private static final int STIFF_BLOCKS = 300;

    /**
     * How a run cools, in units of the value: temperatures, and penalties on what exceeds capacities, from the first to the last.
     */
    record Schedule(double hot, double cold, double firstPenalty, double lastPenalty) {
        Schedule times(double scale) {
            return new Schedule(hot * scale, cold * scale, firstPenalty * scale, lastPenalty * scale);
        }
    }

    private final JointModel model;
    private final SplittableRandom random;
    private final int[][] candidates;

    private final int[] node;
    private final int[][] members;
    private final int[] memberCount;
    private final int[] place;
    private final double[] usedB;
    private final double[] minLoad;
    private final double[] baseValue;
    private final double[] cost;
    private final double[] over;

    private final double[][] slope;
    private final double[][] width;
    private final int[][] owner;
    private final int[] segments;

    private double[][] ownSlope;
    private double[][] ownWidth;

    private double penalty;
    private double overOut;

    private int[] best;
    private double bestScore = Double.NEGATIVE_INFINITY;

    Annealing(JointModel model, CapacityPrices prices, SplittableRandom random) {
        this.model = model;
        this.random = random;
        int n = model.devices;
        int m = model.nodes;
        node = new int[n];
        place = new int[n];
        members = new int[m][4];
        memberCount = new int[m];
        usedB = new double[m];
        minLoad = new double[m];
        baseValue = new double[m];
        cost = new double[m];
        over = new double[m];
        slope = new double[m][16];
        width = new double[m][16];
        owner = new int[m][16];
        segments = new int[m];
        candidates = new int[n][];
        ownSlope = new double[n][];
        ownWidth = new double[n][];
        for (int d = 0; d < n; d++) {
            candidates[d] = sortedCandidates(model, prices, d);
            int[] hull = model.hull[d];
            ownSlope[d] = new double[hull.length - 1];
            ownWidth[d] = new double[hull.length - 1];
            for (int i = 0; i + 1 < hull.length; i++) {
                ownWidth[d][i] = model.load[d][hull[i + 1]] - model.load[d][hull[i]];
                ownSlope[d][i] = (model.value[d][hull[i + 1]] - model.value[d][hull[i]]) / ownWidth[d][i];
            }
        }
    }

    private static int[] sortedCandidates(JointModel model, CapacityPrices prices, int d) {
        Integer[] order = new Integer[model.allowed[d].length];
        double[] lost = new double[model.nodes];
        double scale = Math.max(1e-9, Math.abs(prices.bound) / model.devices);
        for (int i = 0; i < order.length; i++) {
            int j = model.allowed[d][i];
            order[i] = j;
            // Where bandwidth has no price the reduced costs tie: then the part of bandwidth that the device takes
            // decides.
            lost[j] = prices.reducedCost(d, j) / scale + model.need[d][j] / model.bandwidth[j];
        }
        java.util.Arrays.sort(order, (x, y) -> Double.compare(lost[x], lost[y]));
        int[] result = new int[Math.min(MAX_CANDIDATES, order.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = order[i];
        }
        return result;
    }

    /**
     * Anneals from {@code start} with {@code moves} proposals.
     *
     * @return the best that fits, or null
     */
    int[] run(int[] start, long moves, Schedule schedule, Deadline deadline) {
        load(start);
        penalty = schedule.firstPenalty;
        refreshCosts();
        best = null;
        bestScore = Double.NEGATIVE_INFINITY;
        noteBest();
        long block = Math.max(1, moves / BLOCKS);
        double temperature = schedule.hot;
        double cooling = Math.pow(schedule.cold / schedule.hot, 1.0 / BLOCKS);
        double stiffening = Math.pow(schedule.lastPenalty / schedule.firstPenalty, 1.0 / STIFF_BLOCKS);
        for (long i = 0; i < moves; i++) {
            if (i % block == 0) {
                temperature *= cooling;
                if (penalty < schedule.lastPenalty) {
                    penalty *= stiffening;
                    refreshCosts();
                }
                if (deadline.passed()) {
                    break;
                }
            }
            propose(temperature);
        }
        return best;
    }

    private void propose(double temperature) {
        int a = random.nextInt(model.devices);
        int[] options = candidates[a];
        if (options.length < 2) {
            return;
        }
        int from = node[a];
        // The smaller of two draws favours the nodes at the front.
        int to = options[Math.min(random.nextInt(options.length), random.nextInt(options.length))];
        if (to == from) {
            return;
        }
        int b = -1;
        if (memberCount[to] > 0 && (random.nextInt() & 1) == 0) {
            b = members[to][random.nextInt(memberCount[to])];
            if (!model.canServe(b, from)) {
                b = -1;
            }
        }
        double before = cost[from] + cost[to];
        double newFrom = nodeCost(from, a, b);
        double overFrom = overOut;
        double newTo = nodeCost(to, b, a);
        double overTo = overOut;
        double gain = newFrom + newTo - before;
        if (gain >= 0 || random.nextDouble() < Math.exp(gain / temperature)) {
            remove(a);
            if (b >= 0) {
                remove(b);
                insert(b, from);
            }
            insert(a, to);
            cost[from] = newFrom;
            cost[to] = newTo;
            over[from] = overFrom;
            over[to] = overTo;
            if (gain > 0) {
                noteBest();
            }
        }
    }

    private double total;
    private double totalOver;

    private void noteBest() {
        // Summing afresh costs O(nodes); it is only needed when a record is near.
        total = 0;
        totalOver = 0;
        for (int j = 0; j < model.nodes; j++) {
            total += cost[j];
            totalOver += over[j];
        }
        if (totalOver <= 0 && total > bestScore + 1e-12) {
            bestScore = total;
            best = node.clone();
        }
    }

    private void load(int[] start) {
        java.util.Arrays.fill(memberCount, 0);
        java.util.Arrays.fill(segments, 0);
        java.util.Arrays.fill(usedB, 0);
        java.util.Arrays.fill(minLoad, 0);
        java.util.Arrays.fill(baseValue, 0);
        for (int n = 0; n < model.devices; n++) {
            insert(n, start[n]);
        }
    }

    private void refreshCosts() {
        for (int j = 0; j < model.nodes; j++) {
            cost[j] = nodeCost(j, -1, -1);
            over[j] = overOut;
        }
    }

    /** Value of node j without {@code skip} and with {@code add} (or -1), less the penalty; leaves the excess in overOut. */
    private double nodeCost(int j, int skip, int add) {
        double b = usedB[j];
        double w = minLoad[j];
        double v = baseValue[j];
        if (skip >= 0) {
            b -= model.need[skip][j];
            w -= model.load[skip][0];
            v -= model.value[skip][0] - model.penalty(skip, j);
        }
        double[] addSlope = null;
        double[] addWidth = null;
        int addCount = 0;
        if (add >= 0) {
            b += model.need[add][j];
            w += model.load[add][0];
            v += model.value[add][0] - model.penalty(add, j);
            addSlope = ownSlope[add];
            addWidth = ownWidth[add];
            addCount = addSlope.length;
        }
        double excess = Math.max(0, b / model.bandwidth[j] - 1);
        double left = model.compute[j] - w;
        if (left < 0) {
            excess += -left / model.compute[j];
        }
        // Removing and adding leaves rounding of the order of 1e-16 in the sums.
        overOut = excess > 1e-13 ? excess : 0;
        double[] sl = slope[j];
        double[] wi = width[j];
        int[] ow = owner[j];
        int count = segments[j];
        int i = 0;
        int k = 0;
        while (left > 0) {
            while (i < count && ow[i] == skip) {
                i++;
            }
            double s;
            double d;
            if (i < count && (k >= addCount || sl[i] >= addSlope[k])) {
                s = sl[i];
                d = wi[i++];
            } else if (k < addCount) {
                s = addSlope[k];
                d = addWidth[k++];
            } else {
                break;
            }
            if (d > left) {
                v += s * left;
                break;
            }
            v += s * d;
            left -= d;
        }
        return v - penalty * overOut;
    }

    private void insert(int n, int j) {
        node[n] = j;
        if (memberCount[j] == members[j].length) {
            members[j] = java.util.Arrays.copyOf(members[j], 2 * members[j].length);
        }
        place[n] = memberCount[j];
        members[j][memberCount[j]++] = n;
        usedB[j] += model.need[n][j];
        minLoad[j] += model.load[n][0];
        baseValue[j] += model.value[n][0] - model.penalty(n, j);
        double[] addSlope = ownSlope[n];
        int extra = addSlope.length;
        int count = segments[j];
        if (count + extra > slope[j].length) {
            int larger = 2 * (count + extra);
            slope[j] = java.util.Arrays.copyOf(slope[j], larger);
            width[j] = java.util.Arrays.copyOf(width[j], larger);
            owner[j] = java.util.Arrays.copyOf(owner[j], larger);
        }
        double[] sl = slope[j];
        double[] wi = width[j];
        int[] ow = owner[j];
        int i = count - 1;
        int k = extra - 1;
        int out = count + extra - 1;
        while (k >= 0) {
            if (i >= 0 && sl[i] < addSlope[k]) {
                sl[out] = sl[i];
                wi[out] = wi[i];
                ow[out--] = ow[i--];
            } else {
                sl[out] = addSlope[k];
                wi[out] = ownWidth[n][k--];
                ow[out--] = n;
            }
        }
        segments[j] = count + extra;
    }

    private void remove(int n) {
        int j = node[n];
        int last = members[j][--memberCount[j]];
        members[j][place[n]] = last;
        place[last] = place[n];
        usedB[j] -= model.need[n][j];
        minLoad[j] -= model.load[n][0];
        baseValue[j] -= model.value[n][0] - model.penalty(n, j);
        double[] sl = slope[j];
        double[] wi = width[j];
        int[] ow = owner[j];
        int out = 0;
        for (int i = 0; i < segments[j]; i++) {
            if (ow[i] != n) {
                sl[out] = sl[i];
                wi[out] = wi[i];
                ow[out++] = ow[i];
            }
        }
        segments[j] = out;
    }
}

package org.qexit.allocation.method;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.search.Placement;
import org.qexit.allocation.search.Primal;

/**
 * Hill climbing over assignments for logarithmic utilities of continuous shares,
 *
 * <pre>  V_j(S) = max Σ_{n∈S} ρ_n ln(x_n / most_n)   s.t.   Σ x_n ≤ W_j,   least_n ≤ x_n ≤ most_n,</pre>
 *
 * whose solution is x_n = clamp(ρ_n t) at one water level t per node: a set is valued in O(|S|) with one logarithm. Moves shift one
 * device or swap two, as long as bandwidth allows; then whole steps are dealt out at the level reached.
 */
final class Balancing {
    private static final int LEVEL_STEPS = 60;
    /** Values are sums of some hundreds of terms of order 1. */
    private static final double SIDEWAYS = 1e-12;

    private final JointModel model;
    private final double[] weight;
    /** Smallest and largest load of each device. */
    private final double[] least;

    private final double[] most;
    /** ρ ln(least/most), and ρ ln(ρ/most): the value at water level t is the latter + ρ ln t. */
    private final double[] leastValue;

    private final double[] levelValue;

    private final Placement devices;
    /** The arrays of {@link #devices}. */
    private final int[] node;

    private final int[][] members;
    private final int[] count;
    private final double[] usedB;
    private final double[] value;
    private final double[] level;
    private int[] trial = new int[16];
    private double levelOut;

    /** {@code model}'s values must be ρ_n ln(load/most load) with ρ_n = {@code weight[n]}. */
    Balancing(JointModel model, double[] weight) {
        this.model = model;
        this.weight = weight;
        int n = model.devices;
        least = new double[n];
        most = new double[n];
        leastValue = new double[n];
        levelValue = new double[n];
        for (int d = 0; d < n; d++) {
            least[d] = model.load[d][0];
            most[d] = model.load[d][model.load[d].length - 1];
            leastValue[d] = model.value[d][0];
            levelValue[d] = weight[d] * Math.log(weight[d] / most[d]);
        }
        devices = new Placement(model);
        node = devices.node;
        members = devices.members;
        count = devices.count;
        usedB = devices.usedB;
        value = new double[model.nodes];
        level = new double[model.nodes];
    }

    /**
     * Climbs from {@code start} until its value in whole steps could reach {@code enough}, or for {@code proposals} moves.
     *
     * @return null if bandwidth or smallest loads do not fit
     */
    Assignment run(int[] start, long proposals, double enough, SplittableRandom random, Deadline deadline) {
        if (!load(start)) {
            return null;
        }
        double total;
        Assignment best = null;
        // Checked at doubling numbers of moves: dealing out whole steps costs as much as some hundreds of moves.
        long check = 0;
        for (long i = 0; i <= proposals; i++) {
            if (i == check || i == proposals) {
                total = Arrays.stream(value).sum();
                if (total >= enough || i == proposals) {
                    best = Primal.best(best, whole());
                    if (best != null && best.value() >= enough) {
                        return best;
                    }
                }
                if (deadline.passed()) {
                    return Primal.best(best, whole());
                }
                check = Math.max(2L * model.devices, 2 * check);
            }
            propose(random);
        }
        return best;
    }

    /** Divides each node's compute for a given assignment; null if it does not fit. */
    Assignment divide(int[] assignment) {
        return load(assignment) ? whole() : null;
    }

    private boolean load(int[] start) {
        devices.set(start);
        for (int j = 0; j < model.nodes; j++) {
            level[j] = 1;
            value[j] = value(members[j], count[j], j);
            level[j] = levelOut;
            // Needs are +∞ where a pair cannot work.
            if (usedB[j] > model.bandwidth[j] || value[j] == Double.NEGATIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    private void propose(SplittableRandom random) {
        int a = random.nextInt(model.devices);
        int[] options = model.allowed[a];
        int from = node[a];
        int to = options[random.nextInt(options.length)];
        if (to == from) {
            return;
        }
        int b = -1;
        if (count[to] > 0 && (random.nextInt() & 1) == 0) {
            b = members[to][random.nextInt(count[to])];
            if (!model.canServe(b, from)
                    || usedB[from] - model.need[a][from] + model.need[b][from] > model.bandwidth[from]) {
                return;
            }
        }
        if (usedB[to] - (b < 0 ? 0 : model.need[b][to]) + model.need[a][to] > model.bandwidth[to]) {
            return;
        }
        double newFrom = with(from, a, b);
        double levelFrom = levelOut;
        double newTo = with(to, b, a);
        double levelTo = levelOut;
        double gain = newFrom + newTo - value[from] - value[to];
        // Sideways moves cross the plateaus between improvements: a device may have to make room for another first.
        if (!(gain >= -SIDEWAYS)) {
            return;
        }
        devices.move(a, b, to);
        value[from] = newFrom;
        value[to] = newTo;
        level[from] = levelFrom;
        level[to] = levelTo;
    }

    private double with(int j, int skip, int add) {
        if (trial.length < count[j] + 1) {
            trial = new int[2 * (count[j] + 1)];
        }
        int size = 0;
        for (int i = 0; i < count[j]; i++) {
            if (members[j][i] != skip) {
                trial[size++] = members[j][i];
            }
        }
        if (add >= 0) {
            trial[size++] = add;
        }
        return value(trial, size, j);
    }

    /** V_j of the first {@code size} devices of {@code set}; leaves the water level in levelOut. */
    private double value(int[] set, int size, int j) {
        double capacity = model.compute[j];
        double floor = 0;
        double ceiling = 0;
        for (int i = 0; i < size; i++) {
            floor += least[set[i]];
            ceiling += most[set[i]];
        }
        levelOut = Double.POSITIVE_INFINITY;
        if (ceiling <= capacity) {
            return 0;
        }
        if (floor > capacity) {
            return Double.NEGATIVE_INFINITY;
        }
        // Newton on the piecewise linear load(t), kept within a bracket.
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double t = Double.isFinite(level[j]) && level[j] > 0 ? level[j] : 1;
        for (int k = 0; k < LEVEL_STEPS; k++) {
            double load = 0;
            double slope = 0;
            for (int i = 0; i < size; i++) {
                int n = set[i];
                double x = weight[n] * t;
                if (x >= most[n]) {
                    load += most[n];
                } else if (x <= least[n]) {
                    load += least[n];
                } else {
                    load += x;
                    slope += weight[n];
                }
            }
            double excess = load - capacity;
            if (Math.abs(excess) <= 1e-12 * capacity) {
                break;
            }
            if (excess > 0) {
                high = t;
            } else {
                low = t;
            }
            double next = slope > 0 ? t - excess / slope : Double.NaN;
            if (!(next > low && next < high)) {
                next = high == Double.POSITIVE_INFINITY ? 2 * t : (low + high) / 2;
            }
            if (next == t) {
                break;
            }
            t = next;
        }
        levelOut = t;
        double sum = 0;
        double open = 0;
        for (int i = 0; i < size; i++) {
            int n = set[i];
            double x = weight[n] * t;
            if (x <= least[n]) {
                sum += leastValue[n];
            } else if (x < most[n]) {
                sum += levelValue[n];
                open += weight[n];
            }
        }
        return open > 0 ? sum + open * Math.log(t) : sum;
    }

    /** Whole steps: those at the water level's price, then the best increments that fit; null where the smallest do not fit. */
    private Assignment whole() {
        int[] step = new int[model.devices];
        double total = 0;
        for (int j = 0; j < model.nodes; j++) {
            double left = deal(j, step);
            if (left < 0) {
                return null;
            }
            fill(j, step, left);
            for (int i = 0; i < count[j]; i++) {
                total += model.value[members[j][i]][step[members[j][i]]];
            }
        }
        return new Assignment(node.clone(), step, total);
    }

    /** Steps at the lowest price near the water level's whose loads fit; returns what is left. */
    private double deal(int j, int[] step) {
        double price = level[j] == Double.POSITIVE_INFINITY ? 0 : 1 / level[j];
        for (int k = 0; k < LEVEL_STEPS; k++) {
            double left = model.compute[j];
            for (int i = 0; i < count[j]; i++) {
                int n = members[j][i];
                step[n] = model.bestStep(n, price);
                left -= model.load[n][step[n]];
            }
            if (left >= 0) {
                return left;
            }
            price = price * 1.02 + 1e-12;
        }
        double left = model.compute[j];
        for (int i = 0; i < count[j]; i++) {
            step[members[j][i]] = 0;
            left -= model.load[members[j][i]][0];
        }
        return left;
    }

    private void fill(int j, int[] step, double spare) {
        double left = spare;
        while (true) {
            int chosen = -1;
            double best = 0;
            for (int i = 0; i < count[j]; i++) {
                int n = members[j][i];
                int s = step[n];
                if (s + 1 < model.load[n].length) {
                    double width = model.load[n][s + 1] - model.load[n][s];
                    double slope = (model.value[n][s + 1] - model.value[n][s]) / width;
                    if (width <= left && slope > best) {
                        best = slope;
                        chosen = n;
                    }
                }
            }
            if (chosen < 0) {
                return;
            }
            left -= model.load[chosen][step[chosen] + 1] - model.load[chosen][step[chosen]];
            step[chosen]++;
        }
    }
}

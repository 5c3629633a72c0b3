package org.qexit.allocation.benders;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.benders.BendersMaster.Cut;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/**
 * What the resource problem of node j says about assignments. With V_j(S) the best value of the devices S at j:
 *
 * <pre>
 *  optimality (dual of compute)   θ_j ≤ β W_j + Σ_n g_n(β) x_nj,    g_n(β) = max_s (value_n[s] − β load_n[s]) ≤ 0,  any β ≥ 0
 *  optimality (whole set S)       θ_j ≤ V_j(S) + Σ_{n∈S} r_n (1 − x_nj)
 *  feasibility (rays)             Σ_n need_nj x_nj ≤ B_j,    Σ_n least load_n x_nj ≤ W_j
 *  feasibility (cover C)          Σ_{n∈C} x_nj ≤ |C| − 1    for sets C that do not fit
 * </pre>
 *
 * The first is the generalised Benders cut; it knows the concave envelope of V_j only. The second makes the master exact at S and
 * all larger sets. It is valid for every T: values are ≤ 0, so V(T) ≤ V(S ∩ T); with d = β W + Σ_S g − V(S) and
 * r_n = max(−g_n + d/2, V(S∖n) − V(S)), one missing device is covered by the second term, two or more by the first, as
 * V(S ∩ T) ≤ β W + Σ_{S∩T} g.
 */
public final class BendersCuts {
    private static final int BISECTIONS = 60;

    private final JointModel model;
    private final BendersMaster master;
    private final NodeKnapsack knapsack;

    BendersCuts(JointModel model, BendersMaster master, NodeKnapsack knapsack) {
        this.model = model;
        this.master = master;
        this.knapsack = knapsack;
    }

    /** The dual cut of node j at price β. */
    Cut dual(int j, double beta) {
        List<Integer> own = pairsAt(j);
        int[] pairs = new int[own.size()];
        double[] factors = new double[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = own.get(i);
            factors[i] = -gain(master.device[pairs[i]], beta);
        }
        return new Cut(j, pairs, factors, beta * model.compute[j]);
    }

    private List<Integer> pairsAt(int j) {
        List<Integer> own = new ArrayList<>();
        for (int p = 0; p < master.pairs; p++) {
            if (master.node[p] == j) {
                own.add(p);
            }
        }
        return own;
    }

    private double gain(int n, double beta) {
        int s = model.bestStep(n, beta);
        return model.value[n][s] - beta * model.load[n][s];
    }

    /** The β whose dual cut is the sharpest at x: where the load that the price suggests meets the capacity. */
    double sharpestPrice(int j, double[] x) {
        if (load(j, x, 0) <= model.compute[j]) {
            return 0;
        }
        double low = 0;
        double high = 1e-6;
        while (load(j, x, high) > model.compute[j] && high < 1e12) {
            low = high;
            high *= 4;
        }
        for (int i = 0; i < BISECTIONS && high - low > 1e-13 * high; i++) {
            double middle = (low + high) / 2;
            if (load(j, x, middle) > model.compute[j]) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double load(int j, double[] x, double beta) {
        double sum = 0;
        for (int p = 0; p < master.pairs; p++) {
            if (master.node[p] == j && x[p] > 0) {
                int n = master.device[p];
                sum += x[p] * model.load[n][model.bestStep(n, beta)];
            }
        }
        return sum;
    }

    /** The rays of node j's resource problem that x breaks, and a cover that it breaks. */
    List<Cut> feasibility(int j, double[] x) {
        List<Cut> broken = new ArrayList<>();
        List<Integer> own = pairsAt(j);
        for (int resource = 0; resource < 2; resource++) {
            int[] pairs = new int[own.size()];
            double[] use = new double[pairs.length];
            double total = 0;
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = own.get(i);
                int n = master.device[pairs[i]];
                use[i] = resource == 0
                        ? model.need[n][j] / positive(model.bandwidth[j])
                        : model.load[n][0] / positive(model.compute[j]);
                total += use[i] * x[pairs[i]];
            }
            if (total > 1 + 1e-7) {
                broken.add(new Cut(-1, pairs, use, 1));
            }
            Cut cover = cover(pairs, use, x);
            if (cover != null) {
                broken.add(cover);
            }
        }
        return broken;
    }

    private static double positive(double capacity) {
        return capacity > 0 ? capacity : 1;
    }

    /** Greedy cover: the pairs that cost least to complete, Σ (1 − x) &lt; 1, yet use more than 1; then made minimal and extended. */
    private static Cut cover(int[] pairs, double[] use, double[] x) {
        Integer[] order = new Integer[pairs.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Arrays.sort(
                order,
                (a, b) -> Double.compare((1 - x[pairs[a]]) / (use[a] + 1e-12), (1 - x[pairs[b]]) / (use[b] + 1e-12)));
        List<Integer> set = new ArrayList<>();
        double total = 0;
        double missing = 0;
        for (int i : order) {
            set.add(i);
            total += use[i];
            missing += 1 - x[pairs[i]];
            if (total > 1 + 1e-9) {
                break;
            }
        }
        if (total <= 1 + 1e-9 || missing > 1.5) {
            return null;
        }
        // Leaving out the least complete first keeps the cut sharp.
        set.sort((a, b) -> Double.compare(x[pairs[a]], x[pairs[b]]));
        double largest = 0;
        for (int k = 0; k < set.size(); ) {
            if (total - use[set.get(k)] > 1 + 1e-9) {
                total -= use[set.get(k)];
                set.remove(k);
            } else {
                largest = Math.max(largest, use[set.get(k)]);
                k++;
            }
        }
        int limit = set.size() - 1;
        // Extension: pairs that use at least as much as any in the cover count as well.
        for (int i = 0; i < pairs.length; i++) {
            if (use[i] >= largest && !set.contains(i)) {
                set.add(i);
            }
        }
        double sum = 0;
        int[] chosen = new int[set.size()];
        for (int k = 0; k < chosen.length; k++) {
            chosen[k] = pairs[set.get(k)];
            sum += x[chosen[k]];
        }
        double[] ones = new double[chosen.length];
        Arrays.fill(ones, 1);
        return sum > limit + 1e-6 ? new Cut(-1, chosen, ones, limit) : null;
    }

    /** Whole sets: the exact value's cut, or that the set does not fit. */
    Cut set(int j, int[] members) {
        int[] pairs = new int[members.length];
        double[] factors = new double[members.length];
        double[] x = new double[master.pairs];
        for (int i = 0; i < members.length; i++) {
            pairs[i] = master.pair(members[i], j);
            x[pairs[i]] = 1;
        }
        double whole = most(j, members, -1);
        if (whole == Double.NEGATIVE_INFINITY) {
            Arrays.fill(factors, 1);
            return new Cut(-1, pairs, factors, members.length - 1);
        }
        double beta = sharpestPrice(j, x);
        double dual = beta * model.compute[j];
        for (int n : members) {
            dual += gain(n, beta);
        }
        double gap = Math.max(0, dual - whole);
        double limit = whole;
        for (int i = 0; i < members.length; i++) {
            double r = Math.max(-gain(members[i], beta) + gap / 2, most(j, members, i) - whole);
            factors[i] = r;
            limit += r;
        }
        return new Cut(j, pairs, factors, limit);
    }

    /** An upper limit on V_j of the set without the member at {@code skip}, nearly always V_j itself; −∞ if it does not fit. */
    private double most(int j, int[] members, int skip) {
        knapsack.begin(j);
        int size = 0;
        for (int i = 0; i < members.length; i++) {
            if (i != skip) {
                knapsack.add(members[i], model.need[members[i]][j], 0, true);
                size++;
            }
        }
        if (size == 0) {
            return 0;
        }
        return knapsack.solve(Double.NEGATIVE_INFINITY) ? knapsack.bound() : Double.NEGATIVE_INFINITY;
    }
}

package org.qexit.allocation.energy;

import java.util.ArrayList;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.search.Branch;
import org.qexit.allocation.search.Column;

/**
 * Node pricing under power budgets without an energy weight. A set fits node j if and only if Σ min_b (b + x π(b)) ≤ B + x P at every
 * exchange rate x ≥ 0 (convex duality). At one rate that is a knapsack over bandwidth and compute, whose answer bounds the node's; where the
 * best set of one rate breaks the budgets the rate of that set is tried next.
 */
final class ExchangePricing extends NodeSets {
    private static final int RATES = 4;

    private final ThreadLocal<NodeKnapsack> knapsacks;
    /** {@code [node]}: the rate of the last bound. */
    private final double[] rate;

    ExchangePricing(EnergyModel energy, JointModel relaxed, NodeEnergy nodes, double[] startRates, Deadline deadline) {
        super(energy, relaxed, nodes);
        this.rate = startRates.clone();
        this.knapsacks = ThreadLocal.withInitial(() -> new NodeKnapsack(relaxed, LABELS).within(deadline));
    }

    @Override
    protected List<Column> price(int j, double[] y, Branch branch, int limit) {
        double floor = known(j, y, branch);
        double least = Double.POSITIVE_INFINITY;
        double best = floor;
        double next = rate[j];
        List<Column> sets = new ArrayList<>();
        for (int attempt = 0; attempt < RATES; attempt++) {
            double x = next;
            NodeKnapsack knapsack = knapsacks.get();
            knapsack.begin(j);
            double unit = model.bandwidth[j] / capacity(j, x);
            for (int n : branch.candidates(j)) {
                if (y[n] > 0) {
                    double need = EnergyModel.exact(energy.curves[n][energy.linkTo[n][j]], 1, x) * unit;
                    knapsack.add(n, need, y[n], false);
                }
            }
            boolean found = knapsack.solve(worthwhile(best), limit);
            double bound = Math.max(best, knapsack.bound());
            if (bound < least) {
                least = bound;
                rate[j] = x;
            }
            if (!found) {
                break;
            }
            List<NodeKnapsack.Choice> choices = knapsack.choices();
            int[] top = choices.get(choices.size() - 1).devices().clone();
            java.util.Arrays.sort(top);
            Column column = fitting(j, top, y);
            if (column != null && column.profit(y) > worthwhile(best)) {
                sets.add(column);
                best = column.profit(y);
                bestColumn[j] = column;
            }
            if (column != null && column.devices().length == top.length) {
                break;
            }
            next = rate(j, top);
            if (Math.abs(next - x) <= 1e-6 * x) {
                break;
            }
        }
        nodeBound[j] = Math.max(best, least);
        return sets;
    }

    private double capacity(int j, double x) {
        return x > 0 ? energy.bandwidth[j] + x * energy.power[j] : energy.bandwidth[j];
    }

    @Override
    protected Certificate.NodePrices parameters() {
        return new Certificate.NodePrices(null, null, null, rate.clone(), null);
    }
}

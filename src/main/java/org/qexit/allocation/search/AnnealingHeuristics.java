package org.qexit.allocation.search;

import org.qexit.allocation.SearchPart;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/** Exact division of compute, and the annealings of {@link Primal}. */
final class AnnealingHeuristics implements Heuristics {
    private final Search search;
    private final JointModel model;
    private final CapacityPrices prices;
    private final NodeKnapsack knapsack;
    private final double scale;
    private int roundings;

    AnnealingHeuristics(Search search, CapacityPrices prices) {
        this.search = search;
        this.model = search.model();
        this.prices = prices;
        this.knapsack = new NodeKnapsack(model, NodePricing.LABELS).within(search.deadline());
        this.scale = Math.max(1e-6, Math.abs(prices.bound) / model.devices);
    }

    @Override
    public Assignment round(int[] node) {
        Assignment plain = Assignment.divide(model, node, knapsack);
        return model.devices >= ExactSearch.LARGE && search.options().uses(SearchPart.REPAIR)
                ? Primal.best(plain, Primal.repair(search, prices, node, "round/" + roundings++))
                : plain;
    }

    @Override
    public Assignment dive(int[] node, int dive, double bound) {
        Assignment found = Assignment.divide(model, node, knapsack);
        if (found == null) {
            found = Primal.repair(search, prices, node, "dive/repair/" + dive);
        }
        return found == null
                ? null
                : Primal.best(
                        found,
                        Primal.polish(search, found.node(), Primal.WARM * scale, bound, search.stream("dive/" + dive)));
    }
}

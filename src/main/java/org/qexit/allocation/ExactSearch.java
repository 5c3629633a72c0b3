package org.qexit.allocation;

import java.util.List;

/** Bounds and incumbents for {@link JointModel}, in growing effort, until the gap asked for. */
final class ExactSearch {
    private ExactSearch() {}

    /** The outcome's bound carries the model's offset; the assignment's value does not. */
    static Outcome run(JointModel model, SolveOptions options, Deadline deadline) {
        for (int[] allowed : model.allowed) {
            if (allowed.length == 0) {
                return Outcome.infeasible(List.of("a device fits nowhere"));
            }
        }
        CapacityPrices prices = new CapacityPrices(model).run(2000, Double.NEGATIVE_INFINITY, deadline);
        int[] start = Primal.start(model, prices);
        long moves = (long) (options.effort() * Math.min(4_000_000, 5000L * model.devices));
        Assignment best = Primal.anneal(model, prices, start, moves, 4, "anneal", options, deadline);
        BranchAndPrice tree = new BranchAndPrice(model, options, deadline, best, prices.bound);
        double[] y = new double[model.devices];
        for (int n = 0; n < y.length; n++) {
            y[n] = Math.max(0, -prices.gain(n, prices.preferredNode(n)));
        }
        tree.run(y);
        boolean infeasible = tree.incumbent() == null && tree.bound() == Double.NEGATIVE_INFINITY;
        return new Outcome(
                tree.incumbent(),
                tree.bound() + model.offset,
                infeasible,
                infeasible ? List.of("the devices do not fit into the nodes' capacities together") : null,
                prices,
                tree.rootPrices(),
                tree.closed());
    }
}

package org.qexit.allocation;

import java.util.List;

/** Bounds and incumbents for {@link JointModel}, in growing effort, until the gap asked for. */
final class ExactSearch {
    private ExactSearch() {}

    /** The outcome's bound carries the model's offset; the assignment's value does not. */
    static Outcome run(JointModel model, SolveOptions options, Deadline deadline) {
        CapacityPrices prices = new CapacityPrices(model).run(2000, Double.NEGATIVE_INFINITY, deadline);
        int[] start = Primal.start(model, prices);
        long moves = (long) (options.effort() * Math.max(200_000, 4000L * model.devices));
        Assignment best = Primal.anneal(model, prices, start, moves, 4, "anneal", options, deadline);
        return new Outcome(best, prices.bound + model.offset, false, List.of(), prices, null, 0);
    }
}

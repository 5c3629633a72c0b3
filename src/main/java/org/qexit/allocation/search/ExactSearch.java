package org.qexit.allocation.search;

import java.util.List;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/** Bounds and incumbents for {@link JointModel}, in growing effort, until the gap asked for. */
public final class ExactSearch {
    /** Larger masters have a basis inverse that costs more than it brings; there the capacity prices are sharp. */
    private static final int MAX_ROWS = 800;

    /** From here on a good plan saves the tree more time than it costs. */
    private static final int LARGE = 60;

    /** The share of annealing that a smaller fleet gets before the tree; the rest follows only if the root stays open. */
    private static final double SHORT = 0.05;

    private ExactSearch() {}

    /** The outcome's bound carries the model's offset; the assignment's value does not. */
    public static Outcome run(JointModel model, SolveOptions options, Deadline deadline) {
        return run(model, options, deadline, null);
    }

    /** Begins with the assignment {@code warm} of devices to nodes, if it is not null and fits. */
    public static Outcome run(JointModel model, SolveOptions options, Deadline deadline, int[] warm) {
        for (int[] allowed : model.allowed) {
            if (allowed.length == 0) {
                return new Outcome.Infeasible(List.of("a device fits nowhere"));
            }
        }
        CapacityPrices prices = new CapacityPrices(model).run(2000, Double.NEGATIVE_INFINITY, deadline);
        int[] start = Primal.start(model, prices);
        long moves =
                (long) (options.effort() * Math.max(Math.min(4_000_000, 3000L * model.devices), 600L * model.devices));
        boolean large = model.devices >= LARGE;
        Assignment best = null;
        if (!large) {
            SolveOptions brief = options.withEffort(SHORT * options.effort());
            best = Primal.anneal(model, prices, start, (long) (SHORT * moves), 2, "short", brief, deadline);
            note(model, options, deadline, "short annealing", best, prices.bound);
        }
        boolean shortened = best != null;
        if (!shortened) {
            best = Primal.anneal(model, prices, start, moves, 2, "anneal", options, deadline);
        }
        if (warm != null && Assignment.divide(model, warm, new NodeKnapsack(model, 20_000)) != null) {
            best = Primal.best(Primal.polishHarder(model, warm, prices, 1, options, deadline.part(0.2)), best);
        }
        if (!shortened) {
            note(model, options, deadline, "annealing", best, prices.bound);
        }
        BranchAndPrice tree = new BranchAndPrice(model, options, deadline, best, prices);
        if (best == null || !tree.closed(prices.bound)) {
            // Where packing is hard, longer runs find what short ones miss; where it is easy they cost little.
            Deadline part = deadline.part(best == null ? 0.5 : 0.3);
            for (int round = 1; best == null && round <= 3 && !part.passed(); round++) {
                best = Primal.anneal(model, prices, start, moves << 2 * round - 1, 2, "anneal" + round, options, part);
                note(model, options, deadline, "annealing", best, prices.bound);
            }
            if (best != null && large) {
                best = Primal.best(best, Primal.polishHarder(model, best.node(), prices, 4, options, part));
                note(model, options, deadline, "polishing", best, prices.bound);
            }
            tree.improve(best);
        }
        if (!tree.closed(prices.bound) && model.devices + model.nodes <= MAX_ROWS) {
            CapacityPrices second =
                    new CapacityPrices(model, false).run(2000, Double.NEGATIVE_INFINITY, deadline.part(0.1));
            if (shortened) {
                tree.beforeBranching(() -> {
                    Assignment found =
                            Primal.anneal(model, prices, start, moves, 2, "anneal", options, deadline.part(0.5));
                    note(model, options, deadline, "annealing", found, prices.bound);
                    return found;
                });
            }
            tree.run(prices.devicePrices(), second.devicePrices());
        }
        if (tree.incumbent() != null) {
            return new Outcome.Found(
                    tree.incumbent(), tree.bound() + model.offset, prices, tree.proof(), tree.closed(), null);
        }
        return tree.bound() == Double.NEGATIVE_INFINITY
                ? new Outcome.Infeasible(List.of("the devices do not fit into the nodes' capacities together"))
                : Outcome.GaveUp.atLimits(tree.bound() + model.offset, prices);
    }

    private static void note(
            JointModel model, SolveOptions options, Deadline deadline, String phase, Assignment best, double bound) {
        options.listener()
                .accept(new SolveOptions.ProgressNote(
                        deadline.secondsUsed(),
                        phase,
                        best == null ? Double.NEGATIVE_INFINITY : best.value() + model.offset,
                        bound + model.offset));
    }
}

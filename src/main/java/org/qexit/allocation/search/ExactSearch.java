package org.qexit.allocation.search;

import java.util.List;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/** Bounds and incumbents for {@link JointModel}, in growing effort, until the gap asked for. */
public final class ExactSearch {
    /** Larger masters have a basis inverse that costs more than it brings; there the capacity prices are sharp. */
    public static final int MAX_ROWS = 800;

    /** From here on a good plan saves the tree more time than it costs. */
    static final int LARGE = 60;

    /** The share of annealing that a smaller fleet gets before the tree; the rest follows only if the root stays open. */
    private static final double SHORT = 0.05;

    /** Moves of one annealing run per device; less where there are thousands of devices. */
    private static final long MOVES_PER_DEVICE = 3000;

    private static final long MOST_MOVES = 4_000_000;
    private static final long LEAST_MOVES_PER_DEVICE = 600;
    /** Longer and longer runs, where no assignment that fits was found; where packing is hard they find what short ones miss. */
    private static final int LONGER_ROUNDS = 3;
    /** Runs of polishing of a large fleet's plan: on a hundred devices with slack the plan, not the bound, was what the gap was made of. */
    private static final int POLISH_RUNS = 4;

    private ExactSearch() {}

    /** The outcome's bound carries the model's offset; the assignment's value does not. */
    public static Outcome run(Search search) {
        return run(search, null);
    }

    /** Begins with the assignment {@code warm} of devices to nodes, if it is not null and fits. */
    public static Outcome run(Search search, int[] warm) {
        JointModel model = search.model();
        for (int[] allowed : model.allowed) {
            if (allowed.length == 0) {
                return new Outcome.Infeasible(List.of("a device fits nowhere"));
            }
        }
        CapacityPrices prices = new CapacityPrices(model).converge(search.deadline());
        int[] start = Primal.start(model, prices);
        long moves = (long) (search.options().effort()
                * Math.max(
                        Math.min(MOST_MOVES, MOVES_PER_DEVICE * model.devices),
                        LEAST_MOVES_PER_DEVICE * model.devices));
        boolean large = model.devices >= LARGE;
        Assignment best = null;
        if (!large) {
            best = Primal.anneal(search.withEffort(SHORT), prices, start, (long) (SHORT * moves), "short");
            search.note("short annealing", best, prices.bound);
        }
        boolean shortened = best != null;
        if (!shortened) {
            best = Primal.anneal(search, prices, start, moves, "anneal");
        }
        if (warm != null && Assignment.divide(model, warm, new NodeKnapsack(model)) != null) {
            best = Primal.best(Primal.polishHarder(search.within(0.2), warm, prices, 1), best);
        }
        if (!shortened) {
            search.note("annealing", best, prices.bound);
        }
        boolean priced = model.devices + model.nodes <= MAX_ROWS;
        BranchAndPrice tree = BranchAndPrice.of(search, best, prices);
        if (best == null || !tree.closed(prices.bound)) {
            Search part = search.within(best == null ? 0.5 : 0.3);
            best = tree.incumbent();
            for (int round = 1;
                    best == null && round <= LONGER_ROUNDS && !part.deadline().passed();
                    round++) {
                best = Primal.anneal(part, prices, start, moves << 2 * round - 1, "anneal" + round);
                search.note("annealing", best, prices.bound);
            }
            if (best != null && large && !priced && !part.deadline().passed()) {
                best = Primal.best(best, Primal.polishHarder(part, best.node(), prices, POLISH_RUNS));
                search.note("polishing", best, prices.bound);
            }
            tree.improve(best);
        }
        if (!tree.closed(prices.bound) && priced && !search.deadline().passed()) {
            CapacityPrices second =
                    new CapacityPrices(model, false).converge(search.within(0.1).deadline());
            if (shortened) {
                tree.beforeBranching(() -> {
                    Assignment found = Primal.anneal(search.within(0.5), prices, start, moves, "anneal");
                    search.note("annealing", found, prices.bound);
                    return found;
                });
            } else {
                tree.beforeBranching(() -> polished(search.within(0.3), tree.incumbent(), prices));
            }
            tree.run(prices.devicePrices(), second.devicePrices());
        }
        return outcome(model, tree, prices);
    }

    /**
     * Proves again, by capacity prices or a tree of device prices, which can be recomputed from the raw data, what another method's argument
     * proved.
     *
     * @param found with a finite bound and the capacity prices of the same model
     * @return with a proof; {@code found} as it is where the time does not suffice for one
     */
    public static Outcome.Found proved(Search search, Outcome.Found found) {
        JointModel model = search.model();
        CapacityPrices prices = found.prices();
        double claim = found.bound() - model.offset;
        if (found.proof() != null
                || prices.bound <= claim
                || model.devices + model.nodes > MAX_ROWS
                || search.deadline().passed()) {
            return found;
        }
        double value = found.assignment().value();
        double gap = Math.max(0, claim - value) / Math.max(Double.MIN_NORMAL, Math.abs(value + model.offset));
        SolveOptions enough = search.options().withGap(Math.max(search.options().gap(), gap));
        BranchAndPrice tree =
                BranchAndPrice.of(new Search(model, enough, search.deadline()), found.assignment(), prices);
        tree.run(prices.devicePrices());
        double proven = Math.min(prices.bound, tree.proof().provenBound());
        return proven <= claim + SolveOptions.PROVEN * Math.abs(found.bound())
                ? new Outcome.Found(
                        found.assignment(),
                        Math.max(value, proven) + model.offset,
                        prices,
                        tree.proof(),
                        found.searchNodes(),
                        found.penalised())
                : found;
    }

    /** Many polishings of a large fleet's plan, or null where there is none yet. */
    private static Assignment polished(Search search, Assignment best, CapacityPrices prices) {
        if (best == null) {
            return null;
        }
        Assignment found = Primal.polishHarder(search, best.node(), prices, POLISH_RUNS);
        search.note("polishing", found, prices.bound);
        return found;
    }

    private static Outcome outcome(JointModel model, BranchAndPrice tree, CapacityPrices prices) {
        if (tree.incumbent() != null) {
            return new Outcome.Found(
                    tree.incumbent(), tree.bound() + model.offset, prices, tree.proof(), tree.closed(), null);
        }
        return tree.bound() == Double.NEGATIVE_INFINITY
                ? new Outcome.Infeasible(List.of("the devices do not fit into the nodes' capacities together"))
                : Outcome.GaveUp.atLimits(tree.bound() + model.offset, prices);
    }
}

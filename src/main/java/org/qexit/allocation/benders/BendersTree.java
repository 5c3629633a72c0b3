package org.qexit.allocation.benders;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Primal;
import org.qexit.allocation.search.Search;

/**
 * One search tree over the pairs, best bound first, whose master grows by Benders cuts: at fractional points those of the dual
 * price and of feasibility, at whole ones the exact cuts of each node's set.
 */
public final class BendersTree {
    /** Subproblems at effort 1: so many that the deadline is what ends a search. */
    private static final double NODES = 1_000_000;

    private static final int ROUNDS_AT_ROOT = 60;
    private static final int ROUNDS_BELOW = 4;
    private static final double WHOLE = 1e-6;
    private static final double[] FIRST_PRICES = {0, 0.5, 0.8, 1, 1.25, 2};

    private final Search search;
    private final JointModel model;
    private final BendersMaster master;
    private final BendersCuts cuts;
    private final NodeKnapsack knapsack;
    private final Function<int[], Assignment> divide;
    private final boolean exact;
    private double unresolved = Double.NEGATIVE_INFINITY;
    private final Set<String> tried = new HashSet<>();
    private final long nodeLimit;
    private Assignment incumbent;
    private double bound;
    private long closed;

    private record Open(byte[] fixed, double bound, int depth) {}

    public BendersTree(Search search, CapacityPrices prices) {
        this(search, prices, null, null);
    }

    /**
     * @param start an incumbent, or null
     * @param divide makes nearly the best of an assignment, null if it does not fit: then whole points are not cut by exact values,
     *     and what divide leaves there stays in the gap; null for the exact division
     */
    public BendersTree(Search search, CapacityPrices prices, Assignment start, Function<int[], Assignment> divide) {
        this.search = search;
        this.model = search.model();
        this.bound = prices.bound;
        this.nodeLimit = (long) (search.options().effort() * NODES);
        knapsack = new NodeKnapsack(model);
        master = new BendersMaster(model);
        cuts = new BendersCuts(model, master, knapsack);
        for (int j = 0; j < model.nodes; j++) {
            for (double factor : FIRST_PRICES) {
                master.add(cuts.dual(j, factor * prices.beta[j]));
            }
        }
        this.exact = divide == null;
        this.divide = divide != null ? divide : node -> Assignment.divide(model, node, knapsack);
        incumbent = start;
        if (start == null) {
            improve(Primal.start(model, prices));
        }
    }

    /** Searches until nothing is open or a limit strikes. */
    public Outcome run(CapacityPrices prices) {
        PriorityQueue<Open> open = new PriorityQueue<>(
                (a, b) -> a.bound() != b.bound() ? Double.compare(b.bound(), a.bound()) : b.depth() - a.depth());
        open.add(new Open(new byte[master.pairs], bound, 0));
        while (!open.isEmpty()
                && open.peek().bound() > cutoff()
                && !search.deadline().passed()
                && closed < nodeLimit) {
            Open next = open.poll();
            bound = Math.min(bound, Math.max(next.bound(), incumbentValue()));
            if (!explore(next, open)) {
                open.add(next);
                break;
            }
            closed++;
            if (closed == 1 || closed % 50 == 0) {
                note(open.size());
            }
        }
        double left = Math.max(
                unresolved,
                open.isEmpty() ? Double.NEGATIVE_INFINITY : open.peek().bound());
        bound = Math.min(bound, Math.max(left, incumbentValue()));
        if (incumbent != null) {
            return new Outcome.Found(incumbent, bound + model.offset, prices, null, closed, null);
        }
        return open.isEmpty()
                ? new Outcome.Infeasible(List.of("the devices do not fit into the nodes' capacities together"))
                : Outcome.GaveUp.atLimits(bound + model.offset, prices);
    }

    private double incumbentValue() {
        return incumbent == null ? Double.NEGATIVE_INFINITY : incumbent.value();
    }

    private double cutoff() {
        if (incumbent == null) {
            return Double.NEGATIVE_INFINITY;
        }
        return search.cutoff(incumbent.value());
    }

    private void note(int open) {
        search.note("Benders, " + open + " open, " + master.cuts() + " cuts", incumbent, bound);
    }

    /** Cuts and bounds one subproblem and leaves its children in {@code open}; false if the deadline struck before. */
    private boolean explore(Open at, PriorityQueue<Open> open) {
        double best = at.bound();
        int rounds = at.depth() == 0 ? ROUNDS_AT_ROOT : ROUNDS_BELOW;
        for (int round = 0; ; round++) {
            if (search.deadline().passed()) {
                return false;
            }
            if (!master.solve(at.fixed())) {
                return true;
            }
            // Cuts that were dropped may weaken the relaxation: what was proved stays proved.
            best = Math.min(best, master.value());
            if (best <= cutoff()) {
                return true;
            }
            int branching = mostFractional();
            if (branching < 0) {
                if (exact ? cutWhole() : cutAlmost()) {
                    continue;
                }
                // With exact values, this assignment is thereby the best below here.
                unresolved = exact ? unresolved : Math.max(unresolved, best);
                return true;
            }
            round();
            if (best <= cutoff()) {
                return true;
            }
            if (round >= rounds || !cutFractional()) {
                open.add(new Open(child(at.fixed(), branching, true), best, at.depth() + 1));
                open.add(new Open(child(at.fixed(), branching, false), best, at.depth() + 1));
                return true;
            }
        }
    }

    private byte[] child(byte[] parent, int pair, boolean in) {
        byte[] fixed = parent.clone();
        fixed[pair] = (byte) (in ? 1 : -1);
        if (in) {
            for (int other : master.pairsOf[master.device[pair]]) {
                if (other != pair) {
                    fixed[other] = -1;
                }
            }
        }
        return fixed;
    }

    private int mostFractional() {
        int best = -1;
        double most = WHOLE;
        for (int p = 0; p < master.pairs; p++) {
            double part = Math.min(master.x[p], 1 - master.x[p]);
            if (part > most) {
                most = part;
                best = p;
            }
        }
        return best;
    }

    private int[] rounded() {
        int[] node = new int[model.devices];
        for (int n = 0; n < node.length; n++) {
            int best = master.pairsOf[n][0];
            for (int p : master.pairsOf[n]) {
                if (master.x[p] > master.x[best]) {
                    best = p;
                }
            }
            node[n] = master.node[best];
        }
        return node;
    }

    private void round() {
        int[] node = rounded();
        if (tried.size() < 100_000 && tried.add(Arrays.toString(node))) {
            improve(node);
        }
    }

    private void improve(int[] node) {
        incumbent = Primal.best(incumbent, divide.apply(node));
    }

    private boolean cutAlmost() {
        improve(rounded());
        return cutFractional();
    }

    private boolean cutFractional() {
        boolean any = false;
        double tolerance = 1e-5 * Math.max(1e-3, Math.abs(bound) / model.nodes);
        for (int j = 0; j < model.nodes; j++) {
            for (BendersMaster.Cut cut : cuts.feasibility(j, master.x)) {
                master.add(cut);
                any = true;
            }
            BendersMaster.Cut dual = cuts.dual(j, cuts.sharpestPrice(j, master.x));
            if (dual.violation(master.x, master.theta) > tolerance) {
                master.add(dual);
                any = true;
            }
        }
        return any;
    }

    /** At a whole point: cuts that it breaks; false if it breaks none, and then its value is exact. */
    private boolean cutWhole() {
        int[] node = rounded();
        improve(node);
        int[][] members = Assignment.members(model.nodes, node);
        boolean any = false;
        for (int j = 0; j < model.nodes; j++) {
            for (BendersMaster.Cut cut : cuts.feasibility(j, master.x)) {
                master.add(cut);
                any = true;
            }
            if (members[j].length == 0) {
                continue;
            }
            BendersMaster.Cut cut = cuts.set(j, members[j]);
            double tolerance = cut.node() < 0 ? 0.5 : 1e-9 * Math.max(1, Math.abs(bound));
            if (cut.violation(master.x, master.theta) > tolerance) {
                master.add(cut);
                any = true;
            }
        }
        return any;
    }
}

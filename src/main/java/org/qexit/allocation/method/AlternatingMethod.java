package org.qexit.allocation.method;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Primal;
import org.qexit.allocation.search.Search;
import org.qexit.common.RandomStreams;

/**
 * The paper's block-coordinate descent (Sect. 4.2): A thresholds for fixed budgets, B assignment for fixed loads, C resources for
 * a fixed assignment, from several starts. Taken literally it cannot move: with thresholds fixed, the objective does not depend on
 * assignment or resources, so B and C are indifferent and A has nothing new to use. So that it has something to do, C divides each
 * node's compute exactly together with the thresholds it admits, and B, among all assignments that fit the loads, looks for one
 * that lowers Σ λ_j · load, where λ_j is what one more unit of compute at node j would be worth. It stops where a round gains
 * nothing: a point that no block can improve alone, without a bound.
 */
final class AlternatingMethod implements Allocator {
    private static final int STARTS = 8;
    private static final int ROUNDS = 50;
    /** The prices only order the nodes of the first start. */
    private static final int PRICE_STEPS = 200;
    /** Per device, for a start where bandwidth is tight. */
    private static final long PACKING_MOVES = 3000;

    @Override
    public String name() {
        return "alternating";
    }

    @Override
    public String summary() {
        return "block-coordinate descent over thresholds, assignment and resources, several starts";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        NodeKnapsack knapsack = new NodeKnapsack(model);
        CapacityPrices prices = new CapacityPrices(model).run(PRICE_STEPS, deadline);
        Assignment best = null;
        for (int start = 0; start < STARTS && !deadline.passed(); start++) {
            SplittableRandom random = RandomStreams.of(options.seed()).stream("alternating/" + start);
            Assignment first = start == 0
                    ? Assignment.divide(model, Primal.start(model, prices), knapsack)
                    : RandomMethod.draw(model, random, knapsack);
            if (first != null) {
                best = Primal.best(best, descend(model, first, knapsack, random, deadline));
            }
        }
        if (best == null && !deadline.passed()) {
            // Where bandwidth is tight, only a search for a packing finds a start.
            Assignment packed = Primal.anneal(
                    new Search(model, options, deadline),
                    prices,
                    Primal.start(model, prices),
                    PACKING_MOVES * model.devices,
                    "alternating");
            SplittableRandom random = RandomStreams.of(options.seed()).stream("alternating/packed");
            best = packed == null ? null : descend(model, packed, knapsack, random, deadline);
        }
        return best == null
                ? Outcome.GaveUp.because(List.of("none of " + STARTS + " starts fits. Maybe try the method exact."))
                : Outcome.Found.unproven(best);
    }

    /** Rounds of B, then C with A, as long as they gain. */
    static Assignment descend(
            JointModel model, Assignment start, NodeKnapsack knapsack, SplittableRandom random, Deadline deadline) {
        Assignment at = start;
        for (int round = 0; round < ROUNDS && !deadline.passed(); round++) {
            int[] node = reassign(model, at, random);
            if (Arrays.equals(node, at.node())) {
                return at;
            }
            Assignment next = Assignment.divide(model, node, knapsack);
            if (next == null || next.value() <= at.value() + 1e-12) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Block B: shifts and swaps that fit the fixed loads and move load to nodes where compute is worth less. */
    private static int[] reassign(JointModel model, Assignment at, SplittableRandom random) {
        int[] node = at.node().clone();
        double[] freeB = model.bandwidth.clone();
        double[] freeW = model.compute.clone();
        double[] load = new double[model.devices];
        double[] worth = new double[model.nodes];
        for (int n = 0; n < model.devices; n++) {
            int s = at.step()[n];
            int j = node[n];
            load[n] = model.load[n][s];
            freeB[j] -= model.need[n][j];
            freeW[j] -= load[n];
            if (s + 1 < model.load[n].length) {
                double slope = (model.value[n][s + 1] - model.value[n][s]) / (model.load[n][s + 1] - load[n]);
                worth[j] = Math.max(worth[j], slope);
            }
        }
        int[] order = new int[model.devices];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        RandomStreams.shuffle(order, random);
        for (int a : order) {
            int from = node[a];
            int target = -1;
            int partner = -1;
            double most = 1e-12;
            for (int to : model.allowed[a]) {
                double gain = (worth[from] - worth[to]) * load[a];
                boolean fits = to != from && model.need[a][to] <= freeB[to] && load[a] <= freeW[to];
                if (fits && gain > most) {
                    most = gain;
                    target = to;
                    partner = -1;
                }
            }
            for (int b = 0; b < model.devices; b++) {
                int to = node[b];
                double gain = (worth[from] - worth[to]) * (load[a] - load[b]);
                if (gain > most
                        && model.canServe(a, to)
                        && model.canServe(b, from)
                        && model.need[a][to] - model.need[b][to] <= freeB[to]
                        && model.need[b][from] - model.need[a][from] <= freeB[from]
                        && load[a] - load[b] <= freeW[to]
                        && load[b] - load[a] <= freeW[from]) {
                    most = gain;
                    target = to;
                    partner = b;
                }
            }
            if (target >= 0) {
                freeB[from] += model.need[a][from];
                freeW[from] += load[a];
                if (partner >= 0) {
                    freeB[target] += model.need[partner][target];
                    freeW[target] += load[partner];
                    node[partner] = from;
                    freeB[from] -= model.need[partner][from];
                    freeW[from] -= load[partner];
                }
                node[a] = target;
                freeB[target] -= model.need[a][target];
                freeW[target] -= load[a];
            }
        }
        return node;
    }
}

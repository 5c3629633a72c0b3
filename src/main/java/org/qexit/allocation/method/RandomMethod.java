package org.qexit.allocation.method;

import java.util.List;
import java.util.SplittableRandom;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;
import org.qexit.common.RandomStreams;

/** Baseline: uniformly random nodes among those that can serve each device, drawn anew until all fit; compute divided exactly. */
final class RandomMethod implements Allocator {
    private static final int DRAWS = 10_000;

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String summary() {
        return "random nodes that fit";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        SplittableRandom random = RandomStreams.of(options.seed()).stream("random-method");
        NodeKnapsack knapsack = new NodeKnapsack(model);
        Assignment found = null;
        for (int draw = 0; draw < DRAWS && found == null && !deadline.passed(); draw++) {
            found = draw(model, random, knapsack);
        }
        return found == null
                ? Outcome.GaveUp.because(
                        List.of("none of " + DRAWS + " random draws fits. Maybe try the method exact."))
                : Outcome.Found.unproven(found);
    }

    /** Devices in random order, each to a random node with room; null if one finds none. */
    static Assignment draw(JointModel model, SplittableRandom random, NodeKnapsack knapsack) {
        int[] order = new int[model.devices];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        RandomStreams.shuffle(order, random);
        double[] freeB = model.bandwidth.clone();
        double[] freeW = model.compute.clone();
        int[] node = new int[model.devices];
        for (int n : order) {
            int options = 0;
            for (int j : model.allowed[n]) {
                // Reservoir sampling: the k-th option replaces the choice with probability 1/k.
                if (model.need[n][j] <= freeB[j] && model.load[n][0] <= freeW[j] && random.nextInt(++options) == 0) {
                    node[n] = j;
                }
            }
            if (options == 0) {
                return null;
            }
            freeB[node[n]] -= model.need[n][node[n]];
            freeW[node[n]] -= model.load[n][0];
        }
        return Assignment.divide(model, node, knapsack);
    }
}

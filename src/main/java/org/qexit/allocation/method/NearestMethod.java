package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;

/**
 * Baseline: each device goes to the node with the highest gain among those that its security level and deadline allow; every node
 * shares bandwidth and compute equally; thresholds are exact for the share. It may find no plan where one exists.
 */
final class NearestMethod implements Allocator {
    @Override
    public String name() {
        return "nearest";
    }

    @Override
    public String summary() {
        return "highest gain, equal shares";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        int[] node = new int[problem.devices()];
        for (int n = 0; n < node.length; n++) {
            node[n] = -1;
            for (int j = 0; j < problem.nodes(); j++) {
                if (problem.needHz(n, j) < Double.POSITIVE_INFINITY
                        && (node[n] < 0 || problem.gainPerNoise(n, j) > problem.gainPerNoise(n, node[n]))) {
                    node[n] = j;
                }
            }
        }
        return new EqualShares(problem, name(), true).outcome(node);
    }
}

package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;

/**
 * Baseline: every device plans alone. It supposes that each node is shared equally by the mean number of devices per node, and takes
 * the node where that share serves it best (largest U_n; then the smallest part of the bandwidth). Then those who meet at a node
 * get an equal share of its compute and the bandwidth that each needs, with exact thresholds for the share. It may find no plan where
 * one exists.
 */
final class SingleDeviceMethod implements Allocator {
    @Override
    public String name() {
        return "single-device";
    }

    @Override
    public String summary() {
        return "each device alone at its best node, equal shares of compute";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        int[] node = new int[problem.devices()];
        for (int n = 0; n < node.length; n++) {
            node[n] = bestAlone(problem, n);
        }
        return new EqualShares(problem, name(), false).outcome(node);
    }

    private static int bestAlone(PlanningProblem problem, int n) {
        double sharers = Math.max(1, (double) problem.devices() / problem.nodes());
        int best = -1;
        int bestStep = -2;
        double bestPart = Double.POSITIVE_INFINITY;
        for (int j = 0; j < problem.nodes(); j++) {
            double need = problem.needHz(n, j);
            if (need == Double.POSITIVE_INFINITY) {
                continue;
            }
            var place = problem.instance().nodes().get(j);
            double part = need * sharers / place.bandwidthHz();
            int step = part <= 1 ? problem.staircase(n).within(place.eventsPerPeriod() / sharers) : -1;
            if (step > bestStep || step == bestStep && part < bestPart) {
                best = j;
                bestStep = step;
                bestPart = part;
            }
        }
        return best;
    }
}

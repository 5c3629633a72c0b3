package org.qexit.allocation.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.allocation.search.Outcome;

/**
 * Equal shares of each node's compute for a given assignment; of bandwidth equal shares as well, or what each needs.
 *
 * @param method that chose the assignment
 * @param equalBandwidth whether a device that needs more than an equal share of bandwidth does not fit
 */
record EqualShares(PlanningProblem problem, String method, boolean equalBandwidth) {
    /** @param node {@code [device]} */
    Outcome outcome(int[] node) {
        int[] count = new int[problem.nodes()];
        double[] usedHz = new double[problem.nodes()];
        for (int n = 0; n < node.length; n++) {
            count[node[n]]++;
            usedHz[node[n]] += problem.needHz(n, node[n]);
        }
        int[] step = new int[node.length];
        double value = 0;
        List<String> reasons = new ArrayList<>();
        for (int n = 0; n < node.length; n++) {
            var place = problem.instance().nodes().get(node[n]);
            double shareHz = place.bandwidthHz() / count[node[n]];
            double shareUnits = place.eventsPerPeriod() / count[node[n]];
            Staircase stairs = problem.staircase(n);
            step[n] = stairs.within(shareUnits);
            String who = "device " + problem.user(n).id() + " at node " + place.id() + ": ";
            if (equalBandwidth && problem.needHz(n, node[n]) > shareHz) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "%sits least bandwidth %.6g Hz is above the equal share %.6g Hz",
                        who,
                        problem.needHz(n, node[n]),
                        shareHz));
            } else if (step[n] < 0) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "%sits smallest load %.6g is above the equal share %.6g of compute",
                        who,
                        stairs.loads()[0],
                        shareUnits));
            } else {
                value += problem.weight(n) * Math.log(stairs.utility(step[n]));
            }
        }
        for (int j = 0; j < count.length; j++) {
            double hz = problem.instance().nodes().get(j).bandwidthHz();
            if (usedHz[j] > hz) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "node %s: its %d devices need %.6g Hz, it has %.6g Hz",
                        problem.instance().nodes().get(j).id(),
                        count[j],
                        usedHz[j],
                        hz));
            }
        }
        return reasons.isEmpty()
                ? Outcome.Found.unproven(new Assignment(node, step, value))
                : Outcome.GaveUp.because(reasons);
    }
}

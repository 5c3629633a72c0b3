package org.qexit.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
    public Plan solve(PlanningProblem problem, SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        if (!problem.unservable().isEmpty()) {
            return PlanWriter.plan(
                    problem, name(), Outcome.infeasible(problem.unservable()), options, deadline.secondsUsed());
        }
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
        return EqualShares.plan(problem, name(), node, true, options, deadline);
    }

    /** Equal shares of each node's compute for a given assignment; of bandwidth equal shares as well, or what each needs. */
    static final class EqualShares {
        private EqualShares() {}

        /** A baseline's choice may fail where another method succeeds: the reasons say so first. */
        private static List<String> own(String method, List<String> reasons) {
            List<String> all = new ArrayList<>();
            all.add("the choice of method " + method + " does not fit; another method may find a plan");
            all.addAll(reasons);
            return all;
        }

        static Plan plan(
                PlanningProblem problem,
                String method,
                int[] node,
                boolean equalBandwidth,
                SolveOptions options,
                Deadline deadline) {
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
                double shareUnits = place.computeUnits() / count[node[n]];
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
                    value += problem.user(n).weight() * Math.log(stairs.utility(step[n]));
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
            Outcome outcome =
                    reasons.isEmpty() ? Outcome.unproven(new Assignment(node, step, value)) : Outcome.failed(reasons);
            return Certifying.certify(
                    problem.instance(), PlanWriter.plan(problem, method, outcome, options, deadline.secondsUsed()));
        }
    }
}

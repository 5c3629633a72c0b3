package org.qexit.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Explains why a fleet whose devices can all be served alone does not fit together: a small conflicting set by deletion. */
final class Infeasibility {
    private static final double SECONDS_PER_TEST = 5;

    private Infeasibility() {}

    /** Replaces the reasons of an outcome that is proved infeasible by capacities; others pass through. */
    static Outcome explain(PlanningProblem problem, Outcome outcome, SolveOptions options) {
        if (!outcome.infeasible() || !problem.unservable().isEmpty()) {
            return outcome;
        }
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        Deadline deadline = Deadline.after(Math.max(5, options.seconds()), options.stop());
        List<Integer> conflict = conflict(model, options, deadline);
        return Outcome.infeasible(List.of(describe(problem, model, conflict)));
    }

    /** Drops devices, first in blocks, as long as the rest is still proved not to fit. */
    static List<Integer> conflict(JointModel model, SolveOptions options, Deadline deadline) {
        List<Integer> kept = new ArrayList<>();
        for (int n = 0; n < model.devices; n++) {
            kept.add(n);
        }
        for (int block = Math.max(1, model.devices / 2); block >= 1; block /= 2) {
            for (int from = 0; from < kept.size() && !deadline.passed(); ) {
                List<Integer> fewer = new ArrayList<>(kept.subList(0, from));
                fewer.addAll(kept.subList(Math.min(kept.size(), from + block), kept.size()));
                if (!fewer.isEmpty() && provedNotToFit(model, fewer, options)) {
                    kept = fewer;
                } else {
                    from += block;
                }
            }
        }
        return kept;
    }

    /** Whether these devices at their smallest loads are proved not to fit into the nodes. */
    static boolean provedNotToFit(JointModel model, List<Integer> devices, SolveOptions options) {
        double[][] need = devices.stream().map(n -> model.need[n]).toArray(double[][]::new);
        double[][] load =
                devices.stream().map(n -> new double[] {model.load[n][0]}).toArray(double[][]::new);
        JointModel smallest = new JointModel(need, load, new double[devices.size()][1], model.bandwidth, model.compute);
        Outcome outcome = ExactSearch.run(
                smallest,
                options.withListener(note -> {}).withGap(0),
                Deadline.after(SECONDS_PER_TEST, options.stop()));
        return outcome.infeasible();
    }

    private static String describe(PlanningProblem problem, JointModel model, List<Integer> conflict) {
        Set<Integer> nodes = new TreeSet<>();
        double leastHz = 0;
        double leastUnits = 0;
        for (int n : conflict) {
            double least = Double.POSITIVE_INFINITY;
            for (int j : model.allowed[n]) {
                nodes.add(j);
                least = Math.min(least, model.need[n][j]);
            }
            leastHz += least;
            leastUnits += model.load[n][0];
        }
        double hz = 0;
        double units = 0;
        for (int j : nodes) {
            hz += problem.instance().nodes().get(j).bandwidthHz();
            units += problem.instance().nodes().get(j).computeUnits();
        }
        return String.format(
                Locale.ROOT,
                "devices %s cannot be served together by nodes %s, the only ones that can serve them: they need at least %.6g Hz"
                        + " and %.6g compute units in total, each device whole at one node; the nodes have %.6g Hz and %.6g units",
                conflict.stream().map(n -> problem.user(n).id()).collect(Collectors.joining(", ")),
                nodes.stream().map(j -> problem.instance().nodes().get(j).id()).collect(Collectors.joining(", ")),
                leastHz,
                leastUnits,
                hz,
                units);
    }
}

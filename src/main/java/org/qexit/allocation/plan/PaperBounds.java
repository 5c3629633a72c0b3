package org.qexit.allocation.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.qexit.allocation.Plan;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;

/**
 * The bounds of the paper's Sect. 4.3 under their published names. Merged nodes leave one budget of compute, divided along the
 * concave envelopes of the staircases: at most one step of one device above the best whole division. Power budgets are left out.
 *
 * <pre>
 *  paper_ub            all nodes merged, no security (Eq. 31-32): a relaxation, so an upper bound; loose
 *  paper_lb            nodes merged within each security level, devices kept to their own level (Eq. 28-30)
 *  paper_relative_gap  100 · (objective − paper_lb) / paper_lb (Eq. 34), in percent
 * </pre>
 *
 * paper_lb is not a lower bound: merging relaxes (devices need not fit into single nodes), keeping to the own level restricts
 * (Eq. 24f lets a device use higher levels), so it may lie on either side of the optimum.
 */
final class PaperBounds {
    private PaperBounds() {}

    /**
     * @param objective of the plan
     * @param bound proved for the instance, or null
     */
    static Plan.PublishedBounds of(PlanningProblem problem, double objective, Double bound) {
        List<String> notes = new ArrayList<>();
        int[] all = IntStream.range(0, problem.devices()).toArray();
        double units = problem.instance().nodes().stream()
                .mapToDouble(node -> node.eventsPerPeriod())
                .sum();
        Double upper = finite(merged(problem, all, units));
        notes.add("paper_ub merges all nodes: an upper bound, loose");
        Double lower = tiers(problem, notes);
        Double gap = null;
        if (lower != null) {
            notes.add(
                    lower > (bound == null ? Double.POSITIVE_INFINITY : bound) + 1e-9
                            ? "here paper_lb is above what any plan can reach: it is no lower bound"
                            : "paper_lb merges the nodes of each security level: not a lower bound in general");
            if (lower != 0) {
                gap = 100 * (objective - lower) / lower;
                notes.add("paper_relative_gap (percent) divides by paper_lb, which is negative: a better plan makes it"
                        + " smaller");
            } else {
                notes.add("paper_relative_gap divides by paper_lb, which is 0 here");
            }
        }
        return new Plan.PublishedBounds(lower, upper, gap, String.join("; ", notes));
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Σ over levels of the merged optimum; null, with a note, where a level cannot serve its devices. */
    private static Double tiers(PlanningProblem problem, List<String> notes) {
        TreeMap<Integer, List<Integer>> users = new TreeMap<>();
        for (int n = 0; n < problem.devices(); n++) {
            users.computeIfAbsent(problem.user(n).securityLevel(), key -> new ArrayList<>())
                    .add(n);
        }
        double sum = 0;
        for (var tier : users.entrySet()) {
            int[] nodes = IntStream.range(0, problem.nodes())
                    .filter(j -> problem.instance().nodes().get(j).securityLevel() == tier.getKey())
                    .toArray();
            double hz = 0;
            double units = 0;
            for (int j : nodes) {
                hz += problem.instance().nodes().get(j).bandwidthHz();
                units += problem.instance().nodes().get(j).eventsPerPeriod();
            }
            double needHz = 0;
            for (int n : tier.getValue()) {
                double least = Double.POSITIVE_INFINITY;
                for (int j : nodes) {
                    least = Math.min(least, problem.needHz(n, j));
                }
                needHz += least;
            }
            double value = needHz <= hz
                    ? merged(problem, tier.getValue().stream().mapToInt(n -> n).toArray(), units)
                    : Double.NEGATIVE_INFINITY;
            if (value == Double.NEGATIVE_INFINITY) {
                notes.add(String.format(
                        Locale.ROOT,
                        "paper_lb is undefined: the nodes of security level %d cannot serve the %d devices of that"
                                + " level by themselves",
                        tier.getKey(),
                        tier.getValue().size()));
                return null;
            }
            sum += value;
        }
        return sum;
    }

    /** Most Σ ρ ln U of these devices with {@code units} of compute in one pot; −∞ if their smallest loads do not fit. */
    private static double merged(PlanningProblem problem, int[] devices, double units) {
        double left = units;
        double value = 0;
        List<double[]> segments = new ArrayList<>();
        for (int n : devices) {
            Staircase stairs = problem.staircase(n);
            double weight = problem.weight(n);
            double[] loads = stairs.loads();
            double[] values = new double[loads.length];
            for (int s = 0; s < values.length; s++) {
                values[s] = weight * Math.log(stairs.utility(s));
            }
            int[] hull = JointModel.envelope(loads, values);
            left -= loads[0];
            value += values[0];
            for (int i = 0; i + 1 < hull.length; i++) {
                double width = loads[hull[i + 1]] - loads[hull[i]];
                segments.add(new double[] {(values[hull[i + 1]] - values[hull[i]]) / width, width});
            }
        }
        if (left < -1e-9 * units) {
            return Double.NEGATIVE_INFINITY;
        }
        double[][] sorted = segments.toArray(double[][]::new);
        Arrays.sort(sorted, (a, b) -> Double.compare(b[0], a[0]));
        for (double[] segment : sorted) {
            double width = Math.min(Math.max(0, left), segment[1]);
            value += segment[0] * width;
            left -= width;
        }
        return value;
    }
}

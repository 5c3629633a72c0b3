package org.qexit.allocation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Plans as text for people. */
public final class PlanText {
    private static final int BAR = 40;
    private static final int MOST_LINES = 40;

    private PlanText() {}

    /** Status, objective, bound, gap; the reasons if there is no plan. */
    public static String summary(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s: %s, method %s%n",
                plan.instance(),
                plan.status().json(),
                plan.method()));
        if (plan.reasons() != null) {
            plan.reasons().forEach(reason -> text.append("  ").append(reason).append(String.format(Locale.ROOT, "%n")));
        }
        if (plan.relaxations() != null && !plan.relaxations().isEmpty()) {
            text.append(String.format(Locale.ROOT, "  feasible with any one of:%n"));
            plan.relaxations()
                    .forEach(change ->
                            text.append("    ").append(change.inWords()).append(String.format(Locale.ROOT, "%n")));
        }
        if (plan.isFeasible()) {
            text.append(String.format(Locale.ROOT, "  objective %s%n", amount(plan.objective())));
            if (plan.bound() != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "  bound     %s, gap %.3g (%.4f %%)%n",
                        amount(plan.bound()),
                        plan.gap(),
                        100 * plan.relativeGap()));
            }
            if (plan.certificate() != null && plan.certificate().rules() != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "  among all pairs and %d thresholds per exit that the plan lists%n",
                        plan.certificate().rules().devices().stream()
                                .mapToInt(device -> device.rules().size())
                                .sum()));
            }
        }
        if (plan.seconds() != null) {
            text.append(String.format(Locale.ROOT, "  time      %.2f s%n", plan.seconds()));
        }
        return text.toString();
    }

    /** One line per plan. */
    public static String comparison(List<Plan> plans) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-14s %-11s %14s %14s %9s %9s %8s %8s %9s%n",
                "method",
                "status",
                "objective",
                "bound",
                "gap %",
                "sum U",
                "min U",
                "Jain U",
                "seconds"));
        Set<String> said = new HashSet<>();
        for (Plan plan : plans) {
            Plan.Fairness fairness = plan.fairness();
            text.append(String.format(
                    Locale.ROOT,
                    "%-14s %-11s %14s %14s %9s %9s %8s %8s %9s%n",
                    plan.method(),
                    plan.status().json(),
                    number("%.6f", plan.objective()),
                    number("%.6f", plan.bound()),
                    number("%.4f", plan.bound() == null ? null : (Double) (100 * plan.relativeGap())),
                    number("%.4f", fairness == null ? null : (Double) fairness.sumUtility()),
                    number("%.4f", fairness == null ? null : (Double) fairness.minUtility()),
                    number("%.4f", fairness == null ? null : (Double) fairness.jainUtility()),
                    number("%.2f", plan.seconds())));
            // What holds for every method is said once.
            if (plan.reasons() != null
                    && !plan.reasons().isEmpty()
                    && said.add(plan.reasons().get(0))) {
                text.append("               ").append(plan.reasons().get(0)).append(String.format(Locale.ROOT, "%n"));
            }
        }
        return text.toString();
    }

    /** Objectives of small or large weights keep their digits. */
    private static String amount(Double value) {
        double size = value == null ? 0 : Math.abs(value);
        return number(size == 0 || size >= 1e-3 && size < 1e9 ? "%.9f" : "%.9e", value);
    }

    private static String number(String format, Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** Fairness and shadow prices in sentences. */
    public static String facts(Plan plan) {
        StringBuilder text = new StringBuilder();
        List<String> lines = sentences(plan);
        for (String line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
            text.append("  ").append(line).append(String.format(Locale.ROOT, "%n"));
        }
        if (lines.size() > MOST_LINES) {
            text.append(
                    String.format(Locale.ROOT, "  ... and %d nodes more, in the plan%n", lines.size() - MOST_LINES));
        }
        return text.toString();
    }

    private static List<String> sentences(Plan plan) {
        List<String> lines = new ArrayList<>();
        Plan.Fairness f = plan.fairness();
        if (f == null) {
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT,
                "utility: sum %.4f, least %.4f, median %.4f; Jain's index %.4f of utilities, %.4f of offloaded shares",
                f.sumUtility(),
                f.minUtility(),
                f.medianUtility(),
                f.jainUtility(),
                f.jainOffload()));
        if (!plan.devices().isEmpty() && plan.devices().stream().allMatch(d -> d.crossFittedUtility() != null)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "cross-fitted: sum %.4f of utilities on events that thresholds were not chosen on",
                    plan.devices().stream()
                            .mapToDouble(Plan.Device::crossFittedUtility)
                            .sum()));
        }
        if (f.alternativesChecked() != null && f.alternativesChecked() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "proportional fairness: largest sum of relative gains %.3g among %d feasible alternatives, positive for %d"
                            + " (steps allow that; divisible resources would not)",
                    f.worstAlternative(),
                    f.alternativesChecked(),
                    f.alternativesAbove()));
        }
        if (f.priceOfFairness() != null) {
            boolean proven = f.sumUtilityBound() - f.sumUtilityBest() <= 1e-5 * f.sumUtilityBest();
            lines.add(
                    proven
                            ? String.format(
                                    Locale.ROOT,
                                    "price of fairness: %.2f %% of the largest sum of utilities, %.4f",
                                    100 * f.priceOfFairness(),
                                    f.sumUtilityBest())
                            : String.format(
                                    Locale.ROOT,
                                    "price of fairness: at least %.2f %% of the best sum of utilities found, %.4f; at"
                                            + " most %.2f %% (the largest sum is not proven, its bound is %.4f)",
                                    100 * f.priceOfFairness(),
                                    f.sumUtilityBest(),
                                    100 * (1 - f.sumUtility() / f.sumUtilityBound()),
                                    f.sumUtilityBound()));
        }
        if (plan.nodes() != null) {
            plan.nodes().stream().map(Plan.NodeUse::inWords).forEach(lines::add);
        }
        return lines;
    }

    /** Who moved and why; empty for a first plan. */
    public static String moves(Plan plan) {
        MoveFacts moves = plan.moves();
        if (moves == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "  moved     %d of %d devices at %.4g each; net objective %s, net bound %s, gap %s%n",
                moves.moved().size(),
                plan.devices().size(),
                moves.costPerMove(),
                amount(moves.netObjective()),
                amount(moves.netBound()),
                number("%.3g", moves.netGap())));
        text.append(
                moves.stayObjective() == null
                        ? String.format(Locale.ROOT, "  if nobody moved the devices would not fit%n")
                        : String.format(
                                Locale.ROOT,
                                "  if nobody moved the objective would be %s%n",
                                amount(moves.stayObjective())));
        for (MoveFacts.Move move :
                moves.moved().subList(0, Math.min(MOST_LINES, moves.moved().size()))) {
            text.append(String.format(
                    Locale.ROOT, "  %s: %s to %s: %s%n", move.device(), move.from(), move.to(), move.why()));
        }
        return text.toString();
    }

    /** One bar per node for bandwidth and compute, one per device for its utility; of a large fleet the devices with the lowest. */
    public static String bars(Plan plan) {
        StringBuilder text = new StringBuilder();
        if (plan.nodes() != null) {
            for (Plan.NodeUse node :
                    plan.nodes().subList(0, Math.min(MOST_LINES, plan.nodes().size()))) {
                double hz = share(node.bandwidthHz(), node.bandwidthFreeHz());
                double units = share(node.computeUnits(), node.computeFreeUnits());
                text.append(String.format(
                        Locale.ROOT,
                        "  %-10s %4d devices  bandwidth %s %3.0f %%  compute %s %3.0f %%%n",
                        node.id(),
                        node.devices(),
                        bar(hz, BAR / 2),
                        100 * hz,
                        bar(units, BAR / 2),
                        100 * units));
            }
        }
        List<Plan.Device> devices = plan.devices();
        if (devices.size() > MOST_LINES) {
            devices = devices.stream()
                    .sorted(java.util.Comparator.comparingDouble(PlanText::utility))
                    .limit(MOST_LINES)
                    .toList();
            text.append(String.format(Locale.ROOT, "  the %d devices with the lowest utilities:%n", MOST_LINES));
        }
        for (Plan.Device device : devices) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-10s %-8s U %.3f %s%n",
                    device.id(),
                    device.node(),
                    utility(device),
                    bar(utility(device), BAR)));
        }
        return text.toString();
    }

    private static double utility(Plan.Device device) {
        return device.utility() == null ? 0 : device.utility();
    }

    private static double share(double used, double free) {
        return used + free > 0 ? Math.max(0, Math.min(1, used / (used + free))) : 0;
    }

    private static String bar(double share, int width) {
        int length = (int) Math.round(share * width);
        return "#".repeat(length) + ".".repeat(width - length);
    }
}

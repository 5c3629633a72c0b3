package org.qexit.allocation;

import java.util.List;
import java.util.Locale;

/** Plans as text for people. */
public final class PlanText {
    private static final int BAR = 40;

    private PlanText() {}

    /** Status, objective, bound, gap; the reasons if there is no plan. */
    public static String summary(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "%s: %s, method %s%n", plan.instance(), plan.status().json(), plan.method()));
        if (plan.reasons() != null) {
            plan.reasons().forEach(reason -> text.append("  ").append(reason).append(String.format("%n")));
        }
        if (plan.relaxations() != null && !plan.relaxations().isEmpty()) {
            text.append(String.format("  feasible with any one of:%n"));
            plan.relaxations()
                    .forEach(change ->
                            text.append("    ").append(change.inWords()).append(String.format("%n")));
        }
        if (plan.isFeasible()) {
            text.append(String.format(Locale.ROOT, "  objective %.9f%n", plan.objective()));
            if (plan.bound() != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "  bound     %.9f, gap %.3g (%.4f %%)%n",
                        plan.bound(),
                        plan.gap(),
                        100 * plan.relativeGap()));
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
                "%-14s %-11s %14s %14s %10s %10s%n", "method", "status", "objective", "bound", "gap %", "seconds"));
        for (Plan plan : plans) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-14s %-11s %14s %14s %10s %10s%n",
                    plan.method(),
                    plan.status().json(),
                    number("%.6f", plan.objective()),
                    number("%.6f", plan.bound()),
                    number("%.4f", plan.bound() == null ? null : (Double) (100 * plan.relativeGap())),
                    number("%.2f", plan.seconds())));
            if (plan.reasons() != null && !plan.reasons().isEmpty()) {
                text.append("               ").append(plan.reasons().get(0)).append(String.format("%n"));
            }
        }
        return text.toString();
    }

    private static String number(String format, Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** One bar per device: its utility. */
    public static String bars(Plan plan) {
        StringBuilder text = new StringBuilder();
        for (Plan.Device device : plan.devices()) {
            double utility = device.utility() == null ? 0 : device.utility();
            int length = (int) Math.round(utility * BAR);
            text.append(String.format(
                    Locale.ROOT,
                    "  %-10s %-8s U %.3f %s%n",
                    device.id(),
                    device.node(),
                    utility,
                    "#".repeat(length) + ".".repeat(BAR - length)));
        }
        return text.toString();
    }
}

package org.qexit.allocation.problem;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/**
 * The exact joint problem for other solvers, in free MPS: a binary per device, node and step of the device's staircase,
 *
 * <pre>  min −Σ ρ_n ln U_n(s) x_njs   s.t.   Σ_js x_njs = 1,   Σ_ns need_nj x_njs ≤ B_j,   Σ_ns load_ns x_njs ≤ W_j.</pre>
 *
 * Pairs that cannot work and steps beyond a node's compute are left out. A column is named device.node.step, by the ids where they are plain
 * words without a dot, else by d and n with places in the instance, counted from 1; steps count from 1.
 */
public final class StaircaseMps {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,60}");

    private final PlanningProblem problem;
    private final JointModel model;
    private final boolean byId;

    private StaircaseMps(PlanningProblem problem) {
        this.problem = problem;
        this.model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        this.byId = java.util.stream.IntStream.range(0, model.devices)
                        .allMatch(n -> PLAIN.matcher(problem.user(n).id()).matches())
                && problem.instance().nodes().stream()
                        .allMatch(node -> PLAIN.matcher(node.id()).matches());
    }

    /**
     * @throws UserError if a device cannot be served by any node, or power is a variable
     * @throws IOException from {@code out}
     */
    public static void write(PlanningProblem problem, Appendable out) throws IOException {
        if (problem.powerMatters()) {
            throw new UserError("the staircase model has no energy weight and no power budgets that bind");
        }
        List<String> reasons = problem.unservable();
        if (!reasons.isEmpty()) {
            throw new UserError("no model: " + reasons.get(0));
        }
        new StaircaseMps(problem).write(out);
    }

    private void write(Appendable out) throws IOException {
        out.append("* Columns device.node.step; minimise: the objective is -sum of weight * ln U.\n");
        out.append("NAME staircase\nROWS\n N cost\n");
        for (int n = 0; n < model.devices; n++) {
            out.append(" E one.").append(device(n)).append('\n');
        }
        for (int j = 0; j < model.nodes; j++) {
            out.append(" L hertz.")
                    .append(node(j))
                    .append("\n L units.")
                    .append(node(j))
                    .append('\n');
        }
        out.append("COLUMNS\n MARK 'MARKER' 'INTORG'\n");
        for (int n = 0; n < model.devices; n++) {
            for (int j : model.allowed[n]) {
                for (int s = 0; s < model.load[n].length && model.load[n][s] <= model.compute[j]; s++) {
                    column(n, j, s, out);
                }
            }
        }
        out.append(" MARK 'MARKER' 'INTEND'\nRHS\n");
        for (int n = 0; n < model.devices; n++) {
            out.append(" RHS one.").append(device(n)).append(" 1\n");
        }
        for (int j = 0; j < model.nodes; j++) {
            out.append(" RHS hertz.").append(node(j)).append(' ').append(number(model.bandwidth[j]));
            out.append("\n RHS units.")
                    .append(node(j))
                    .append(' ')
                    .append(number(model.compute[j]))
                    .append('\n');
        }
        out.append("BOUNDS\n");
        for (int n = 0; n < model.devices; n++) {
            for (int j : model.allowed[n]) {
                for (int s = 0; s < model.load[n].length && model.load[n][s] <= model.compute[j]; s++) {
                    out.append(" UP BND ").append(name(n, j, s)).append(" 1\n");
                }
            }
        }
        out.append("ENDATA\n");
    }

    private void column(int n, int j, int s, Appendable out) throws IOException {
        String name = name(n, j, s);
        double value = (model.value[n][s] + model.top[n]) * problem.objectiveUnit();
        out.append(' ').append(name).append(" cost ").append(number(value == 0 ? 0 : -value));
        out.append(" one.").append(device(n)).append(" 1\n");
        out.append(' ').append(name).append(" hertz.").append(node(j)).append(' ');
        out.append(number(model.need[n][j])).append(" units.").append(node(j)).append(' ');
        out.append(number(model.load[n][s])).append('\n');
    }

    private String name(int n, int j, int s) {
        return device(n) + "." + node(j) + "." + (s + 1);
    }

    private String device(int n) {
        return byId ? problem.user(n).id() : "d" + (n + 1);
    }

    private String node(int j) {
        return byId ? problem.instance().nodes().get(j).id() : "n" + (j + 1);
    }

    private static String number(double value) {
        return Double.toString(value);
    }
}

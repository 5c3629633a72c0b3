package org.qexit.allocation.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Plan;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.edge.DeadlineCurve;

/**
 * Bandwidth and power of every device for a fixed assignment: per node the optimum of {@link NodeRadio}. A node without energy weight
 * whose budget does not bind keeps full power and least bandwidth.
 *
 * @param hz {@code [device]}
 * @param watts {@code [device]}
 * @param nodes {@code [node]}, null where it serves nobody or does not fit
 * @param obstacles one sentence for each node whose devices do not fit; empty if all do
 */
public record RadioPlan(double[] hz, double[] watts, NodeRadio[] nodes, List<String> obstacles) {

    public static RadioPlan of(PlanningProblem problem, Assignment assignment) {
        int devices = problem.devices();
        RadioPlan plan = new RadioPlan(
                new double[devices], new double[devices], new NodeRadio[problem.nodes()], new ArrayList<>());
        int[][] members = Assignment.members(problem.nodes(), assignment.node());
        for (int j = 0; j < problem.nodes(); j++) {
            if (members[j].length > 0) {
                plan.solve(problem, assignment, j, members[j]);
            }
        }
        return plan;
    }

    private void solve(PlanningProblem problem, Assignment assignment, int j, int[] members) {
        int node = j;
        double capacity = problem.instance().nodes().get(j).bandwidthHz();
        double budget = problem.powerBudgetWatts(j);
        DeadlineCurve[] curves =
                Arrays.stream(members).mapToObj(n -> problem.curve(n, node)).toArray(DeadlineCurve[]::new);
        double[] costs = Arrays.stream(members)
                .mapToDouble(n -> problem.wattCost(n, assignment.step()[n]))
                .toArray();
        NodeRadio radio = NodeRadio.solve(curves, costs, capacity, budget);
        nodes[j] = radio;
        if (radio == null) {
            obstacles.add(obstacle(problem, j, curves, budget));
            return;
        }
        for (int i = 0; i < members.length; i++) {
            hz[members[i]] = radio.hz()[i];
            watts[members[i]] = radio.watts()[i];
        }
    }

    private static String obstacle(PlanningProblem problem, int j, DeadlineCurve[] curves, double budget) {
        String who = "node " + problem.instance().nodes().get(j).id() + ": its " + curves.length + " devices need ";
        NodeRadio least = NodeRadio.leastBandwidth(curves, budget);
        if (least == null) {
            return String.format(
                    Locale.ROOT,
                    "%sat least %.6g W, above its power budget %.6g W",
                    who,
                    Arrays.stream(curves).mapToDouble(DeadlineCurve::leastWatts).sum(),
                    budget);
        }
        return String.format(
                Locale.ROOT,
                "%sat least %.6g Hz within its power budget %.6g W, above its %.6g Hz (Eq. 24d, 28)",
                who,
                Arrays.stream(least.hz()).sum(),
                budget,
                problem.instance().nodes().get(j).bandwidthHz());
    }

    public boolean fits() {
        return obstacles.isEmpty();
    }

    EnergyFacts facts(PlanningProblem problem, double objective, List<Plan.Device> devices) {
        double joules = devices.stream().mapToDouble(Plan.Device::energyJoules).sum();
        double kappa = problem.jouleCost();
        double[] used = new double[nodes.length];
        double residual = 0;
        for (int j = 0; j < nodes.length; j++) {
            if (nodes[j] != null) {
                residual = Math.max(residual, nodes[j].residual());
                used[j] = Arrays.stream(nodes[j].watts()).sum();
            }
        }
        List<EnergyFacts.NodePower> powers = new ArrayList<>();
        for (int j = 0; j < nodes.length; j++) {
            boolean priced = nodes[j] != null && kappa > 0;
            powers.add(new EnergyFacts.NodePower(
                    problem.instance().nodes().get(j).id(),
                    used[j],
                    problem.instance().nodes().get(j).powerWatts(),
                    priced ? nodes[j].bandwidthPrice() : 0,
                    priced ? nodes[j].powerPrice() : 0));
        }
        double penalised = objective - kappa * joules;
        return new EnergyFacts(kappa, joules, kappa * joules, penalised, null, null, residual, powers, null, null);
    }
}

package org.qexit.allocation.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Plan;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;

/**
 * What more of a node would be worth, in units of Σ ρ_n ln U_n. Two numbers each, which enclose the truth where the plan is optimal:
 *
 * <ul>
 *   <li>a gain that is sure to be had: compute is divided anew, exactly, with every device where it is; for bandwidth one device may
 *       move to the node, and the two nodes concerned are divided anew;
 *   <li>a limit: the bound of the node prices rises by price times amount, and no plan gains more than to reach it.
 * </ul>
 */
final class ShadowPrices {
    /** Events per period. */
    private static final double EXTRA_UNITS = 10;

    private static final double EXTRA_BANDWIDTH = 0.1;
    /** Pairs of device and node up to which moves are tried. */
    private static final long MOST_PAIRS = 20_000;

    private final PlanningProblem problem;
    private final JointModel model;
    private final NodeKnapsack knapsack;
    private final int[] node;
    private final int[][] members;
    /** Of the model's values; what is reported is in the user's. */
    private final double unit;
    /** {@code [node]}: value of its devices, compute divided exactly. */
    private final double[] value;

    private ShadowPrices(PlanningProblem problem, int[] node) {
        this.problem = problem;
        this.unit = problem.objectiveUnit();
        this.model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        this.knapsack = new NodeKnapsack(model);
        this.node = node;
        this.members = Assignment.members(model.nodes, node);
        this.value = new double[model.nodes];
        for (int j = 0; j < value.length; j++) {
            value[j] = knapsack.divide(j, members[j], model.compute[j]);
        }
    }

    static List<Plan.NodeUse> of(PlanningProblem problem, Plan plan, int[] node, Deadline deadline) {
        ShadowPrices prices = new ShadowPrices(problem, node);
        Certificate.Multipliers multipliers =
                plan.certificate() == null ? null : plan.certificate().multipliers();
        // What the node prices alone prove; larger than the plan's bound where a tree proved more.
        Double bound = multipliers == null ? null : priceBound(problem, multipliers);
        List<Plan.NodeUse> uses = new ArrayList<>();
        for (int j = 0; j < problem.nodes(); j++) {
            uses.add(prices.use(plan, j, multipliers, bound, deadline));
        }
        return uses;
    }

    private static double priceBound(PlanningProblem problem, Certificate.Multipliers prices) {
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        double total = problem.objectiveUnit() * model.offset;
        for (int j = 0; j < model.nodes; j++) {
            total += prices.bandwidthPerHz()[j] * model.bandwidth[j] + prices.computePerUnit()[j] * model.compute[j];
        }
        for (int n = 0; n < model.devices; n++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int j : model.allowed[n]) {
                int s = model.bestStep(n, prices.computePerUnit()[j] / problem.objectiveUnit());
                best = Math.max(
                        best,
                        problem.objectiveUnit() * model.value[n][s]
                                - prices.bandwidthPerHz()[j] * model.need[n][j]
                                - prices.computePerUnit()[j] * model.load[n][s]);
            }
            total += best;
        }
        return total;
    }

    private Plan.NodeUse use(
            Plan plan, int j, Certificate.Multipliers multipliers, Double priceBound, Deadline deadline) {
        var place = problem.instance().nodes().get(j);
        double hz = 0;
        double units = 0;
        for (int n : members[j]) {
            hz += plan.devices().get(n).bandwidthHz();
            units += plan.devices().get(n).computeUnits();
        }
        double extraHz = EXTRA_BANDWIDTH * place.bandwidthHz();
        double units10 = computeWorth(j);
        Worth hertz = bandwidthWorth(j, extraHz, deadline);
        Double alpha = multipliers == null ? null : (Double) multipliers.bandwidthPerHz()[j];
        Double beta = multipliers == null ? null : (Double) multipliers.computePerUnit()[j];
        Double computeLimit = priceBound == null
                ? null
                : (Double) Math.max(units10, priceBound - plan.objective() + beta * EXTRA_UNITS);
        Double bandwidthLimit = priceBound == null
                ? null
                : (Double) Math.max(hertz == null ? 0 : hertz.gain, priceBound - plan.objective() + alpha * extraHz);
        return new Plan.NodeUse(
                place.id(),
                members[j].length,
                hz,
                place.bandwidthHz() - hz,
                units,
                place.computeUnits() - units,
                alpha,
                beta,
                EXTRA_UNITS,
                units10,
                computeLimit,
                extraHz,
                hertz == null ? null : (Double) hertz.gain,
                bandwidthLimit,
                words(place.id(), units10, computeLimit, extraHz, hertz, bandwidthLimit));
    }

    /** Gain of {@value #EXTRA_UNITS} more events per period at node j, its devices staying. */
    private double computeWorth(int j) {
        if (members[j].length == 0) {
            return 0;
        }
        double more = knapsack.divide(j, members[j], model.compute[j] + EXTRA_UNITS);
        return unit * Math.max(0, more - value[j]);
    }

    /** What more bandwidth brings, and who would move. */
    private record Worth(double gain, int device) {}

    /** Best single move to node j with more bandwidth, less what a move brings without it; null if there are too many pairs, or time is up. */
    private Worth bandwidthWorth(int j, double extraHz, Deadline deadline) {
        if ((long) model.devices * model.nodes > MOST_PAIRS) {
            return null;
        }
        double used = 0;
        for (int n : members[j]) {
            used += model.need[n][j];
        }
        double before = 0;
        double after = 0;
        int mover = -1;
        for (int n = 0; n < model.devices; n++) {
            if (deadline.passed()) {
                return null;
            }
            int from = node[n];
            double need = model.need[n][j];
            if (from == j || !(used + need <= model.bandwidth[j] + extraHz) || need > model.bandwidth[j] + extraHz) {
                continue;
            }
            double gain = without(from, n) + with(j, n, extraHz) - value[from] - value[j];
            if (used + need <= model.bandwidth[j]) {
                before = Math.max(before, gain);
            }
            if (gain > after + 1e-12) {
                after = gain;
                mover = n;
            }
        }
        return new Worth(unit * Math.max(0, after - before), after > before + 1e-12 ? mover : -1);
    }

    private double without(int j, int leaving) {
        int[] rest =
                java.util.Arrays.stream(members[j]).filter(n -> n != leaving).toArray();
        return knapsack.divide(j, rest, model.compute[j]);
    }

    private double with(int j, int coming, double extraHz) {
        knapsack.begin(model.bandwidth[j] + extraHz, model.compute[j]);
        double least = model.value[coming][0];
        for (int n : members[j]) {
            knapsack.add(n, model.need[n][j], 0, true);
            least += model.value[n][0];
        }
        knapsack.add(coming, model.need[coming][j], 0, true);
        return knapsack.solve(least - 1) ? knapsack.profit() : Double.NEGATIVE_INFINITY;
    }

    private String words(
            String id, double units10, Double computeLimit, double extraHz, Worth hertz, Double bandwidthLimit) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%.0f more events per period at %s are worth %.4g with every device where it is",
                EXTRA_UNITS,
                id,
                units10));
        if (computeLimit != null) {
            text.append(String.format(Locale.ROOT, ", at most %.4g by the bound", computeLimit));
        }
        if (hertz != null) {
            text.append(
                    String.format(Locale.ROOT, "; %.3g kHz more bandwidth are worth %.4g", extraHz / 1e3, hertz.gain));
            text.append(
                    hertz.device < 0
                            ? " by any single move"
                            : " if " + problem.user(hertz.device).id() + " moves there");
            if (bandwidthLimit != null) {
                text.append(String.format(Locale.ROOT, ", at most %.4g by the bound", bandwidthLimit));
            }
        }
        return text.toString();
    }
}

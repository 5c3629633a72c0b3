package org.qexit.allocation.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;
import org.qexit.common.RandomStreams;
import org.qexit.common.statistics.Samples;

/**
 * What a plan means for its devices and nodes: fairness with the proportional-fairness check of Eq. (22), use of every node, and what
 * more of it would be worth ({@link ShadowPrices}).
 */
public final class PlanFacts {
    private static final int ALTERNATIVES = 300;
    private static final int TRIES = 100_000;
    /** Larger fleets are checked at the plan's own assignment only. */
    private static final int MOST_DEVICES = 2000;
    /** Left sides of Eq. (22) up to this size are rounding. */
    private static final double ROUNDING = 1e-9;

    private PlanFacts() {}

    /** Time for the facts, of the solve's: what is not known then is left out. Small fleets need a fraction of a second. */
    private static final double SHARE = 0.1;

    private static final double LEAST_SECONDS = 5;

    /** The plan with its facts; a plan without devices as it is. */
    public static Plan add(PlanningProblem problem, Plan plan, SolveOptions options) {
        Deadline deadline = Deadline.after(Math.max(LEAST_SECONDS, SHARE * options.seconds()), options.stop());
        if (!plan.isFeasible()) {
            return plan;
        }
        int[] node = nodes(problem, plan);
        double[] utility =
                plan.devices().stream().mapToDouble(Plan.Device::utility).toArray();
        return plan.withFairness(fairness(problem, plan, node, utility, options, deadline))
                .withNodes(ShadowPrices.of(problem, plan, node, deadline));
    }

    /** The node of each device, in the instance's order. */
    static int[] nodes(PlanningProblem problem, Plan plan) {
        Map<String, Integer> index = new HashMap<>();
        problem.instance().nodes().forEach(place -> index.put(place.id(), index.size()));
        return plan.devices().stream()
                .mapToInt(device -> index.get(device.node()))
                .toArray();
    }

    private static Plan.Fairness fairness(
            PlanningProblem problem, Plan plan, int[] node, double[] utility, SolveOptions options, Deadline deadline) {
        double[] offload = new double[utility.length];
        for (int n = 0; n < utility.length; n++) {
            Plan.Device device = plan.devices().get(n);
            offload[n] = (double) (device.truePositives() + device.falsePositives())
                    / problem.instance().devices().get(n).trace().labels().length;
        }
        Alternatives found = alternatives(problem, node, utility, options, deadline.part(0.5));
        return new Plan.Fairness(
                Arrays.stream(utility).sum(),
                Samples.jain(utility),
                Samples.jain(offload),
                Arrays.stream(utility).min().orElseThrow(),
                Samples.median(utility),
                found.checked,
                found.above,
                found.worst * problem.objectiveUnit(),
                null,
                null,
                null);
    }

    /** What was found among the alternatives: how many, how many with a positive left side, the largest one. */
    private record Alternatives(int checked, int above, double worst) {}

    /**
     * Eq. (22), Σ ρ_n (U'_n − U_n)/U_n ≤ 0, against feasible alternatives. The first is the best one for the left side with every
     * device where it is, by exact division of each node's compute; the others move one device or swap two and divide the nodes
     * concerned exactly for the left side. With divisible resources and concave utilities none is positive at the optimum; with steps one
     * can be.
     */
    private static Alternatives alternatives(
            PlanningProblem problem, int[] node, double[] utility, SolveOptions options, Deadline deadline) {
        JointModel model = problem.model((n, u) -> problem.weight(n) * u / utility[n]);
        NodeKnapsack knapsack = new NodeKnapsack(model);
        double weights = 0;
        for (int n = 0; n < node.length; n++) {
            weights += problem.weight(n);
        }
        int[][] members = Assignment.members(model.nodes, node);
        double[] best = new double[model.nodes];
        double total = model.offset - weights;
        for (int j = 0; j < model.nodes; j++) {
            best[j] = knapsack.divide(j, members[j], model.compute[j]);
            total += best[j];
        }
        int checked = 0;
        int above = 0;
        double worst = Double.NEGATIVE_INFINITY;
        if (budgetsHold(problem, node)) {
            checked = 1;
            above = total > ROUNDING ? 1 : 0;
            worst = total;
        }
        int samples = node.length > MOST_DEVICES || model.nodes < 2 ? -1 : ALTERNATIVES;
        SplittableRandom random = RandomStreams.of(options.seed()).stream("alternatives");
        double[] used = new double[model.nodes];
        for (int n = 0; n < node.length; n++) {
            used[node[n]] += model.need[n][node[n]];
        }
        for (int i = 0; i < TRIES && checked <= samples && !deadline.passed(); i++) {
            int a = random.nextInt(node.length);
            int b = random.nextInt(node.length);
            int to = i % 2 == 0 ? model.allowed[a][random.nextInt(model.allowed[a].length)] : node[b];
            int from = node[a];
            double back = i % 2 == 0 ? 0 : model.need[b][from];
            double freed = i % 2 == 0 ? 0 : model.need[b][to];
            // Where bandwidth is tight most proposals end here, cheaply.
            if (to == from
                    || !(used[to] - freed + model.need[a][to] <= model.bandwidth[to])
                    || !(used[from] - model.need[a][from] + back <= model.bandwidth[from])) {
                continue;
            }
            int[] other = node.clone();
            other[a] = to;
            if (i % 2 == 1) {
                other[b] = from;
            }
            int[][] moved = Assignment.members(model.nodes, other);
            double value = total
                    - best[from]
                    - best[to]
                    + knapsack.divide(from, moved[from], model.compute[from])
                    + knapsack.divide(to, moved[to], model.compute[to]);
            if (value > Double.NEGATIVE_INFINITY && budgetsHold(problem, other)) {
                checked++;
                above += value > ROUNDING ? 1 : 0;
                worst = Math.max(worst, value);
            }
        }
        return new Alternatives(checked, above, worst);
    }

    private static boolean budgetsHold(PlanningProblem problem, int[] node) {
        return !problem.powerMatters()
                || RadioPlan.of(problem, new Assignment(node, new int[node.length], 0))
                        .fits();
    }

    /**
     * The price of fairness: what Σ U_n loses against its maximum, searched for at most {@code seconds}. If the search does not end,
     * the best sum found gives a lower limit and its bound an upper one.
     */
    public static Plan withPriceOfFairness(PlanningProblem problem, Plan plan, SolveOptions options, double seconds) {
        if (!plan.isFeasible()
                || plan.fairness() == null
                || !problem.unservable().isEmpty()) {
            return plan;
        }
        SolveOptions quiet = options.withListener(note -> {}).withGap(1e-6).withSeconds(seconds);
        Outcome outcome = ExactSearch.run(new Search(
                problem.model(PlanningProblem.Objective.SUM_UTILITY), quiet, Deadline.after(seconds, options.stop())));
        Plan.Fairness f = plan.fairness();
        double own = f.sumUtility();
        double found = own;
        if (outcome instanceof Outcome.Found best
                && budgetsHold(problem, best.assignment().node())) {
            double sum = 0;
            for (int n = 0; n < problem.devices(); n++) {
                sum += problem.staircase(n).utility(best.assignment().step()[n]);
            }
            found = Math.max(found, sum);
        }
        double bound = Math.max(found, Math.min(outcome.bound(), problem.devices()));
        return plan.withFairness(new Plan.Fairness(
                own,
                f.jainUtility(),
                f.jainOffload(),
                f.minUtility(),
                f.medianUtility(),
                f.alternativesChecked(),
                f.alternativesAbove(),
                f.worstAlternative(),
                1 - own / found,
                found,
                bound));
    }
}

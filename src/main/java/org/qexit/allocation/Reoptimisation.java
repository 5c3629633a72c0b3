package org.qexit.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * Plans anew from a plan for a fleet that has changed a little: maximises Σ ρ_n ln U_n − C · (devices moved) by the search of
 * {@link ExactMethod}, which starts from the plan before. The bound is one on that net objective.
 */
public final class Reoptimisation {
    private static final long PROOF_NUMBERS = 500_000;

    private final PlanningProblem problem;
    private final Plan previous;
    private final double cost;
    /** {@code [device]}: its node before, or -1. */
    private final int[] before;

    private Reoptimisation(PlanningProblem problem, Plan previous, double cost) {
        this.problem = problem;
        this.previous = previous;
        this.cost = cost;
        this.before = new int[problem.devices()];
        Map<String, Integer> nodeIndex = new HashMap<>();
        problem.instance().nodes().forEach(node -> nodeIndex.put(node.id(), nodeIndex.size()));
        Map<String, String> old = new HashMap<>();
        previous.devices().forEach(device -> old.put(device.id(), device.node()));
        for (int n = 0; n < before.length; n++) {
            String node = old.get(problem.user(n).id());
            before[n] = node == null ? -1 : nodeIndex.getOrDefault(node, -1);
        }
    }

    /**
     * @param moveCost C ≥ 0, in units of the objective
     * @throws UserError if the plan before has no devices of this fleet, or power is a variable
     */
    public static Plan solve(PlanningProblem problem, Plan previous, double moveCost, SolveOptions options) {
        Checks.nonNegative("moveCost", moveCost);
        if (problem.powerMatters()) {
            throw new UserError("re-optimisation with an energy weight or power budgets that bind is not supported."
                    + " Maybe plan without the plan before.");
        }
        Reoptimisation work = new Reoptimisation(problem, previous, moveCost);
        if (Arrays.stream(work.before).allMatch(j -> j < 0)) {
            throw new UserError("the plan for " + previous.instance() + " places no device of "
                    + problem.instance().name() + " at one of its nodes. Maybe it is the plan of another fleet.");
        }
        return work.solve(options);
    }

    private Plan solve(SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        String method = new ExactMethod().name();
        if (!problem.unservable().isEmpty()) {
            return PlanWriter.plan(
                    problem, method, Outcome.infeasible(problem.unservable()), options, deadline.secondsUsed());
        }
        JointModel plain = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        PlanningProblem.Objective fairness = PlanningProblem.Objective.PROPORTIONAL_FAIRNESS;
        JointModel net =
                problem.model((n, utility) -> fairness.value(problem.user(n).weight(), utility), penalties());
        CapacityPrices plainPrices = new CapacityPrices(plain).run(2000, Double.NEGATIVE_INFINITY, deadline.part(0.1));
        Outcome found = ExactSearch.run(net, options, deadline, warmStart(plain, plainPrices));
        if (found.assignment() == null) {
            Outcome explained = Infeasibility.explain(problem, found, options);
            return PlanWriter.plan(problem, method, explained, options, deadline.secondsUsed());
        }
        Outcome outcome = new Outcome(found.assignment(), plainPrices.trueBound(), false, null, plainPrices, null, 0);
        Plan plan = PlanWriter.plan(problem, method, outcome, options, deadline.secondsUsed());
        MoveFacts facts = facts(plan, plain, found);
        double allowed =
                Math.max(options.gap(), SolveOptions.PROVEN) * Math.abs(facts.netObjective()) + SolveOptions.PROVEN;
        boolean optimal = facts.netGap() != null && facts.netGap() <= allowed;
        return Certifying.certify(
                problem.instance(), plan.with(facts, optimal ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE));
    }

    private double[][] penalties() {
        double[][] penalty = new double[problem.devices()][problem.nodes()];
        for (int n = 0; n < penalty.length; n++) {
            if (before[n] >= 0) {
                Arrays.fill(penalty[n], cost);
                penalty[n][before[n]] = 0;
            }
        }
        return penalty;
    }

    /** Devices stay where they can; the others start where a first plan would put them. */
    private int[] warmStart(JointModel plain, CapacityPrices prices) {
        int[] node = Primal.start(plain, prices);
        for (int n = 0; n < node.length; n++) {
            if (before[n] >= 0 && plain.canServe(n, before[n])) {
                node[n] = before[n];
            }
        }
        return node;
    }

    private MoveFacts facts(Plan plan, JointModel plain, Outcome found) {
        int[] node = found.assignment().node();
        NodeKnapsack knapsack = new NodeKnapsack(plain, 20_000);
        int[][] members = Assignment.members(plain.nodes, node);
        List<MoveFacts.Move> moved = new ArrayList<>();
        List<String> free = new ArrayList<>();
        int[] stay = node.clone();
        for (int n = 0; n < node.length; n++) {
            if (before[n] < 0) {
                free.add(problem.user(n).id());
            } else if (before[n] != node[n]) {
                moved.add(move(plain, knapsack, members, n, node[n]));
                stay[n] = before[n];
            }
        }
        Assignment stayed = Assignment.divide(plain, stay, knapsack);
        double netObjective = plan.objective() - cost * moved.size();
        boolean proved = found.bound() < Double.POSITIVE_INFINITY;
        Double netBound = proved ? (Double) Math.max(found.bound(), netObjective) : null;
        boolean byTree = proved && found.proof() != null && found.proof().provenBound() < found.prices().bound;
        return new MoveFacts(
                previous.instance(),
                cost,
                moved,
                free,
                netObjective,
                netBound,
                proved ? (Double) (netBound - netObjective) : null,
                stayed == null ? null : (Double) (stayed.value() + plain.offset),
                proved
                        ? new Certificate.Multipliers(
                                found.prices().alpha.clone(),
                                found.prices().beta.clone())
                        : null,
                byTree ? found.proof().steps(problem, netBound, PROOF_NUMBERS) : null);
    }

    private MoveFacts.Move move(JointModel plain, NodeKnapsack knapsack, int[][] members, int n, int to) {
        int from = before[n];
        String device = problem.user(n).id();
        String old = problem.instance().nodes().get(from).id();
        String now = problem.instance().nodes().get(to).id();
        if (!plain.canServe(n, from)) {
            return new MoveFacts.Move(device, old, now, null, old + " can no longer serve it");
        }
        int[] without = Arrays.stream(members[to]).filter(d -> d != n).toArray();
        int[] with = Arrays.copyOf(members[from], members[from].length + 1);
        with[with.length - 1] = n;
        double back =
                knapsack.divide(to, without, plain.compute[to]) + knapsack.divide(from, with, plain.compute[from]);
        if (back == Double.NEGATIVE_INFINITY) {
            return new MoveFacts.Move(
                    device, old, now, null, "it does not fit at " + old + " beside the devices that are there now");
        }
        double gain = knapsack.divide(to, members[to], plain.compute[to])
                + knapsack.divide(from, members[from], plain.compute[from])
                - back;
        return new MoveFacts.Move(
                device,
                old,
                now,
                gain,
                String.format(Locale.ROOT, "staying would lose %.4g, moving costs %.4g", gain, cost));
    }
}

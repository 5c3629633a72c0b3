package org.qexit.allocation.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.MoveFacts;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.plan.ObjectiveUnit;
import org.qexit.allocation.plan.PlanWriter;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Primal;
import org.qexit.allocation.search.Search;
import org.qexit.common.UserError;
import org.qexit.edge.NumberRange;

/**
 * Plans anew from a plan for a fleet that has changed a little: maximises Σ ρ_n ln U_n − C · (devices moved) by the search of
 * {@link ExactMethod}, which starts from the plan before. The bound is one on that net objective.
 */
final class Reoptimisation {
    /** Of the time: the bound on Σ ρ_n ln U_n is beside the point of a new plan. */
    private static final double PRICE_SHARE = 0.1;

    private final PlanningProblem problem;
    private final Plan previous;
    private final double cost;
    /** Of what the search sees. */
    private final ObjectiveUnit unit;
    /** {@code [device]}: its node before, or -1. */
    private final int[] before;

    private Reoptimisation(PlanningProblem problem, Plan previous, double cost) {
        this.problem = problem;
        this.previous = previous;
        this.cost = cost;
        this.unit = new ObjectiveUnit(problem.objectiveUnit());
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
    static Reoptimisation of(PlanningProblem problem, Plan previous, double moveCost) {
        NumberRange.COST.check("moveCost", moveCost);
        if (problem.powerMatters()) {
            throw new UserError("re-optimisation with an energy weight or power budgets that bind is not supported."
                    + " Maybe plan without the plan before.");
        }
        Reoptimisation work = new Reoptimisation(problem, previous, moveCost);
        if (Arrays.stream(work.before).allMatch(j -> j < 0)) {
            throw new UserError("the plan for " + previous.instance() + " places no device of "
                    + problem.instance().name() + " at one of its nodes. Maybe it is the plan of another fleet.");
        }
        return work;
    }

    /** Prices that bound Σ ρ_n ln U_n alone. */
    CapacityPrices plainPrices(Deadline deadline) {
        return new CapacityPrices(plain()).converge(deadline.part(PRICE_SHARE));
    }

    private JointModel plain() {
        return problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
    }

    /** The outcome for the net objective. */
    Outcome search(CapacityPrices plainPrices, SolveOptions options, Deadline deadline) {
        PlanningProblem.Objective fairness = PlanningProblem.Objective.PROPORTIONAL_FAIRNESS;
        JointModel net = problem.model((n, utility) -> fairness.value(problem.weight(n), utility), penalties());
        return ExactSearch.run(new Search(net, options, deadline), warmStart(plain(), plainPrices));
    }

    /** The plan with its moves, and the status that the net objective has. */
    Plan withMoves(Plan plan, Outcome.Found net) {
        MoveFacts facts = facts(plan, net);
        boolean optimal = facts.netBound() != null && SolveOptions.isOptimal(facts.netObjective(), facts.netBound());
        return plan.withMoves(facts, optimal ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE);
    }

    private double[][] penalties() {
        double[][] penalty = new double[problem.devices()][problem.nodes()];
        for (int n = 0; n < penalty.length; n++) {
            if (before[n] >= 0) {
                Arrays.fill(penalty[n], cost / unit.size());
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

    private MoveFacts facts(Plan plan, Outcome.Found found) {
        JointModel plain = plain();
        int[] node = found.assignment().node();
        NodeKnapsack knapsack = new NodeKnapsack(plain);
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
        Double netBound = proved ? (Double) Math.max(unit.of(found.bound()), netObjective) : null;
        boolean byTree = proved && found.proof() != null && found.proof().provenBound() < found.prices().bound;
        return new MoveFacts(
                previous.instance(),
                cost,
                moved,
                free,
                netObjective,
                netBound,
                proved ? (Double) (netBound - netObjective) : null,
                stayed == null ? null : (Double) unit.of(stayed.value() + plain.offset),
                proved ? unit.of(new Certificate.Multipliers(found.prices().alpha, found.prices().beta)) : null,
                byTree
                        ? unit.of(found.proof().steps(problem, netBound / unit.size(), PlanWriter.PROOF_NUMBERS))
                        : null);
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
        double gain = unit.of(knapsack.divide(to, members[to], plain.compute[to])
                + knapsack.divide(from, members[from], plain.compute[from])
                - back);
        return new MoveFacts.Move(
                device,
                old,
                now,
                gain,
                String.format(Locale.ROOT, "staying would lose %.4g, moving costs %.4g", gain, cost));
    }
}

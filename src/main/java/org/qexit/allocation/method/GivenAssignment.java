package org.qexit.allocation.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.allocation.SolveOptions;
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

/** Which node serves which device, decided elsewhere: completed to a plan with a bound on all plans, or the start of a search. */
final class GivenAssignment {
    /** Of the time of a search from an incomplete start: for the places of the other devices. */
    private static final double PRICE_SHARE = 0.1;

    private static final int NAMED = 5;

    private final PlanningProblem problem;
    private final JointModel model;
    /** {@code [device]}: its node, or -1. */
    private final int[] given;

    /** @throws UserError if power is a variable or a device cannot be served at all */
    GivenAssignment(PlanningProblem problem, Map<String, String> nodeOf) {
        if (problem.powerMatters()) {
            throw new UserError("given assignments with an energy weight or power budgets that bind are not supported");
        }
        this.problem = problem;
        this.model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        this.given = new int[model.devices];
        Map<String, Integer> nodeIndex = new HashMap<>();
        problem.instance().nodes().forEach(node -> nodeIndex.put(node.id(), nodeIndex.size()));
        for (int n = 0; n < given.length; n++) {
            given[n] = nodeIndex.getOrDefault(nodeOf.get(problem.user(n).id()), -1);
        }
    }

    /** Why it is no plan: devices without a node, pairs that cannot work, nodes that are too small; empty if it is one. */
    List<String> obstacles() {
        List<String> missing = new ArrayList<>();
        List<String> obstacles = new ArrayList<>();
        double[] hertz = new double[model.nodes];
        double[] units = new double[model.nodes];
        for (int n = 0; n < given.length; n++) {
            String id = problem.user(n).id();
            int j = given[n];
            if (j < 0) {
                missing.add(id);
            } else if (!model.canServe(n, j)) {
                obstacles.add("device " + id + " cannot be served by node " + node(j));
            } else {
                hertz[j] += model.need[n][j];
                units[j] += model.load[n][0];
            }
        }
        if (!missing.isEmpty()) {
            String names = String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())));
            obstacles.add(missing.size() + " of " + given.length + " devices have no node: " + names
                    + (missing.size() > NAMED ? ", ..." : ""));
        }
        for (int j = 0; j < model.nodes; j++) {
            addShortage(obstacles, j, "Hz of bandwidth", hertz[j], model.bandwidth[j]);
            addShortage(obstacles, j, "events of compute", units[j], model.compute[j]);
        }
        return obstacles;
    }

    private void addShortage(List<String> obstacles, int j, String unit, double needed, double has) {
        if (needed > has) {
            obstacles.add(String.format(
                    Locale.ROOT, "node %s has %.9g %s; its devices need at least %.9g", node(j), has, unit, needed));
        }
    }

    private String node(int j) {
        return problem.instance().nodes().get(j).id();
    }

    /**
     * Every node's compute divided exactly, with a bound on all plans by the search of {@link ExactMethod}.
     *
     * @throws UserError if it is no plan
     */
    Outcome completed(SolveOptions options, Deadline deadline) {
        List<String> obstacles = obstacles();
        Assignment own = obstacles.isEmpty() ? Assignment.divide(model, given, new NodeKnapsack(model)) : null;
        if (own == null) {
            throw new UserError("the assignment is no plan: "
                    + (obstacles.isEmpty() ? "its devices do not fit" : String.join("; ", obstacles)));
        }
        Outcome best = ExactSearch.run(new Search(model, options, deadline), given);
        return best instanceof Outcome.Found found
                ? new Outcome.Found(own, found.bound(), found.prices(), found.proof(), found.searchNodes(), null)
                : Outcome.Found.unproven(own);
    }

    /** The search of {@link ExactMethod} from here; devices without a node, or with one that cannot serve them, start anywhere. */
    Outcome improved(SolveOptions options, Deadline deadline) {
        int[] start = given.clone();
        if (Arrays.stream(start).anyMatch(j -> j < 0)) {
            CapacityPrices prices = new CapacityPrices(model).converge(deadline.part(PRICE_SHARE));
            start = Primal.start(model, prices);
        }
        for (int n = 0; n < start.length; n++) {
            if (given[n] >= 0 && model.canServe(n, given[n])) {
                start[n] = given[n];
            } else if (!model.canServe(n, start[n])) {
                start[n] = model.allowed[n][0];
            }
        }
        return ExactSearch.run(new Search(model, options, deadline), start);
    }
}

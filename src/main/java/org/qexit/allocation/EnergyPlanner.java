package org.qexit.allocation;

import java.util.List;

/** The plan of the method {@code exact} where energy has a weight or power a budget. */
final class EnergyPlanner {
    private static final int PRICE_STEPS = 1000;

    private EnergyPlanner() {}

    static Plan solve(PlanningProblem problem, String method, SolveOptions options, Deadline deadline) {
        EnergySearch search = new EnergySearch(problem, options, deadline).run();
        if (!search.hasPlan()) {
            Outcome none = search.infeasible()
                    ? Outcome.infeasible(
                            List.of("the devices do not fit into the nodes' bandwidth, power and compute together"))
                    : Outcome.failed(List.of("no plan was found within the limits, nor a proof that there is none"));
            none = Infeasibility.explain(problem, none, options);
            return PlanWriter.plan(problem, method, none, options, deadline.secondsUsed());
        }
        Plan plan =
                PlanWriter.plan(problem, method, outcome(problem, search, deadline), options, deadline.secondsUsed());
        return withBound(plan, search, options);
    }

    /** The outcome for the plan's own objective Σ ρ ln U. */
    private static Outcome outcome(PlanningProblem problem, EnergySearch search, Deadline deadline) {
        Assignment assignment = search.assignment();
        if (problem.energyWeight() == 0) {
            Outcome first = search.first();
            boolean whole = first.assignment() != null
                    && java.util.Arrays.equals(first.assignment().node(), assignment.node())
                    && first.bound() <= search.bound() + 1e-12 * Math.abs(search.bound());
            return whole ? first : new Outcome(assignment, search.bound(), false, null, null, null, search.closed());
        }
        // Energy only takes away: what bounds Σ ρ ln U without it, bounds it with it.
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        CapacityPrices prices = new CapacityPrices(model)
                .run(PRICE_STEPS, Double.NEGATIVE_INFINITY, Deadline.after(5, deadline.stopFlag()));
        return new Outcome(assignment, prices.bound + model.offset, false, null, prices, null, 0);
    }

    private static Plan withBound(Plan plan, EnergySearch search, SolveOptions options) {
        EnergyFacts facts = plan.energy();
        double objective = facts.penalisedObjective();
        double bound = Math.max(search.bound(), objective);
        boolean optimal = bound - objective
                <= Math.max(options.gap(), SolveOptions.PROVEN) * Math.abs(objective) + SolveOptions.PROVEN;
        return plan.with(facts.withBound(bound, search.prices()), optimal ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE);
    }
}

package org.qexit.allocation.method;

import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.energy.EnergySearch;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;

/** The default method: a certified optimum, or a certified gap when a limit strikes; energy and power included where they matter. */
final class ExactMethod implements Allocator {
    /** Volume steps for a bound on Σ ρ ln U alone, which a plan with an energy weight reports beside the penalised one. */
    private static final int PRICE_STEPS = 1000;

    private static final double PRICE_SECONDS = 5;
    /** For it where the search has used its time up. */
    private static final double LATE_SECONDS = 1;

    @Override
    public String name() {
        return Methods.EXACT;
    }

    @Override
    public String summary() {
        return "proportional fairness to certified optimality, or with a certified gap";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        if (!problem.powerMatters()) {
            return ExactSearch.run(
                    new Search(problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS), options, deadline));
        }
        EnergySearch search = new EnergySearch(problem, options, deadline).run();
        if (search.hasPlan()) {
            return withEnergy(problem, search, deadline);
        }
        return search.infeasible()
                ? new Outcome.Infeasible(
                        List.of("the devices do not fit into the nodes' bandwidth, power and compute together"))
                : Outcome.GaveUp.atLimits(Double.POSITIVE_INFINITY, null);
    }

    /** The outcome for the plan's own objective Σ ρ ln U, with what was proved of the penalised one. */
    private static Outcome withEnergy(PlanningProblem problem, EnergySearch search, Deadline deadline) {
        Assignment assignment = search.assignment();
        Outcome.Penalised penalised = new Outcome.Penalised(search.bound(), search.prices(), search.proof());
        if (problem.energyWeight() == 0) {
            boolean whole = search.first() instanceof Outcome.Found first
                    && Arrays.equals(first.assignment().node(), assignment.node())
                    && first.bound() <= search.bound() + 1e-12 * Math.abs(search.bound());
            return whole
                    ? ((Outcome.Found) search.first()).with(penalised)
                    : new Outcome.Found(assignment, search.bound(), null, null, search.closed(), penalised);
        }
        // Energy only takes away: what bounds Σ ρ ln U without it, bounds it with it.
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        double seconds = Math.min(PRICE_SECONDS, Math.max(LATE_SECONDS, deadline.secondsLeft()));
        CapacityPrices prices =
                new CapacityPrices(model).run(PRICE_STEPS, Deadline.after(seconds, deadline.stopFlag()));
        return Outcome.Found.bounded(assignment, prices.trueBound(), prices).with(penalised);
    }
}

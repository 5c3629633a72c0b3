package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;

/** Maximises Σ U_n with the solver of {@link ExactMethod}: what fairness costs is measured against it. */
final class SumUtilityMethod implements Allocator {
    @Override
    public String name() {
        return "sum-utility";
    }

    @Override
    public String summary() {
        return "largest sum of utilities, without fairness";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        Outcome outcome =
                ExactSearch.run(new Search(problem.model(PlanningProblem.Objective.SUM_UTILITY), options, deadline));
        // Its bound is one on Σ U_n, not on the plan's objective: the plan claims none.
        return outcome instanceof Outcome.Found found ? Outcome.Found.unproven(found.assignment()) : outcome;
    }
}

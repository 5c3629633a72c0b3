package org.qexit.allocation;

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
    public Plan solve(PlanningProblem problem, SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        Outcome outcome = problem.unservable().isEmpty()
                ? ExactSearch.run(problem.model(PlanningProblem.Objective.SUM_UTILITY), options, deadline)
                : Outcome.infeasible(problem.unservable());
        outcome = Infeasibility.explain(problem, outcome, options);
        // Its bound is one on Σ U_n, not on the plan's objective: the plan claims none.
        Outcome unbounded = outcome.assignment() == null ? outcome : outcome.withoutBound();
        return Certifying.certify(
                problem.instance(), PlanWriter.plan(problem, name(), unbounded, options, deadline.secondsUsed()));
    }
}

package org.qexit.allocation;

/** The default method: a certified optimum, or a certified gap when a limit strikes. */
final class ExactMethod implements Allocator {
    @Override
    public String name() {
        return "exact";
    }

    @Override
    public String summary() {
        return "proportional fairness to certified optimality, or with a certified gap";
    }

    @Override
    public Plan solve(PlanningProblem problem, SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        if (!problem.unservable().isEmpty()) {
            return PlanWriter.plan(
                    problem, name(), Outcome.infeasible(problem.unservable()), options, deadline.secondsUsed());
        }
        if (problem.powerMatters()) {
            return Certifying.certify(problem.instance(), EnergyPlanner.solve(problem, name(), options, deadline));
        }
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        Outcome outcome = Infeasibility.explain(problem, ExactSearch.run(model, options, deadline), options);
        return Certifying.certify(
                problem.instance(), PlanWriter.plan(problem, name(), outcome, options, deadline.secondsUsed()));
    }
}

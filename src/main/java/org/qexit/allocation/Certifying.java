package org.qexit.allocation;

import org.qexit.allocation.check.PlanCheck;

/** Adds to a plan what an independent check of it found. */
final class Certifying {
    private Certifying() {}

    /** @throws IllegalStateException if the check finds a violation: then the search has a bug */
    static Plan certify(Instance instance, Plan plan) {
        if (!plan.isFeasible()) {
            return plan;
        }
        PlanCheck.Report report = PlanCheck.check(instance, plan);
        if (!report.isClean()) {
            throw new IllegalStateException("the plan of method " + plan.method() + " fails its check: "
                    + String.join("; ", report.violations()));
        }
        return plan.with(
                plan.seconds(),
                plan.certificate().checked(report.objective(), report.recomputedBound(), report.violations()),
                plan.fairness(),
                plan.nodes(),
                plan.published());
    }
}

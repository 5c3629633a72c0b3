package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;

/** Power budgets and energy weights with every method: a plan that holds, or a reason, never a stack trace. */
class PowerBudgetTest {
    static List<String> names() {
        return Methods.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMethodKeepsBudgetsOrSaysWhyNot(String name) {
        for (double share : new double[] {0, 1e-6, 0.3, 0.7, 1.2, 5}) {
            for (long seed = 1; seed <= 12; seed++) {
                Instance fleet = Fleets.withPowerBudgets(Fleets.random(seed, 4, 2), share);
                for (double kappa : new double[] {0, 0.5}) {
                    PlanningProblem problem = PlanningProblem.of(fleet).withEnergyWeight(kappa);
                    Plan plan = Planner.of(problem.instance())
                            .withEnergyWeight(problem.energyWeight())
                            .plan(name, SolveOptions.defaults().withSeconds(10));
                    if (plan.isFeasible()) {
                        assertEquals(List.of(), PlanCheck.check(fleet, plan).violations());
                        assertTrue(plan.energy().kktResidual() < 1e-6, "residual of " + seed);
                        assertEquals(
                                kappa * plan.energy().expectedJoules(),
                                plan.energy().energyTerm());
                    } else {
                        assertFalse(plan.reasons().isEmpty());
                    }
                }
            }
        }
    }
}

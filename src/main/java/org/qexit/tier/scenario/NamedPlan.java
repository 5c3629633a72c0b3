package org.qexit.tier.scenario;

import org.qexit.allocation.Plan;
import org.qexit.common.Checks;

/**
 * A plan to be simulated.
 *
 * @param name as tables show it
 */
public record NamedPlan(String name, Plan plan) {
    public NamedPlan {
        Checks.notBlank("name", name);
        Checks.present("plan", plan);
    }
}

package org.qexit.allocation;

import org.qexit.common.Checks;

/**
 * What holds of a large fleet's plan as a whole, {@code plan.json} beside the Parquet files of its devices (docs/scale.md).
 *
 * @param format must be {@value #FORMAT}
 * @param fleet the fleet's name
 * @param objective Σ ρ_n ln U_n
 * @param bound no plan has a larger objective
 * @param gapPercent 100 (bound − objective) / |objective|
 * @param devices how many
 * @param prices that prove the bound, in the order of the fleet's nodes
 */
public record FleetPlan(
        String format,
        String fleet,
        double objective,
        double bound,
        double gapPercent,
        long devices,
        Certificate.Multipliers prices) {
    public static final String FORMAT = "qexit.fleet-plan/1";
    /** Its name in the plan's directory. */
    public static final String NAME = "plan.json";

    public FleetPlan {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("fleet", fleet);
        Checks.present("prices", prices);
    }
}

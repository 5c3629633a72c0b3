package org.qexit.nn.loss;

import org.qexit.common.Checks;

/**
 * The decision rule of Eq. (2) made smooth, docs/maths.md §6.
 *
 * @param margin how distance from a threshold is measured
 * @param steepness t, per unit of that margin
 * @param lower threshold l
 * @param upper threshold u; may be infinite
 */
public record SoftRule(Margin margin, double steepness, double lower, double upper) {
    public SoftRule {
        Checks.present("margin", margin);
        Checks.positive("steepness", steepness);
        Checks.within("lower", lower, 0, 1);
        Checks.within("upper", upper, lower, Double.POSITIVE_INFINITY);
    }

    /** The logit of a threshold; those of 0 and 1 are infinite, and so is that of "never". */
    static double logit(double threshold) {
        return threshold >= 1 ? Double.POSITIVE_INFINITY : Math.log(threshold) - Math.log1p(-threshold);
    }
}

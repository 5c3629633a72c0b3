package org.qexit.nn.loss;

import org.qexit.common.Checks;
import org.qexit.trace.ExitThresholds;

/**
 * The decision rule of Eq. (2), or of docs/maths.md §11 with thresholds for each exit, made smooth, docs/maths.md §6. Immutable.
 */
public final class SoftRule {
    private final Margin margin;
    private final double steepness;
    /** One for all exits, or {@code [exit]}. */
    private final double[] lower;

    private final double[] upper;

    private SoftRule(Margin margin, double steepness, double[] lower, double[] upper) {
        this.margin = Checks.present("margin", margin);
        this.steepness = Checks.positive("steepness", steepness);
        this.lower = lower;
        this.upper = upper;
    }

    /**
     * The same thresholds at all exits.
     *
     * @param margin how distance from a threshold is measured
     * @param steepness t, per unit of that margin
     * @param lower threshold l in [0, 1]
     * @param upper threshold u &ge; l; may be infinite
     */
    public SoftRule(Margin margin, double steepness, double lower, double upper) {
        this(margin, steepness, new double[] {Checks.within("lower", lower, 0, 1)}, new double[] {
            Checks.within("upper", upper, lower, Double.POSITIVE_INFINITY)
        });
    }

    /** Thresholds for each exit; a test that never or always fires is one at an infinite threshold, which has no gradient. */
    public static SoftRule of(Margin margin, double steepness, ExitThresholds thresholds) {
        double[] lower = new double[thresholds.exits()];
        double[] upper = new double[thresholds.exits()];
        for (int q = 0; q < lower.length; q++) {
            lower[q] = thresholds.lower(q);
            upper[q] = thresholds.upper(q);
        }
        return of(margin, steepness, lower, upper);
    }

    /** The same in double precision, {@code [exit]}; l_q &le; u_q, both in [0, 1] or infinite. */
    static SoftRule of(Margin margin, double steepness, double[] lower, double[] upper) {
        return new SoftRule(margin, steepness, lower.clone(), upper.clone());
    }

    /** How distance from a threshold is measured. */
    public Margin margin() {
        return margin;
    }

    /** t, per unit of that margin. */
    public double steepness() {
        return steepness;
    }

    /** l of exit 1, and of all exits where they share it. */
    public double lower() {
        return lower[0];
    }

    /** u of exit 1, and of all exits where they share it. */
    public double upper() {
        return upper[0];
    }

    /** l of an exit, from 0. */
    public double lower(int exit) {
        return lower[lower.length == 1 ? 0 : exit];
    }

    /** u of an exit, from 0. */
    public double upper(int exit) {
        return upper[upper.length == 1 ? 0 : exit];
    }

    /** @throws IllegalArgumentException if it has thresholds for another number of exits */
    void check(int exits) {
        if (lower.length != 1 && lower.length != exits) {
            throw new IllegalArgumentException("thresholds of " + lower.length + " exits; expected " + exits);
        }
    }

    /** The logit of a threshold; those of 0 and 1 are infinite, and so are those of "never" and "always". */
    static double logit(double threshold) {
        if (threshold <= 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return threshold >= 1 ? Double.POSITIVE_INFINITY : StrictMath.log(threshold) - StrictMath.log1p(-threshold);
    }
}

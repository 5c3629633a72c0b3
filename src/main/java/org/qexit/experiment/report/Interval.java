package org.qexit.experiment.report;

import org.qexit.common.Checks;
import org.qexit.trace.Rate;

/**
 * A figure with its 95 % interval, or an undefined figure: all three null (an empty denominator is not zero).
 *
 * @param value the estimate, or null
 * @param low lower end, or null
 * @param high upper end, or null
 */
public record Interval(Double value, Double low, Double high) {
    private static final Interval UNDEFINED = new Interval(null, null, null);

    /** @throws IllegalArgumentException unless low &le; value &le; high, all finite, or all three are null */
    public Interval {
        boolean undefined = value == null && low == null && high == null;
        if (!undefined
                && (value == null
                        || low == null
                        || high == null
                        || !(low <= value && value <= high && low > Double.NEGATIVE_INFINITY && high < 1 / 0.0))) {
            throw new IllegalArgumentException("interval (" + value + ", " + low + ", " + high
                    + "); expected finite low <= value <= high, or nothing at all");
        }
    }

    public static Interval undefined() {
        return UNDEFINED;
    }

    /** A rate with its Wilson interval; undefined where the rate is. */
    public static Interval of(Rate rate) {
        return rate.defined() ? new Interval(rate.value(), rate.low(), rate.high()) : UNDEFINED;
    }

    /** The rate k/n with its Wilson score interval, see {@link Rate}. Undefined for n = 0. */
    public static Interval wilson(long successes, long trials) {
        return of(Rate.of(successes, trials));
    }

    public boolean defined() {
        return value != null;
    }

    static Interval present(String name, Interval interval) {
        return Checks.present(name, interval);
    }
}

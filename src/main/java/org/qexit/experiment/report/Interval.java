package org.qexit.experiment.report;

import org.qexit.common.Checks;

/**
 * A figure with its 95 % interval, or an undefined figure: all three null (an empty denominator is not zero).
 *
 * @param value the estimate, or null
 * @param low lower end, or null
 * @param high upper end, or null
 */
public record Interval(Double value, Double low, Double high) {
    /** The 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

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

    /**
     * Wilson's score interval of a rate, p = k/n: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). E. B. Wilson, JASA 22
     * (1927) 209-212. Undefined for n = 0.
     */
    public static Interval wilson(long successes, long trials) {
        if (trials < 0 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    successes + " successes of " + trials + " trials; expected 0 <= successes <= trials");
        }
        if (trials == 0) {
            return UNDEFINED;
        }
        double p = (double) successes / trials;
        double z2 = Z * Z / trials;
        double centre = p + z2 / 2;
        double half = Math.sqrt(p * (1 - p) * z2 + z2 * z2 / 4);
        // Rounding must not push an end past the estimate where the formula meets it exactly (k = 0 and k = n).
        double low = successes == 0 ? 0 : Math.min(p, (centre - half) / (1 + z2));
        double high = successes == trials ? 1 : Math.max(p, (centre + half) / (1 + z2));
        return new Interval(p, low, high);
    }

    public boolean defined() {
        return value != null;
    }

    static Interval present(String name, Interval interval) {
        return Checks.present(name, interval);
    }
}

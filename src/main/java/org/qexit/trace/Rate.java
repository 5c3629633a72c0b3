package org.qexit.trace;

import org.qexit.common.Checks;

/**
 * A proportion with its count and its 95 % Wilson score interval
 * {@code (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)} (Wilson 1927). Undefined when {@code of} is 0: then value and
 * bounds are null, and left out of JSON.
 *
 * @param count events that have the property
 * @param of events that could have it
 * @param value count / of, or null
 * @param low lower end of the interval, or null
 * @param high upper end of the interval, or null
 */
public record Rate(long count, long of, Double value, Double low, Double high) {
    /** The 97.5 % point of the standard normal distribution. */
    public static final double Z = 1.959963984540054;

    public static Rate of(long count, long of) {
        if (count < 0 || count > of) {
            throw new IllegalArgumentException("count is " + count + " of " + of + "; expected 0 to " + of);
        }
        if (of == 0) {
            return new Rate(count, of, null, null, null);
        }
        double n = of;
        double p = count / n;
        double centre = p + Z * Z / (2 * n);
        double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        double scale = 1 + Z * Z / n;
        // At the ends the interval reaches the end exactly; rounding must not leave it a hair short of it.
        double low = count == 0 ? 0 : Math.max(0, (centre - half) / scale);
        double high = count == of ? 1 : Math.min(1, (centre + half) / scale);
        return new Rate(count, of, p, low, high);
    }

    public boolean defined() {
        return value != null;
    }

    /** @throws IllegalArgumentException if undefined */
    public double orThrow() {
        return Checks.present("a rate of " + count + " in " + of + " events", value);
    }

    /** "0.834 [0.791, 0.870]", or "undefined". */
    @Override
    public String toString() {
        return defined() ? String.format(java.util.Locale.ROOT, "%.3f [%.3f, %.3f]", value, low, high) : "undefined";
    }
}

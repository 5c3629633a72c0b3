package org.qexit.threshold;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.qexit.common.UserError;

/**
 * How many events a device may offload: a number of events, or a fraction of its events.
 *
 * @param events the number, or null if a fraction is given
 * @param fraction of the events, 0 to 1, or null; decimal, so that 0.29 of 100 events is 29 and not 28
 */
public record Budget(Long events, BigDecimal fraction) {
    public Budget {
        if ((events == null) == (fraction == null)) {
            throw new IllegalArgumentException("a budget is either a number of events or a fraction");
        }
        if (events != null && events < 0 || fraction != null && !isFraction(fraction)) {
            throw new IllegalArgumentException("budget is " + (events != null ? events : fraction)
                    + "; expected >= 0 events, or a fraction from 0 to 1");
        }
    }

    /** Whether a number is from 0 to 1. */
    public static boolean isFraction(BigDecimal value) {
        return value.signum() >= 0 && value.compareTo(BigDecimal.ONE) <= 0;
    }

    /** "120" or "120 events" is a number of events; "0.1", "1.0" or "10 %" is a fraction. */
    public static Budget parse(String text) {
        String value = text.strip();
        try {
            if (value.endsWith("%")) {
                return new Budget(
                        null,
                        new BigDecimal(value.substring(0, value.length() - 1).strip()).movePointLeft(2));
            }
            String number = value.replaceFirst("\\s*events?$", "");
            boolean whole = number.matches("[+-]?[0-9]+");
            return whole ? new Budget(Long.parseLong(number), null) : new Budget(null, new BigDecimal(number));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "--budget is '" + text
                            + "'; expected a fraction of the events (0.1 or 10%) or a number of events (120). Maybe a fraction"
                            + " from 0 to 1 was meant",
                    e);
        }
    }

    /** Offloads allowed for a device of {@code total} events: a fraction is rounded down. */
    public long of(long total) {
        return events != null ? events : floor(fraction, total);
    }

    /** The offload rate allowed for a device of {@code total} events, at most 1. */
    public double rate(long total) {
        return events != null ? (total == 0 ? 1 : Math.min(1, events / (double) total)) : fraction.doubleValue();
    }

    /** The number of so many events that a fraction allows, rounded down. */
    public static long floor(BigDecimal fraction, long total) {
        return fraction.multiply(BigDecimal.valueOf(total))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }
}

package org.qexit.tier.live.authority;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a certificate or list is valid, in whole seconds, as certificates have it.
 *
 * @param from first moment
 * @param to last moment
 */
public record Validity(Instant from, Instant to) {
    /** So that a peer whose clock is behind takes a new certificate at once. */
    private static final Duration CLOCK_ERROR = Duration.ofMinutes(5);

    private static final int MAX_DAYS = 36_525;

    /** @throws IllegalArgumentException unless {@code from < to} */
    public Validity {
        from = from.truncatedTo(ChronoUnit.SECONDS);
        to = to.truncatedTo(ChronoUnit.SECONDS);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("validity is " + from + " to " + to + "; expected an interval");
        }
    }

    /** From some minutes ago until so many days from now. */
    public static Validity days(int days) {
        if (days < 1 || days > MAX_DAYS) {
            throw new IllegalArgumentException("days is " + days + "; expected 1 to " + MAX_DAYS);
        }
        Instant now = Instant.now();
        return new Validity(now.minus(CLOCK_ERROR), now.plus(Duration.ofDays(days)));
    }
}

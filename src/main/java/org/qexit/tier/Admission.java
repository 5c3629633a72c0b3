package org.qexit.tier;

import org.qexit.common.Checks;

/**
 * How many events a node takes from one device: a token bucket that gains w tokens per period and holds w, or one where w is less. It begins
 * full. Over any time T it admits at most w + w T / period events, rounded up.
 */
public final class Admission {
    private final double perSecond;
    private final double most;
    private double tokens;
    private double since;

    /**
     * @param events w &ge; 0, events per period
     * @param periodSeconds the period
     */
    public Admission(double events, double periodSeconds) {
        perSecond = Checks.nonNegative("events", events) / Checks.positive("periodSeconds", periodSeconds);
        most = Math.max(1, events);
        tokens = events > 0 ? most : 0;
    }

    /**
     * Takes a token if there is one.
     *
     * @param now seconds on any clock that does not go back
     * @return 0 if the event is admitted, else the time to wait until one would be [s]; +&infin; where w is 0
     */
    public double admit(double now) {
        return admit(now, 1);
    }

    /**
     * Takes a token for each of some events, or none.
     *
     * @param now seconds on any clock that does not go back
     * @param events at least 1
     * @return 0 if they are admitted, else the time to wait until they would be [s]; +&infin; where there are never so many tokens
     */
    public double admit(double now, int events) {
        Checks.within("events", events, 1, Integer.MAX_VALUE);
        if (!(now >= since)) {
            throw new IllegalArgumentException("now is " + now + "; expected at least " + since);
        }
        tokens = Math.min(most, tokens + (now - since) * perSecond);
        since = now;
        // A wait that was kept to must be enough, whatever the rounding.
        if (tokens >= events - ROUNDING) {
            tokens = Math.max(0, tokens - events);
            return 0;
        }
        return events > most ? Double.POSITIVE_INFINITY : (events - tokens) / perSecond;
    }

    /** Puts back the tokens of events that were admitted and then not answered. */
    public void giveBack(int events) {
        tokens = Math.min(most, tokens + Checks.within("events", events, 1, Integer.MAX_VALUE));
    }

    private static final double ROUNDING = 1e-9;

    /** Tokens and the time they were counted at, for {@link #restore}. */
    public double[] state() {
        return new double[] {tokens, since};
    }

    /** Goes on from a {@link #state}. */
    public void restore(double[] state) {
        tokens = Checks.within("tokens", state[0], 0, most);
        since = Checks.nonNegative("since", state[1]);
    }
}

package org.qexit.quantum.shots;

import org.qexit.common.Checks;

/**
 * How a {@link MeanTest} weighs what it sees; all are valid at every number of shots at once. Measured on trained heads
 * ({@code experiments/shots}), betting needs the fewest shots.
 */
public enum Bound {
    /** Sub-Gaussian, blind to the variance: Waudby-Smith and Ramdas 2023 (JRSS B 86), Theorem 1. */
    HOEFFDING,
    /** Predictable plug-in empirical Bernstein: the same, Theorem 2. */
    EMPIRICAL_BERNSTEIN,
    /** One side of the hedged capital, with the plug-in's bets: the same, Theorem 3. */
    HEDGED_CAPITAL,
    /** The mean capital of bettors with stakes of a geometric grid; the wealth does not depend on the order of the shots. */
    BETTING;

    /**
     * A test of "mean at most m".
     *
     * @param m in (0, 1)
     * @param alpha error probability in (0, 1)
     */
    public MeanTest test(double m, double alpha) {
        if (!(m > 0 && m < 1)) {
            throw new IllegalArgumentException("m is " + m + "; expected more than 0 and less than 1");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected more than 0 and less than 1");
        }
        return switch (Checks.present("bound", this)) {
            case HOEFFDING -> new PlugInTest(m, alpha, false);
            case EMPIRICAL_BERNSTEIN -> new PlugInTest(m, alpha, true);
            case HEDGED_CAPITAL -> new HedgedTest(m, alpha);
            case BETTING -> new BettingTest(m, alpha);
        };
    }

    /** As files and commands write it. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return word();
    }
}

package org.qexit.common.statistics;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.qexit.common.Checks;

/**
 * One-sided limits of a binomial proportion from x successes in n trials (Clopper and Pearson, Biometrika 26, 1934), exact: each misses the
 * proportion with probability at most &alpha;, whatever it is.
 */
public final class ClopperPearson {
    private ClopperPearson() {}

    /** The p with P(Bin(n, p) &ge; x) = &alpha;; 0 for x = 0. */
    public static double lower(int count, int of, double alpha) {
        check(count, of, alpha);
        return count == 0 ? 0 : BetaDistribution.of(count, of - count + 1.0).inverseCumulativeProbability(alpha);
    }

    /** The p with P(Bin(n, p) &le; x) = &alpha;; 1 for x = n. */
    public static double upper(int count, int of, double alpha) {
        check(count, of, alpha);
        return count == of ? 1 : BetaDistribution.of(count + 1.0, of - count).inverseSurvivalProbability(alpha);
    }

    private static void check(int count, int of, double alpha) {
        Checks.within("trials", of, 1, Integer.MAX_VALUE);
        Checks.within("successes", count, 0, of);
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected between 0 and 1");
        }
    }
}

package org.qexit.threshold;

import java.math.BigDecimal;

/**
 * What is asked about each device's trace.
 *
 * @param budget offloads allowed, or null: the frontier alone
 * @param maxFalsePositiveRate cap on FP / |N|, from 0 to 1, or null
 * @param delta chance with which a guarantee may fail, or null for the plain choice
 * @param all whether every point of the frontier is wanted even though a budget is given
 * @param baselines whether the baselines are wanted beside the choice
 * @param seed of the split that a guarantee needs
 */
public record ThresholdQuery(
        Budget budget, BigDecimal maxFalsePositiveRate, Double delta, boolean all, boolean baselines, long seed) {
    public ThresholdQuery {
        if (maxFalsePositiveRate != null && !Budget.isFraction(maxFalsePositiveRate)) {
            throw new IllegalArgumentException("max-fpr is " + maxFalsePositiveRate + "; expected 0 to 1");
        }
        if (delta != null && !(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("guarantee is " + delta + "; expected a probability between 0 and 1");
        }
        if (budget == null && delta != null && maxFalsePositiveRate == null) {
            throw new IllegalArgumentException("a guarantee needs a cap; expected a budget or a max-fpr");
        }
        if (budget == null && baselines) {
            throw new IllegalArgumentException("baselines need a budget to be compared at");
        }
    }

    /** The frontier of every device, nothing else. */
    public static ThresholdQuery frontier() {
        return new ThresholdQuery(null, null, null, true, false, 0);
    }

    /** Whether one pair of thresholds is asked for. */
    public boolean chooses() {
        return budget != null || delta != null;
    }

    int maxFalsePositives(int normal) {
        return maxFalsePositiveRate == null ? Integer.MAX_VALUE : (int) Budget.floor(maxFalsePositiveRate, normal);
    }
}

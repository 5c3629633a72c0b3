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
 * @param cost cap on the mean local cost, or null
 * @param maxInconsistency cap on the share of events that the exit taken decides otherwise than the last exit would, with a guarantee; or
 *     null
 * @param crossFits how often the choice is repeated on folds to say what it is worth on events that it has not seen; 0 leaves it out
 * @param bootstrap how often the choice is repeated on events drawn with replacement to say how much its rates vary; 0 leaves it out
 */
public record ThresholdQuery(
        Budget budget,
        BigDecimal maxFalsePositiveRate,
        Double delta,
        boolean all,
        boolean baselines,
        long seed,
        LocalCost cost,
        BigDecimal maxInconsistency,
        int crossFits,
        int bootstrap) {
    public ThresholdQuery {
        if (maxFalsePositiveRate != null && !Budget.isFraction(maxFalsePositiveRate)) {
            throw new IllegalArgumentException("max-fpr is " + maxFalsePositiveRate + "; expected 0 to 1");
        }
        if (delta != null && !(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("guarantee is " + delta + "; expected a probability between 0 and 1");
        }
        if (maxInconsistency != null && !Budget.isFraction(maxInconsistency)) {
            throw new IllegalArgumentException("max-inconsistency is " + maxInconsistency + "; expected 0 to 1");
        }
        if (maxInconsistency != null && delta == null) {
            throw new IllegalArgumentException("max-inconsistency stands without guarantee; expected the two together");
        }
        if (budget == null && delta != null && maxFalsePositiveRate == null && maxInconsistency == null) {
            throw new IllegalArgumentException(
                    "a guarantee needs a cap; expected a budget, a max-fpr or a max-inconsistency");
        }
        if (crossFits < 0) {
            throw new IllegalArgumentException("cross-fit is " + crossFits + "; expected >= 0 repetitions");
        }
        if (bootstrap < 0 || bootstrap > Bootstrap.MOST) {
            throw new IllegalArgumentException(
                    "bootstrap is " + bootstrap + "; expected 0 to " + Bootstrap.MOST + " resamples");
        }
        if (bootstrap > 0 && delta != null) {
            throw new IllegalArgumentException("bootstrap stands beside a guarantee; expected a plain choice");
        }
        if (budget == null && baselines) {
            throw new IllegalArgumentException("baselines need a budget to be compared at");
        }
        if (cost != null && (delta != null || all || baselines)) {
            throw new IllegalArgumentException("max-cost stands beside a guarantee, all or baselines;"
                    + " expected it beside budget and max-fpr alone");
        }
    }

    /** Without a cap on inconsistency, cross-fitting and bootstrap. */
    public ThresholdQuery(
            Budget budget,
            BigDecimal maxFalsePositiveRate,
            Double delta,
            boolean all,
            boolean baselines,
            long seed,
            LocalCost cost) {
        this(budget, maxFalsePositiveRate, delta, all, baselines, seed, cost, null, 0, 0);
    }

    /** The frontier of every device, nothing else. */
    public static ThresholdQuery frontier() {
        return new ThresholdQuery(null, null, null, true, false, 0, null);
    }

    /** Whether one pair of thresholds is asked for. */
    public boolean chooses() {
        return budget != null || delta != null || cost != null;
    }

    /** Most false positives among so many normal events. */
    public int maxFalsePositives(int normal) {
        return maxFalsePositiveRate == null ? Integer.MAX_VALUE : (int) Budget.floor(maxFalsePositiveRate, normal);
    }
}

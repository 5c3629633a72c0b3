package org.qexit.threshold.offload;

import java.math.BigDecimal;
import java.util.Arrays;
import org.qexit.threshold.Budget;
import org.qexit.trace.DeviceTrace;

/**
 * How likely an edge node is to call each event of a device critical, if it is sent, in whole {@code scale}-ths: sums are exact. The array is
 * not copied; do not change it.
 *
 * @param critical 0 to {@code scale}, {@code [event]}
 * @param scale 1 where the answers are known, else as many as the decimals of the stated rates ask for
 */
public record NodeAnswers(int[] critical, int scale) {
    /** Decimals that a stated rate may have. */
    private static final int MOST_DECIMALS = 9;

    public NodeAnswers {
        if (scale < 1) {
            throw new IllegalArgumentException("scale is " + scale + "; expected at least 1");
        }
        for (int units : critical) {
            if (units < 0 || units > scale) {
                throw new IllegalArgumentException("answer is " + units + "; expected 0 to " + scale);
            }
        }
    }

    /**
     * A node of which only its rates are known, the same for all events of a class: counts are then expectations.
     *
     * @param trueRate how often it calls a critical event critical, 0 to 1
     * @param falseRate how often it calls a normal one critical, 0 to 1
     */
    public record Rates(BigDecimal trueRate, BigDecimal falseRate) {
        public Rates {
            check("node-tpr", trueRate);
            check("node-fpr", falseRate);
        }

        private static void check(String name, BigDecimal rate) {
            if (!Budget.isFraction(rate)) {
                throw new IllegalArgumentException(name + " is " + rate + "; expected 0 to 1");
            }
            if (rate.stripTrailingZeros().scale() > MOST_DECIMALS) {
                throw new IllegalArgumentException(
                        name + " is " + rate + "; expected at most " + MOST_DECIMALS + " decimals");
            }
        }

        /** The answers to expect. */
        public NodeAnswers of(DeviceTrace trace) {
            int decimals = Math.max(
                    0,
                    Math.max(
                            trueRate.stripTrailingZeros().scale(),
                            falseRate.stripTrailingZeros().scale()));
            int[] byLabel = {
                falseRate.movePointRight(decimals).intValueExact(),
                trueRate.movePointRight(decimals).intValueExact()
            };
            int[] critical = new int[trace.size()];
            Arrays.setAll(critical, k -> byLabel[trace.labels()[k]]);
            return new NodeAnswers(
                    critical, BigDecimal.ONE.movePointRight(decimals).intValueExact());
        }
    }

    /** Whether the answers are known event by event. */
    public boolean known() {
        return scale == 1;
    }
}

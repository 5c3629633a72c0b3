package org.qexit.nn.training;

import org.qexit.nn.TrainingConfig;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.SoftRule;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/**
 * The thresholds of the surrogate: a pair in double precision, or thresholds for each exit.
 *
 * @param lower l of the pair
 * @param upper u of the pair; null for "never"
 * @param perExit instead of the pair, or null
 */
record SurrogateThresholds(double lower, Double upper, ExitThresholds perExit) {
    /** The most that one batch may move a learned threshold. */
    private static final double LARGEST_STEP = 0.01;

    /** Those that a configuration begins with. */
    static SurrogateThresholds initial(TrainingConfig.ThresholdSource source, int exits) {
        Thresholds pair =
                new Thresholds(source.lower().floatValue(), source.upper().floatValue());
        return new SurrogateThresholds(
                source.lower(),
                source.upper(),
                source.rule() == RuleKind.PER_EXIT ? ExitThresholds.of(pair, exits) : null);
    }

    /** Those that a search has chosen, as the same kind of rule. */
    SurrogateThresholds chosen(Rule rule) {
        if (perExit != null) {
            return new SurrogateThresholds(lower, upper, rule.perExit(perExit.exits()));
        }
        if (rule instanceof Thresholds pair) {
            return new SurrogateThresholds(pair.lower(), EpochRecord.finite(pair.upper()), null);
        }
        throw new IllegalArgumentException("thresholds per exit were chosen; expected a pair, as the rule says");
    }

    /** The soft decision by them. */
    SoftRule soft(Margin margin, double steepness) {
        return perExit == null
                ? new SoftRule(margin, steepness, lower, upper == null ? Double.POSITIVE_INFINITY : upper)
                : SoftRule.of(margin, steepness, perExit);
    }

    /** What a loss knows of an exit's thresholds. */
    interface Slopes {
        double of(int exit);
    }

    /**
     * After a projected gradient step of the primal problem's size, bounded so that one odd batch cannot throw a threshold away.
     *
     * @param byLower &part;L/&part;l_q; of a pair, exit 0 stands for their sum
     * @param byUpper &part;L/&part;u_q, likewise
     */
    SurrogateThresholds after(double learningRate, Slopes byLower, Slopes byUpper) {
        if (perExit == null) {
            double low = moved(lower, learningRate * byLower.of(0), 0);
            double high = upper == null ? Double.POSITIVE_INFINITY : upper;
            return new SurrogateThresholds(
                    low, EpochRecord.finite(moved(high, learningRate * byUpper.of(0), low)), null);
        }
        float[] low = new float[perExit.exits()];
        float[] high = new float[low.length];
        for (int q = 0; q < low.length; q++) {
            low[q] = (float) moved(perExit.lower(q), learningRate * byLower.of(q), 0);
            high[q] = (float) moved(perExit.upper(q), learningRate * byUpper.of(q), low[q]);
        }
        return new SurrogateThresholds(lower, upper, ExitThresholds.of(low, high));
    }

    /** A test that never or always fires stays so, for its gradient is 0. */
    private static double moved(double threshold, double step, double least) {
        if (Double.isInfinite(threshold)) {
            return threshold;
        }
        double bounded = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step));
        return Math.max(least, Math.min(1, threshold - bounded));
    }
}

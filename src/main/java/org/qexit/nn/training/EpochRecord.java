package org.qexit.nn.training;

import java.util.List;
import org.qexit.trace.Thresholds;

/**
 * What an epoch came to. Losses are means over its batches; null where there was no surrogate.
 *
 * @param epoch from 1
 * @param loss L
 * @param crossEntropies CE_q, {@code [exit]}
 * @param utility Ũ
 * @param offload Õ
 * @param steepness t
 * @param multiplier μ at the end
 * @param trainingLower l that the surrogate used
 * @param trainingUpper u that the surrogate used; null for "never"
 * @param lower l chosen on the held-out events after the epoch
 * @param upper u chosen there; null for "never"
 * @param heldOutLoss mean cross-entropy of the held-out events, over events and exits
 * @param heldOutAccuracies share of held-out events right at confidence 1/2, {@code [exit]}
 * @param heldOutTruePositiveRate TPR at the chosen thresholds
 * @param heldOutOffloadRate OFR at the chosen thresholds
 * @param seconds wall-clock time of the epoch
 * @param falsePositives F̃
 * @param falsePositiveMultiplier ν at the end; null without a cap
 * @param heldOutFalsePositiveRate FPR at the chosen thresholds; null in records of older versions
 * @param learningRate of the epoch's last step; null in records of older versions
 */
public record EpochRecord(
        int epoch,
        double loss,
        List<Double> crossEntropies,
        Double utility,
        Double offload,
        double steepness,
        double multiplier,
        double trainingLower,
        Double trainingUpper,
        double lower,
        Double upper,
        double heldOutLoss,
        List<Double> heldOutAccuracies,
        double heldOutTruePositiveRate,
        double heldOutOffloadRate,
        double seconds,
        Double falsePositives,
        Double falsePositiveMultiplier,
        Double heldOutFalsePositiveRate,
        Double learningRate) {
    public EpochRecord {
        crossEntropies = List.copyOf(crossEntropies);
        heldOutAccuracies = List.copyOf(heldOutAccuracies);
    }

    /** Whether this epoch's model is to be preferred: more critical events found, or as many at a lower loss. */
    boolean betterThan(EpochRecord other) {
        return heldOutTruePositiveRate > other.heldOutTruePositiveRate
                || heldOutTruePositiveRate == other.heldOutTruePositiveRate && heldOutLoss < other.heldOutLoss;
    }

    /** The same epoch with other thresholds on the held-out events. */
    EpochRecord judgedAnew(Thresholds chosen, HeldOutEvaluation evaluation) {
        return new EpochRecord(
                epoch,
                loss,
                crossEntropies,
                utility,
                offload,
                steepness,
                multiplier,
                trainingLower,
                trainingUpper,
                chosen.lower(),
                finite(chosen.upper()),
                heldOutLoss,
                heldOutAccuracies,
                evaluation.truePositiveRate(),
                evaluation.offloadRate(),
                seconds,
                falsePositives,
                falsePositiveMultiplier,
                evaluation.falsePositiveRate(),
                learningRate);
    }

    /** Those chosen on the held-out events. */
    Thresholds thresholds() {
        return new Thresholds((float) lower, upper == null ? Thresholds.NEVER : upper.floatValue());
    }

    static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

package org.qexit.nn.training;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.qexit.nn.training.utility.HeldOutEvaluation;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What an epoch came to. Losses are means over its batches; null where there was no surrogate. Of an edge node's model, which is trained for
 * no budget, everything about surrogate and thresholds is null.
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
 * @param heldOutLoss mean cross-entropy of the held-out events, over events and exits; of classes, weighted as in training
 * @param heldOutAccuracies share of held-out events right at confidence 1/2, or by the most probable class, {@code [exit]}
 * @param heldOutTruePositiveRate TPR at the chosen thresholds
 * @param heldOutOffloadRate OFR at the chosen thresholds
 * @param seconds wall-clock time of the epoch
 * @param falsePositives F̃
 * @param falsePositiveMultiplier ν at the end; null without a cap
 * @param heldOutFalsePositiveRate FPR at the chosen thresholds; null in records of older versions
 * @param learningRate of the epoch's last step; null in records of older versions
 * @param trainingPerExit thresholds for each exit that the surrogate used, instead of a pair; null for a pair
 * @param perExit thresholds for each exit chosen on the held-out events, instead of a pair; null for a pair
 */
public record EpochRecord(
        int epoch,
        double loss,
        List<Double> crossEntropies,
        Double utility,
        Double offload,
        Double steepness,
        Double multiplier,
        Double trainingLower,
        Double trainingUpper,
        Double lower,
        Double upper,
        double heldOutLoss,
        List<Double> heldOutAccuracies,
        Double heldOutTruePositiveRate,
        Double heldOutOffloadRate,
        double seconds,
        Double falsePositives,
        Double falsePositiveMultiplier,
        Double heldOutFalsePositiveRate,
        Double learningRate,
        ExitThresholds trainingPerExit,
        ExitThresholds perExit) {
    public EpochRecord {
        crossEntropies = List.copyOf(crossEntropies);
        heldOutAccuracies = List.copyOf(heldOutAccuracies);
    }

    /** Whether this epoch's model is to be preferred: more critical events found where that is the aim, or as many at a lower loss. */
    boolean betterThan(EpochRecord other) {
        double found = heldOutTruePositiveRate == null ? 0 : heldOutTruePositiveRate;
        double otherFound = other.heldOutTruePositiveRate == null ? 0 : other.heldOutTruePositiveRate;
        return found > otherFound || found == otherFound && heldOutLoss < other.heldOutLoss;
    }

    /** Of an edge node's model. */
    static EpochRecord ofClasses(
            int epoch,
            EpochSums sums,
            double heldOutLoss,
            List<Double> accuracies,
            double seconds,
            double learningRate) {
        return new EpochRecord(
                epoch,
                sums.meanLoss(),
                sums.meanCrossEntropies(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                heldOutLoss,
                accuracies,
                null,
                null,
                seconds,
                null,
                null,
                null,
                learningRate,
                null,
                null);
    }

    /** Whether thresholds were chosen after it, as for a device's model. */
    public boolean hasThresholds() {
        return lower != null || perExit != null;
    }

    /**
     * What held-out events say of it.
     *
     * @param digits behind the point
     */
    public String words(int digits) {
        if (hasThresholds()) {
            return String.format(
                    Locale.ROOT,
                    "TPR %." + digits + "f at OFR %." + digits + "f",
                    heldOutTruePositiveRate,
                    heldOutOffloadRate);
        }
        return heldOutAccuracies.stream()
                .map(accuracy -> String.format(Locale.ROOT, "%." + digits + "f", accuracy))
                .collect(Collectors.joining(", ", "accuracy by exit ", ""));
    }

    /** The same epoch with other thresholds on the held-out events. */
    EpochRecord judgedAnew(Rule chosen, HeldOutEvaluation evaluation) {
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
                chosen instanceof Thresholds pair ? (Double) (double) pair.lower() : null,
                chosen instanceof Thresholds pair ? finite(pair.upper()) : null,
                heldOutLoss,
                heldOutAccuracies,
                evaluation.truePositiveRate(),
                evaluation.offloadRate(),
                seconds,
                falsePositives,
                falsePositiveMultiplier,
                evaluation.falsePositiveRate(),
                learningRate,
                trainingPerExit,
                chosen instanceof ExitThresholds each ? each : null);
    }

    /** Those chosen on the held-out events. */
    public Rule thresholds() {
        return perExit != null
                ? perExit
                : new Thresholds(lower.floatValue(), upper == null ? Thresholds.NEVER : upper.floatValue());
    }

    static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

package org.qexit.nn;

import java.util.Collections;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.loss.Surrogate;

/**
 * How a model is trained, docs/maths.md §6. Null stands for the default.
 *
 * @param epochs passes over the training events; 8
 * @param batch events per step; 64
 * @param learningRate of Adam at the start; falls to 0 along half a cosine; 0.003
 * @param heldOutFraction share of the training events that selects epoch and thresholds instead; 0.2
 * @param exitWeights w_q of the cross-entropies, one per exit; 1 each
 * @param criticalWeight weight of a critical event in the cross-entropies, beside 1 of a normal one; 1
 * @param offloadBudget ω, the share of all events that may be offloaded; 0.12
 * @param surrogate which smooth utility; path
 * @param surrogateWeight λ; 0 trains by cross-entropy only; 0.5
 * @param warmupEpochs first epochs without surrogate, before which no thresholds make sense; 1
 * @param steepnessStart t of the first epoch with surrogate; 10
 * @param steepnessEnd t of the last epoch; grows geometrically; 40
 * @param dualStep step of the dual ascent on μ, per batch; 0.02
 * @param thresholds where the surrogate's thresholds come from; searched
 * @param lower l of fixed and learned thresholds; 0.1
 * @param upper u of fixed and learned thresholds; 0.6
 */
public record TrainingConfig(
        Integer epochs,
        Integer batch,
        Double learningRate,
        Double heldOutFraction,
        List<Double> exitWeights,
        Double criticalWeight,
        Double offloadBudget,
        Surrogate surrogate,
        Double surrogateWeight,
        Integer warmupEpochs,
        Double steepnessStart,
        Double steepnessEnd,
        Double dualStep,
        ThresholdMode thresholds,
        Double lower,
        Double upper) {
    /** All defaults. */
    public static final TrainingConfig DEFAULT = new TrainingConfig(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public TrainingConfig {
        epochs = epochs == null ? 8 : Checks.within("epochs", epochs, 1, 100_000);
        batch = batch == null ? 64 : Checks.within("batch", batch, 2, 65_536);
        learningRate = learningRate == null ? 0.003 : Checks.positive("learningRate", learningRate);
        heldOutFraction = heldOutFraction == null ? 0.2 : heldOutFraction;
        if (!(heldOutFraction > 0 && heldOutFraction < 1)) {
            throw new IllegalArgumentException(
                    "heldOutFraction is " + heldOutFraction + "; expected more than 0 and less than 1");
        }
        if (exitWeights != null) {
            exitWeights = List.copyOf(exitWeights);
            exitWeights.forEach(weight -> Checks.nonNegative("exitWeights", weight));
            if (exitWeights.stream().allMatch(weight -> weight == 0)) {
                throw new IllegalArgumentException("exitWeights are all 0; expected at least one above 0");
            }
        }
        criticalWeight = criticalWeight == null ? 1 : Checks.positive("criticalWeight", criticalWeight);
        offloadBudget = offloadBudget == null ? 0.12 : offloadBudget;
        if (!(offloadBudget > 0 && offloadBudget <= 1)) {
            throw new IllegalArgumentException(
                    "offloadBudget is " + offloadBudget + "; expected a share of events, more than 0 and at most 1");
        }
        surrogate = surrogate == null ? Surrogate.PATH : surrogate;
        surrogateWeight = surrogateWeight == null ? 0.5 : Checks.nonNegative("surrogateWeight", surrogateWeight);
        warmupEpochs = warmupEpochs == null ? 1 : Checks.within("warmupEpochs", warmupEpochs, 0, 100_000);
        steepnessStart = steepnessStart == null ? 10 : Checks.positive("steepnessStart", steepnessStart);
        steepnessEnd = steepnessEnd == null
                ? Math.max(40, steepnessStart)
                : Checks.within("steepnessEnd", steepnessEnd, steepnessStart, 1e6);
        dualStep = dualStep == null ? 0.02 : Checks.nonNegative("dualStep", dualStep);
        thresholds = thresholds == null ? ThresholdMode.SEARCHED : thresholds;
        lower = lower == null ? 0.1 : Checks.within("lower", lower, 0, 1);
        upper = upper == null ? Math.max(0.6, lower) : Checks.within("upper", upper, lower, 1);
    }

    /** w_q for a model of this many exits. */
    double[] exitWeights(int exits) {
        List<Double> weights = exitWeights == null ? Collections.nCopies(exits, 1.0) : exitWeights;
        if (weights.size() != exits) {
            throw new IllegalArgumentException(
                    "exitWeights has " + weights.size() + " entries; expected one per exit, " + exits);
        }
        return weights.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** t of an epoch: geometric from start to end over the epochs after the warm-up. */
    double steepness(int epoch) {
        int last = epochs - 1;
        if (epoch <= warmupEpochs || last <= warmupEpochs) {
            return steepnessStart;
        }
        double progress = (double) (epoch - warmupEpochs) / (last - warmupEpochs);
        return steepnessStart * Math.pow(steepnessEnd / steepnessStart, progress);
    }

    public TrainingConfig withEpochs(int count) {
        return new TrainingConfig(
                count,
                batch,
                learningRate,
                heldOutFraction,
                exitWeights,
                criticalWeight,
                offloadBudget,
                surrogate,
                surrogateWeight,
                warmupEpochs,
                steepnessStart,
                steepnessEnd,
                dualStep,
                thresholds,
                lower,
                upper);
    }
}

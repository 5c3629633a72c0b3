package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Surrogate;

/**
 * How a model is trained, docs/maths.md §6. Null stands for the default.
 *
 * @param epochs passes over the training events; 8
 * @param batch events per step; 64
 * @param learningRate of Adam at its highest; 0.003
 * @param heldOutFraction share of the training events that selects epoch and thresholds instead; 0.2
 * @param exitWeights w_q of the cross-entropies, one per exit; 1 each; with surrogateWeight a short form of losses
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
 * @param losses the summands of the loss; null for the cross-entropies and the surrogate that the short form says
 * @param margin in what the soft decision measures; probability
 * @param multiplier how μ is set; ascent
 * @param falsePositiveCap φ, the most normal events that may be offloaded as a share of them; null for no cap
 * @param thresholdMemory latest training events that tracked thresholds are searched on; 2048
 * @param schedule of the learning rate; cosine
 * @param patience epochs without a better one after which training stops; null for never
 * @param calibrate whether every exit gets a temperature fitted on the held-out events at the end; false
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
        Double upper,
        List<LossTerm> losses,
        Margin margin,
        MultiplierRule multiplier,
        Double falsePositiveCap,
        Integer thresholdMemory,
        Schedule schedule,
        Integer patience,
        Boolean calibrate) {
    /** All defaults. */
    public static final TrainingConfig DEFAULT = new TrainingConfig(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** Without the fields that came later; they have their defaults. */
    public TrainingConfig(
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
        this(
                epochs,
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
                upper,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    public TrainingConfig {
        epochs = epochs == null ? 8 : Checks.within("epochs", epochs, 1, 100_000);
        batch = batch == null ? 64 : Checks.within("batch", batch, 2, 65_536);
        learningRate = learningRate == null ? 0.003 : Checks.positive("learningRate", learningRate);
        heldOutFraction = heldOutFraction == null ? 0.2 : heldOutFraction;
        if (!(heldOutFraction > 0 && heldOutFraction < 1)) {
            throw new IllegalArgumentException(
                    "heldOutFraction is " + heldOutFraction + "; expected more than 0 and less than 1");
        }
        if (losses == null) {
            // One set of checks and defaults: those of the terms.
            LossTerm.CrossEntropy entropy = new LossTerm.CrossEntropy(1.0, exitWeights, criticalWeight, null);
            exitWeights = entropy.exitWeights();
            criticalWeight = entropy.criticalWeight();
            surrogate = surrogate == null ? Surrogate.PATH : surrogate;
            surrogateWeight = surrogateWeight == null ? 0.5 : Checks.nonNegative("surrogateWeight", surrogateWeight);
        } else {
            losses = List.copyOf(losses);
            if (losses.stream().noneMatch(term -> term.weight() > 0)) {
                throw new IllegalArgumentException("losses has no term of a weight above 0; expected at least one");
            }
            if (exitWeights != null || criticalWeight != null || surrogate != null || surrogateWeight != null) {
                throw new IllegalArgumentException("losses stands beside exitWeights, criticalWeight, surrogate or"
                        + " surrogateWeight; expected either losses or these");
            }
        }
        offloadBudget = offloadBudget == null ? 0.12 : offloadBudget;
        if (!(offloadBudget > 0 && offloadBudget <= 1)) {
            throw new IllegalArgumentException(
                    "offloadBudget is " + offloadBudget + "; expected a share of events, more than 0 and at most 1");
        }
        warmupEpochs = warmupEpochs == null ? 1 : Checks.within("warmupEpochs", warmupEpochs, 0, 100_000);
        margin = margin == null ? Margin.PROBABILITY : margin;
        if (margin == Margin.LOGIT
                && terms(surrogate, losses, exitWeights, criticalWeight, surrogateWeight).stream()
                        .anyMatch(LossTerm.Published.class::isInstance)) {
            throw new IllegalArgumentException(
                    "margin is logit beside the published surrogate, which is defined in probabilities; expected probability");
        }
        boolean logit = margin == Margin.LOGIT;
        steepnessStart =
                steepnessStart == null ? (logit ? 2.0 : 10.0) : Checks.positive("steepnessStart", steepnessStart);
        steepnessEnd = steepnessEnd == null
                ? Math.max(logit ? 8 : 40, steepnessStart)
                : Checks.within("steepnessEnd", steepnessEnd, steepnessStart, 1e6);
        dualStep = dualStep == null ? 0.02 : Checks.nonNegative("dualStep", dualStep);
        thresholds = thresholds == null ? ThresholdMode.SEARCHED : thresholds;
        lower = lower == null ? 0.1 : Checks.within("lower", lower, 0, 1);
        upper = upper == null ? Math.max(0.6, lower) : Checks.within("upper", upper, lower, 1);
        multiplier = multiplier == null ? MultiplierRule.ASCENT : multiplier;
        if (falsePositiveCap != null && !(falsePositiveCap > 0 && falsePositiveCap <= 1)) {
            throw new IllegalArgumentException("falsePositiveCap is " + falsePositiveCap
                    + "; expected a share of the normal events, more than 0 and at most 1");
        }
        thresholdMemory =
                thresholdMemory == null ? 2048 : Checks.within("thresholdMemory", thresholdMemory, 64, 1 << 20);
        schedule = schedule == null ? Schedule.COSINE : schedule;
        calibrate = calibrate != null && calibrate;
        patience = patience == null ? null : Checks.within("patience", patience, 1, 100_000);
    }

    /** The summands of the loss, whichever way they were said. */
    public List<LossTerm> terms() {
        return terms(surrogate, losses, exitWeights, criticalWeight, surrogateWeight);
    }

    private static List<LossTerm> terms(
            Surrogate surrogate,
            List<LossTerm> losses,
            List<Double> exitWeights,
            Double criticalWeight,
            Double surrogateWeight) {
        if (losses != null) {
            return losses;
        }
        List<LossTerm> terms = new ArrayList<>();
        terms.add(new LossTerm.CrossEntropy(1.0, exitWeights, criticalWeight, null));
        if (surrogateWeight > 0) {
            terms.add(surrogate.term(surrogateWeight));
        }
        return List.copyOf(terms);
    }

    /** The terms of an epoch, from 0: those that reward utility wait until thresholds make sense. */
    public List<LossTerm> terms(int epoch) {
        List<LossTerm> terms = terms();
        if (epoch >= warmupEpochs) {
            return terms;
        }
        List<LossTerm> early =
                terms.stream().filter(term -> !term.rewardsUtility()).toList();
        return early.isEmpty() ? List.of(new LossTerm.CrossEntropy(null, null, null, null)) : early;
    }

    /** t of an epoch: geometric from start to end over the epochs after the warm-up. */
    public double steepness(int epoch) {
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
                upper,
                losses,
                margin,
                multiplier,
                falsePositiveCap,
                thresholdMemory,
                schedule,
                patience,
                calibrate);
    }
}

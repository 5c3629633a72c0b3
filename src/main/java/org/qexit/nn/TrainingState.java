package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;

/**
 * Where a training stands between two epochs, beside parameters and optimiser.
 *
 * @param epochs finished ones
 * @param multiplier μ
 * @param lower l of the surrogate
 * @param upper u of the surrogate; null for "never"
 * @param accuracies of the exits on the held-out events, {@code [exit]}
 * @param bestEpoch from 1; 0 before the first
 * @param history the finished epochs
 */
record TrainingState(
        int epochs,
        double multiplier,
        double lower,
        Double upper,
        double[] accuracies,
        int bestEpoch,
        List<EpochRecord> history) {
    TrainingState {
        Checks.nonNegative("multiplier", multiplier);
        Checks.within("lower", lower, 0, 1);
        history = List.copyOf(history);
        if (history.size() != epochs || bestEpoch < Math.min(1, epochs) || bestEpoch > epochs) {
            throw new IllegalArgumentException("epochs is " + epochs + ", bestEpoch " + bestEpoch + ", history has "
                    + history.size() + " entries; expected one entry per epoch, and the best among them");
        }
    }

    static TrainingState initial(TrainingConfig config, int exits) {
        return new TrainingState(0, 0, config.lower(), config.upper(), new double[exits], 0, List.of());
    }

    double upperOrNever() {
        return upper == null ? Double.POSITIVE_INFINITY : upper;
    }

    EpochRecord best() {
        return history.get(bestEpoch - 1);
    }

    /** The same point of the training seen with another budget: the last epoch's thresholds are others, and it is the best so far. */
    TrainingState judgedAnew(float[] thresholds, HeldOutEvaluation evaluation, TrainingConfig config) {
        EpochRecord last = history.get(epochs - 1).judgedAnew(thresholds, evaluation);
        List<EpochRecord> all = new ArrayList<>(history.subList(0, epochs - 1));
        all.add(last);
        boolean searched = config.thresholds() == ThresholdMode.SEARCHED;
        return new TrainingState(
                epochs,
                multiplier,
                searched ? last.lower() : config.lower(),
                searched ? last.upper() : config.upper(),
                evaluation.accuracies(),
                epochs,
                all);
    }

    TrainingState after(EpochRecord record, double nextMultiplier, double nextLower, Double nextUpper) {
        List<EpochRecord> all = new ArrayList<>(history);
        all.add(record);
        boolean better = bestEpoch == 0 || record.betterThan(best());
        return new TrainingState(
                record.epoch(),
                nextMultiplier,
                nextLower,
                nextUpper,
                record.heldOutAccuracies().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray(),
                better ? record.epoch() : bestEpoch,
                all);
    }
}

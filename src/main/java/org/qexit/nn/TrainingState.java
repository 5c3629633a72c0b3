package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a training stands between two epochs, beside parameters and optimiser.
 *
 * @param epochs finished ones
 * @param multiplier μ
 * @param lower l of the surrogate
 * @param upper u of the surrogate; +∞ for "never"
 * @param bestEpoch from 1; 0 before the first
 * @param history the finished epochs
 */
record TrainingState(
        int epochs,
        double multiplier,
        double lower,
        double upper,
        double[] accuracies,
        int bestEpoch,
        List<EpochRecord> history) {
    TrainingState {
        history = List.copyOf(history);
    }

    static TrainingState initial(TrainingConfig config, int exits) {
        return new TrainingState(0, 0, config.lower(), config.upper(), new double[exits], 0, List.of());
    }

    EpochRecord best() {
        return history.get(bestEpoch - 1);
    }

    TrainingState after(EpochRecord record, double nextMultiplier, double nextLower, double nextUpper) {
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

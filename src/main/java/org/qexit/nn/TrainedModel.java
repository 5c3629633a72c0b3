package org.qexit.nn;

import java.util.List;
import org.qexit.common.Provenance;

/**
 * What a training came to.
 *
 * @param model the parameters of the best epoch
 * @param bestEpoch which that is, from 1: most critical held-out events found within the budget, then least loss
 * @param lower l chosen on the held-out events at that epoch
 * @param upper u chosen there; +∞ for "never"
 * @param history all epochs
 */
public record TrainedModel(EarlyExitModel model, int bestEpoch, float lower, float upper, List<EpochRecord> history) {
    public TrainedModel {
        history = List.copyOf(history);
    }

    /** As a model directory holds it. */
    public StoredModel stored(TrainingConfig training, Provenance provenance) {
        return new StoredModel(model, training, bestEpoch, lower, upper, provenance);
    }

    /** The record of the best epoch. */
    public EpochRecord best() {
        return history.get(bestEpoch - 1);
    }
}

package org.qexit.nn.training;

import java.util.List;
import org.qexit.common.Provenance;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.Rule;

/**
 * What a training came to.
 *
 * @param model the parameters of the best epoch
 * @param bestEpoch which that is, from 1: most critical held-out events found within the budget, then least loss; of an edge node's model
 *     least cross-entropy
 * @param thresholds chosen on the held-out events at that epoch; null for an edge node's model
 * @param history all epochs
 */
public record TrainedModel(EarlyExitModel model, int bestEpoch, Rule thresholds, List<EpochRecord> history) {
    public TrainedModel {
        history = List.copyOf(history);
    }

    /** As a model directory holds it. */
    public StoredModel stored(TrainingConfig training, Provenance provenance) {
        return new StoredModel(model, training, bestEpoch, thresholds, provenance);
    }

    /** The record of the best epoch. */
    public EpochRecord best() {
        return history.get(bestEpoch - 1);
    }
}

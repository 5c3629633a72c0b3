package org.qexit.nn.store;

import org.qexit.common.Hashing;
import org.qexit.common.Provenance;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ParameterFile;
import org.qexit.nn.TrainingConfig;
import org.qexit.trace.Thresholds;

/**
 * A model as a model directory holds it.
 *
 * @param model network and parameters
 * @param training how it was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param thresholds chosen on the held-out events, or null
 * @param provenance of the model, or null
 */
public record StoredModel(
        EarlyExitModel model,
        TrainingConfig training,
        Integer bestEpoch,
        Thresholds thresholds,
        Provenance provenance) {
    /** The same training's model with other temperatures, and with the thresholds that fit them. */
    public StoredModel with(EarlyExitModel other, Thresholds chosen) {
        return new StoredModel(other, training, bestEpoch, chosen, provenance);
    }

    /** SHA-256 of the parameter file, in which the parameters are as trained. */
    public String parametersSha256() {
        return Hashing.sha256Hex(ParameterFile.encode(model.stored()));
    }
}

package org.qexit.nn;

import org.qexit.common.Hashing;
import org.qexit.common.Provenance;

/**
 * A model as a model directory holds it.
 *
 * @param model network and parameters
 * @param training how it was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param lower l chosen on the held-out events, or null
 * @param upper u chosen there; +∞ for "never"; null if lower is
 * @param provenance of the model, or null
 */
public record StoredModel(
        EarlyExitModel model,
        TrainingConfig training,
        Integer bestEpoch,
        Float lower,
        Float upper,
        Provenance provenance) {
    /** The same training's model with other temperatures, and with the thresholds that fit them. */
    public StoredModel with(EarlyExitModel other, float otherLower, float otherUpper) {
        return new StoredModel(other, training, bestEpoch, otherLower, otherUpper, provenance);
    }

    /** SHA-256 of the parameter file, in which the parameters are as trained. */
    public String parametersSha256() {
        return Hashing.sha256Hex(ParameterFile.encode(model.stored()));
    }
}

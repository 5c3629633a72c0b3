package org.qexit.nn;

import org.qexit.common.Provenance;

/**
 * A model as a model directory holds it.
 *
 * @param model network and parameters
 * @param training how it was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param lower l chosen on the held-out events, or null
 * @param upper u chosen there; +∞ for "never"; null if lower is
 * @param parametersSha256 SHA-256 of the parameter file
 * @param provenance of the model, or null
 */
public record StoredModel(
        EarlyExitModel model,
        TrainingConfig training,
        Integer bestEpoch,
        Float lower,
        Float upper,
        String parametersSha256,
        Provenance provenance) {}

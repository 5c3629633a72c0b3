package org.qexit.nn.store;

import org.qexit.common.Hashing;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ParameterFile;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.trace.Rule;

/**
 * A model as a model directory holds it.
 *
 * @param model network and parameters
 * @param training how a device's model was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param thresholds chosen on the held-out events, or null
 * @param provenance of the model, or null
 * @param edgeNode what it is at an edge node, or null for a device's model
 */
public record StoredModel(
        EarlyExitModel model,
        TrainingConfig training,
        Integer bestEpoch,
        Rule thresholds,
        Provenance provenance,
        EdgeRole edgeNode) {
    /** A device's. */
    public StoredModel(
            EarlyExitModel model, TrainingConfig training, Integer bestEpoch, Rule thresholds, Provenance provenance) {
        this(model, training, bestEpoch, thresholds, provenance, null);
    }

    /**
     * This, if it is a device's model.
     *
     * @throws UserError if it is an edge node's
     */
    public StoredModel forDevice(String directory) {
        if (edgeNode != null) {
            throw new UserError(directory + ": holds an edge node's model; expected a device's");
        }
        return this;
    }

    /**
     * This, if it is an edge node's model.
     *
     * @throws UserError if it is a device's
     */
    public StoredModel forEdgeNode(String directory) {
        if (edgeNode == null) {
            throw new UserError(
                    directory + ": holds a device's model; expected an edge node's. Maybe train it with --edge-node");
        }
        return this;
    }

    /** The same training's model with other temperatures, and with the thresholds that fit them. */
    public StoredModel with(EarlyExitModel other, Rule chosen) {
        return new StoredModel(other, training, bestEpoch, chosen, provenance, edgeNode);
    }

    /** SHA-256 of the parameter file, in which the parameters are as trained. */
    public String parametersSha256() {
        return Hashing.sha256Hex(ParameterFile.encode(model.stored()));
    }
}

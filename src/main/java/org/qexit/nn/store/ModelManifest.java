package org.qexit.nn.store;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/**
 * {@code model.json} of a model directory; the format is described in docs/training.md.
 *
 * @param format {@link #FORMAT}
 * @param version {@link #VERSION}
 * @param model the network
 * @param training how it was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param lower l chosen on the held-out events, or null
 * @param upper u chosen there; null if lower is null, and for "never" in older files
 * @param parametersFile name of the parameter file beside this one
 * @param parametersSha256 SHA-256 of that file
 * @param provenance of the model, or null
 * @param temperatures T_q, by which every exit's logits are divided; null for none
 * @param edgeNode what an edge node's model is beside its network; null for a device's
 */
record ModelManifest(
        String format,
        int version,
        ModelConfig model,
        TrainingConfig training,
        Integer bestEpoch,
        Float lower,
        UpperThreshold upper,
        String parametersFile,
        String parametersSha256,
        Provenance provenance,
        List<Double> temperatures,
        EdgeRole edgeNode) {
    static final String FORMAT = "qexit-model";
    static final int VERSION = 1;

    /** @throws IllegalArgumentException for another format, thresholds that are none, a file that leads elsewhere */
    ModelManifest {
        if (!FORMAT.equals(format) || version != VERSION) {
            throw new IllegalArgumentException(
                    "format is '" + format + "' version " + version + "; expected '" + FORMAT + "' version " + VERSION);
        }
        Checks.present("model", model);
        if (!model.resolved()) {
            throw new IllegalArgumentException("model has no input shape; expected channels, height and width");
        }
        if (lower != null) {
            Checks.within("lower", lower, 0, 1);
            upper = upper == null ? new UpperThreshold(Thresholds.NEVER) : upper;
        }
        if (upper != null && upper.value() != Thresholds.NEVER) {
            Checks.within("upper", upper.value(), lower == null ? 0 : lower, 1);
        }
        ModelDirectory.checkName("parametersFile", parametersFile);
        Checks.sha256("parametersSha256", parametersSha256);
        if (model.binary() != (edgeNode == null)) {
            throw new IllegalArgumentException("model has " + (model.binary() ? "no classes" : "classes")
                    + " and edgeNode is " + (edgeNode == null ? "missing" : "there")
                    + "; expected both, for an edge node, or neither");
        }
        if (edgeNode != null) {
            edgeNode.checkClasses(model.outputs());
        }
        if (temperatures != null) {
            temperatures = List.copyOf(temperatures);
            temperatures.forEach(temperature -> Checks.positive("temperatures", temperature));
            if (temperatures.size() != model.exits()) {
                throw new IllegalArgumentException("temperatures has " + temperatures.size()
                        + " entries; expected one per exit, " + model.exits());
            }
        }
    }
}

package org.qexit.nn.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/**
 * {@code model.json} of a model directory; the format is described in docs/training.md.
 *
 * @param format {@link #FORMAT}
 * @param version 1, or 2 for thresholds per exit, which version 1 does not know
 * @param model the network
 * @param training how it was trained, or null
 * @param bestEpoch the epoch that the parameters are from, or null
 * @param lower l chosen on the held-out events, a number or a list with an entry per exit, or null
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
        Object lower,
        Object upper,
        String parametersFile,
        String parametersSha256,
        Provenance provenance,
        List<Double> temperatures,
        EdgeRole edgeNode) {
    static final String FORMAT = "qexit-model";
    private static final int PAIRS = 1;
    private static final int PER_EXIT = 2;

    /** The version that knows a rule, or none. */
    static int version(Rule rule) {
        return rule == null || rule.kind() == RuleKind.PAIR ? PAIRS : PER_EXIT;
    }

    /** Those chosen, or null. */
    @JsonIgnore
    Rule thresholds() {
        return lower == null ? null : Rule.of(lower, upper);
    }

    /** @throws IllegalArgumentException for another format, thresholds that are none, a file that leads elsewhere */
    ModelManifest {
        if (!FORMAT.equals(format) || version != PAIRS && version != PER_EXIT) {
            throw new IllegalArgumentException("format is '" + format + "' version " + version + "; expected '" + FORMAT
                    + "' version " + PAIRS + " or " + PER_EXIT);
        }
        Checks.present("model", model);
        if (!model.resolved()) {
            throw new IllegalArgumentException("model has no input shape; expected channels, height and width");
        }
        if (lower != null) {
            upper = upper == null ? new UpperThreshold(Thresholds.NEVER) : upper;
            Rule rule = Rule.of(lower, upper);
            if (rule.kind() == RuleKind.PER_EXIT && version == PAIRS) {
                throw new IllegalArgumentException("rule is per-exit, which '" + FORMAT + "' version " + PAIRS
                        + " does not know; expected version " + PER_EXIT);
            }
            rule.perExit(model.exits());
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

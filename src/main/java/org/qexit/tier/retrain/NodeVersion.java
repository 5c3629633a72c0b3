package org.qexit.tier.retrain;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.store.StoredModel;
import org.qexit.tier.NodeRule;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.EventOrigins;

/**
 * A version of a node's model as it is deployed: network, role and thresholds. Immutable; several threads may ask it, each answer is computed by a
 * network of its own.
 *
 * @param model the network with its parameters
 * @param role its critical classes and what it is sent
 * @param thresholds by which it decides
 */
public record NodeVersion(EarlyExitModel model, EdgeRole role, ClassThresholds thresholds) {
    public NodeVersion {
        Checks.present("model", model);
        Checks.present("thresholds", thresholds);
        Checks.present("role", role).checkClasses(model.config().outputs());
    }

    /** @param stored an edge node's */
    public static NodeVersion of(StoredModel stored, ClassThresholds thresholds) {
        return new NodeVersion(stored.model(), stored.edgeNode(), thresholds);
    }

    /** SHA-256 of its parameters. */
    public String sha256() {
        return model.sha256();
    }

    /** What its parameters take to send [bit], 32 each. */
    public long bits() {
        return Float.SIZE
                * model.tensors().stream()
                        .mapToLong(tensor -> tensor.values().length)
                        .sum();
    }

    /** Multiply-accumulates of an event up to each exit, {@code [exit]}. */
    long[] costs() {
        return ExitCost.of(model.config()).stream().mapToLong(ExitCost::macs).toArray();
    }

    /**
     * What its exits say of events.
     *
     * @param device names the trace
     * @param events as the node is sent them
     */
    public ClassTrace trace(String device, LabelledSet events) {
        return trace(model.copy(), device, events);
    }

    /**
     * What it decides, {@code [set][event]}.
     *
     * @param sets of events as the node is sent them
     */
    public ClassThresholds.Decision[][] decide(List<LabelledSet> sets) {
        EarlyExitModel own = model.copy();
        NodeRule rule = new NodeRule(thresholds, role.critical());
        List<ClassThresholds.Decision[]> decisions = new ArrayList<>();
        for (LabelledSet events : sets) {
            decisions.add(rule.decideAll(trace(own, "events", events)));
        }
        return decisions.toArray(ClassThresholds.Decision[][]::new);
    }

    private static ClassTrace trace(EarlyExitModel network, String device, LabelledSet events) {
        return network.classTrace(device, events, EventOrigins.of(events.classes(), events.indices()));
    }
}

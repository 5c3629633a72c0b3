package org.qexit.allocation.infeasible;

import java.util.List;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Relaxation;
import org.qexit.edge.EdgeNode;

/** An instance with some of its numbers changed. */
public final class RelaxedInstance {
    private RelaxedInstance() {}

    public static Instance of(Instance instance, List<Relaxation.Change> changes) {
        return instance.with(
                instance.devices().stream()
                        .map(device -> device(device, changes))
                        .toList(),
                instance.nodes().stream().map(node -> node(node, changes)).toList(),
                instance.links());
    }

    private static Instance.Device device(Instance.Device device, List<Relaxation.Change> changes) {
        Instance.Device result = device;
        for (Relaxation.Change change : changes) {
            if (change.kind() == Relaxation.Kind.DEADLINE && change.id().equals(device.id())) {
                result = device.withDeadlineSeconds(change.to());
            }
        }
        return result;
    }

    private static EdgeNode node(EdgeNode node, List<Relaxation.Change> changes) {
        EdgeNode result = node;
        for (Relaxation.Change change : changes) {
            if (change.kind() != Relaxation.Kind.DEADLINE && change.id().equals(node.id())) {
                result = new EdgeNode(
                        node.id(),
                        change.kind() == Relaxation.Kind.BANDWIDTH ? change.to() : result.bandwidthHz(),
                        change.kind() == Relaxation.Kind.COMPUTE ? change.to() : result.computeUnits(),
                        node.securityLevel(),
                        change.kind() == Relaxation.Kind.POWER ? (Double) change.to() : result.powerWatts(),
                        node.unitsPerEvent());
            }
        }
        return result;
    }
}

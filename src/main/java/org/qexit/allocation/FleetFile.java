package org.qexit.allocation;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Radio;

/**
 * What a large fleet's devices share, {@code fleet.json} beside the Parquet files of the devices (docs/scale.md).
 *
 * @param format must be {@value #FORMAT}
 * @param name shown in plans
 * @param radio limits and noise that devices share
 * @param nodes ids distinct
 */
public record FleetFile(String format, String name, Radio radio, List<EdgeNode> nodes) {
    public static final String FORMAT = "qexit.fleet/1";
    /** Its name in the fleet's directory. */
    public static final String NAME = "fleet.json";

    public FleetFile {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        Checks.present("radio", radio);
        nodes = List.copyOf(Checks.present("nodes", nodes));
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes is empty; expected at least one");
        }
        if (nodes.stream().map(EdgeNode::id).distinct().count() < nodes.size()) {
            throw new IllegalArgumentException("nodes: an id is listed twice");
        }
    }

    /** Some of the fleet's devices as a fleet. */
    public Instance instance(List<Instance.Device> devices, List<org.qexit.edge.Link> links) {
        return new Instance(Instance.FORMAT, name, radio, devices, nodes, links, null, null);
    }
}

package org.qexit.tier.live.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.trace.Rule;

/**
 * What a device reads of a plan, {@code qexit.plan/1}.
 *
 * @param format must be {@value #FORMAT}
 * @param devices where each device is placed, with which thresholds
 * @param nodes the instance's nodes, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PlanView(String format, List<Placed> devices, List<Node> nodes) {
    public static final String FORMAT = "qexit.plan/1";

    public PlanView {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        devices = List.copyOf(Checks.present("devices", devices));
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /**
     * A device.
     *
     * @param thresholds how it decides; in JSON {@code lower} and {@code upper}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Placed(String id, String node, Rule thresholds) {
        public Placed {
            Checks.notBlank("id", id);
            Checks.notBlank("node", node);
            Checks.present("thresholds", thresholds);
        }

        @JsonCreator
        static Placed read(
                @JsonProperty("id") String id,
                @JsonProperty("node") String node,
                @JsonProperty("lower") Object lower,
                @JsonProperty("upper") Object upper) {
            return new Placed(id, node, Rule.of(lower, upper));
        }
    }

    /** A node. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Node(String id) {
        public Node {
            Checks.notBlank("id", id);
        }
    }

    /** Where a device is placed. */
    public Optional<Placed> device(String id) {
        return devices.stream().filter(device -> device.id().equals(id)).findFirst();
    }

    /** Ids of all nodes that it names. */
    public Set<String> nodeIds() {
        Set<String> ids = new HashSet<>();
        devices.forEach(device -> ids.add(device.node()));
        nodes.forEach(node -> ids.add(node.id()));
        return ids;
    }
}

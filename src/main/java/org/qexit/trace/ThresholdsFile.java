package org.qexit.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Optional;
import org.qexit.common.Checks;

/**
 * The numbers that devices, or edge nodes, need, wherever they were chosen: a run's {@code thresholds-*.json}, a bundle's {@code thresholds.json}, and what
 * {@code qexit thresholds --json} prints, docs/thresholds.md. All but format and devices may be null; of an edge node's, devices is empty.
 *
 * @param format {@value #FORMAT}
 * @param model name of the model
 * @param modelSha256 of its parameters
 * @param method the planning method
 * @param graph in a bundle, the device whose thresholds {@code model.onnx} holds
 * @param devices one entry per device
 * @param kind {@value #EDGE_NODE} for those of an edge node's model, null for devices'
 * @param edgeNode of an edge node's model, else null
 */
@JsonIgnoreProperties({"good", "bad", "frontier", "chain"})
public record ThresholdsFile(
        String format,
        String model,
        String modelSha256,
        String method,
        String graph,
        List<Device> devices,
        String kind,
        EdgeNode edgeNode) {
    public static final String FORMAT = "qexit.thresholds/1";

    /** The kind of a file for an edge node's model. */
    public static final String EDGE_NODE = "en";

    public ThresholdsFile {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        if (kind != null && !kind.equals(EDGE_NODE)) {
            throw new IllegalArgumentException(
                    "kind is '" + kind + "'; expected " + EDGE_NODE + ", or nothing for devices");
        }
        if ((kind == null) != (edgeNode == null)) {
            throw new IllegalArgumentException("kind is " + kind + " and edgeNode is "
                    + (edgeNode == null ? "missing" : "there") + "; expected both, for an edge node, or neither");
        }
        devices = kind != null && devices == null ? List.of() : List.copyOf(Checks.present("devices", devices));
    }

    public static ThresholdsFile of(
            String model, String modelSha256, String method, String graph, List<Device> devices) {
        return new ThresholdsFile(FORMAT, model, modelSha256, method, graph, devices, null, null);
    }

    /** Of an edge node's model. */
    public static ThresholdsFile ofEdgeNode(
            String model, String modelSha256, List<Integer> critical, ClassThresholds thresholds) {
        EdgeNode pair = new EdgeNode(critical, thresholds.lower(), new UpperThreshold(thresholds.upper()), null);
        return new ThresholdsFile(FORMAT, model, modelSha256, null, null, List.of(), EDGE_NODE, pair);
    }

    /**
     * The pair of an edge node's model as readers need it; the facts of a choice are passed over.
     *
     * @param critical ids of the critical classes, ascending
     * @param lower l'
     * @param upper u'
     * @param unitsPerEvent r, the mean over the whole computation where they were chosen, or null
     */
    @JsonIgnoreProperties({"events", "accuracy", "meanMacs", "fullMacs"})
    public record EdgeNode(List<Integer> critical, Float lower, UpperThreshold upper, Double unitsPerEvent) {
        public EdgeNode {
            critical = List.copyOf(Checks.present("critical", critical));
            Checks.present("lower", lower);
            Checks.present("upper", upper);
            // Refuses numbers that are no thresholds.
            new ClassThresholds(lower, upper.value());
            if (unitsPerEvent != null && !(unitsPerEvent > 0 && unitsPerEvent <= 1)) {
                throw new IllegalArgumentException(
                        "unitsPerEvent is " + unitsPerEvent + "; expected more than 0 and at most 1");
            }
        }

        /** The pair. */
        public ClassThresholds thresholds() {
            return new ClassThresholds(lower, upper.value());
        }
    }

    /** What every entry says, whoever writes it and whatever facts of the choice follow. */
    public interface Entry {
        /** The device. */
        String id();

        /** Confidences at or below it are normal; null where no pair was chosen. */
        Float lower();

        /** Confidences at or above it are critical; null where no pair was chosen. */
        UpperThreshold upper();
    }

    /**
     * An entry as readers need it; the facts of a choice are passed over. In JSON {@code lower} and {@code upper} are two numbers, or two
     * lists beside {@code "rule": "per-exit"}.
     *
     * @param thresholds null if none were chosen
     * @param node where critical events go, or null
     */
    @JsonPropertyOrder({"id", "rule", "lower", "upper", "node"})
    @JsonIgnoreProperties({
        "events",
        "positives",
        "exits",
        "budget",
        "guarantee",
        "points",
        "baselines",
        "modes",
        "notes",
        "pair",
        "beside"
    })
    public record Device(String id, @JsonIgnore Rule thresholds, String node) {
        public Device {
            Checks.notBlank("id", id);
        }

        public static Device of(String id, Rule thresholds, String node) {
            return new Device(id, Checks.present("thresholds", thresholds), node);
        }

        /** Until version 0.1, {@code qexit thresholds} wrote the pair in the point that it chose alone. */
        @JsonCreator
        static Device read(
                @JsonProperty("id") String id,
                @JsonProperty("rule") RuleKind kind,
                @JsonProperty("lower") Object lower,
                @JsonProperty("upper") Object upper,
                @JsonProperty("node") String node,
                @JsonProperty("offload") String offload,
                @JsonProperty("chosen") Chosen chosen) {
            if (offload != null && !offload.equals("critical")) {
                throw new IllegalArgumentException("device " + id + " has thresholds to offload '" + offload
                        + "' events by; expected those by which critical events are offloaded");
            }
            if ((lower == null) != (upper == null)) {
                throw new IllegalArgumentException("device " + id + " has one threshold; expected two or none");
            }
            boolean inPoint = lower == null && chosen != null;
            if (lower == null && chosen == null) {
                return new Device(id, null, node);
            }
            Rule rule = inPoint ? Rule.of(chosen.point().lower(), chosen.point().upper()) : Rule.of(lower, upper);
            RuleKind said = kind == null ? RuleKind.PAIR : kind;
            if (rule.kind() != said) {
                throw new IllegalArgumentException("device " + id + " has thresholds of the rule "
                        + rule.kind().word() + "; expected those of " + said.word() + ", as it says");
            }
            return new Device(id, rule, node);
        }

        /** In files: nothing for a pair. */
        @JsonProperty("rule")
        RuleKind kind() {
            return thresholds == null ? null : thresholds.kind().orNull();
        }

        /** In files: null if nothing was chosen. */
        @JsonProperty("lower")
        Object lower() {
            return thresholds == null ? null : thresholds.lowerEntry();
        }

        /** In files: null if nothing was chosen. */
        @JsonProperty("upper")
        Object upper() {
            return thresholds == null ? null : thresholds.upperEntry();
        }

        @JsonIgnoreProperties(ignoreUnknown = true)
        private record Chosen(Pair point) {
            Chosen {
                Checks.present("point", point);
            }
        }

        @JsonIgnoreProperties(ignoreUnknown = true)
        private record Pair(Object lower, Object upper) {}
    }

    /** The thresholds of a device, if it is there and any were chosen for it. */
    public Optional<Rule> of(String id) {
        return devices.stream()
                .filter(device -> device.id().equals(id) && device.thresholds() != null)
                .findFirst()
                .map(Device::thresholds);
    }
}

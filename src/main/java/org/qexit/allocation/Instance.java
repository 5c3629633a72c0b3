package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.NumberRange;
import org.qexit.edge.Radio;
import org.qexit.edge.UserDevice;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;

/**
 * A fleet: what {@code qexit optimize} reads, format {@code qexit.instance/1} (docs/allocation.md).
 *
 * @param format must be {@value #FORMAT}
 * @param name shown in plans
 * @param rule the kind of rule that devices decide by, or null for pairs
 * @param radio limits and noise that devices share
 * @param devices at least one, ids distinct
 * @param nodes at least one, ids distinct
 * @param links each pair at most once; a pair not listed has no link
 * @param known what is known of the optimum, or null; ignored
 * @param provenance where the instance comes from, or null; ignored
 */
public record Instance(
        String format,
        String name,
        RuleKind rule,
        Radio radio,
        List<Device> devices,
        List<EdgeNode> nodes,
        List<Link> links,
        Map<String, Object> known,
        Map<String, Object> provenance) {
    public static final String FORMAT = "qexit.instance/1";

    /** @throws IllegalArgumentException for a missing part, an id listed twice, or a link between unknown ends */
    public Instance {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        Checks.present("radio", radio);
        devices = List.copyOf(Checks.present("devices", devices));
        nodes = List.copyOf(Checks.present("nodes", nodes));
        links = List.copyOf(Checks.present("links", links));
        Set<String> deviceIds =
                distinct("devices", devices.stream().map(Device::id).toList());
        Set<String> nodeIds = distinct("nodes", nodes.stream().map(EdgeNode::id).toList());
        Map<String, Set<String>> linked = new HashMap<>();
        for (Link link : links) {
            if (!deviceIds.contains(link.device())) {
                throw new IllegalArgumentException("links: device '" + link.device() + "' is not in devices");
            }
            if (!nodeIds.contains(link.node())) {
                throw new IllegalArgumentException("links: node '" + link.node() + "' is not in nodes");
            }
            if (!linked.computeIfAbsent(link.device(), key -> new HashSet<>()).add(link.node())) {
                throw new IllegalArgumentException(
                        "links: the pair " + link.device() + ", " + link.node() + " is listed twice");
            }
        }
    }

    /** A fleet whose devices decide by pairs. */
    public Instance(
            String format,
            String name,
            Radio radio,
            List<Device> devices,
            List<EdgeNode> nodes,
            List<Link> links,
            Map<String, Object> known,
            Map<String, Object> provenance) {
        this(format, name, null, radio, devices, nodes, links, known, provenance);
    }

    /** The kind of rule that devices decide by. */
    public RuleKind kind() {
        return rule == null ? RuleKind.PAIR : rule;
    }

    /** The same whose devices decide by another kind of rule. */
    public Instance withRule(RuleKind other) {
        return new Instance(format, name, other.orNull(), radio, devices, nodes, links, known, provenance);
    }

    /** Another fleet with the same name, radio and rule, of which nothing is known. */
    public Instance with(List<Device> otherDevices, List<EdgeNode> otherNodes, List<Link> otherLinks) {
        return new Instance(format, name, rule, radio, otherDevices, otherNodes, otherLinks, null, null);
    }

    private static Set<String> distinct(String list, List<String> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException(list + " is empty; expected at least one");
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException(list + ": the id '" + id + "' is listed twice");
            }
        }
        return seen;
    }

    /** Reads an instance and the trace files it names, which are relative to it. */
    public static Instance read(Path file) {
        return Json.read(file, Instance.class).withTracesFrom(file);
    }

    /** Replaces traces that are files, relative to the folder of {@code file}, by their events. */
    Instance withTracesFrom(Path file) {
        TraceFiles files = new TraceFiles(file);
        return new Instance(
                format,
                name,
                rule,
                radio,
                devices.stream().map(files::inline).toList(),
                nodes,
                links,
                known,
                provenance);
    }

    /** The device with what it leaves open filled in from {@link #radio}. */
    public UserDevice userDevice(Device device) {
        Double noise = device.eavesdropper().noiseWattsPerHz();
        return new UserDevice(
                device.id(),
                device.weight(),
                device.securityLevel(),
                device.featureBits(),
                device.deadlineSeconds(),
                device.bandwidthMaxHz() == null ? radio.bandwidthMaxHz() : device.bandwidthMaxHz(),
                device.powerMaxWatts() == null ? radio.powerMaxWatts() : device.powerMaxWatts(),
                device.eavesdropper().gain() / (noise == null ? radio.noiseWattsPerHz() : noise));
    }

    /**
     * One device of the fleet.
     *
     * @param id name
     * @param weight ρ_n &gt; 0
     * @param securityLevel 1 is the highest
     * @param featureBits D_n, bits per offloaded event
     * @param deadlineSeconds t_n^r per offloaded event
     * @param powerMaxWatts its own p^max, or null for the radio's
     * @param bandwidthMaxHz its own b^max, or null for the radio's
     * @param eavesdropper who listens
     * @param trace its confidence trace
     * @param eventsPerPeriod load = (TP+FP) · eventsPerPeriod / K; null = K, the trace's length
     * @param maxFalsePositiveRate cap on FP/|N|, or null
     * @param exitCosts cost of an event up to and including each exit, in any unit, or null; of a trace file, null stands for the
     *     multiply-accumulates in its metadata
     * @param maxCost cap on the mean cost of an event on the device, in that unit, or null
     */
    public record Device(
            String id,
            double weight,
            int securityLevel,
            double featureBits,
            double deadlineSeconds,
            Double powerMaxWatts,
            Double bandwidthMaxHz,
            Eavesdropper eavesdropper,
            Trace trace,
            Double eventsPerPeriod,
            Double maxFalsePositiveRate,
            List<BigDecimal> exitCosts,
            BigDecimal maxCost) {
        public Device {
            Checks.notBlank("id", id);
            try {
                NumberRange.WEIGHT.check("weight", weight);
                Checks.within("securityLevel", securityLevel, 1, Integer.MAX_VALUE);
                NumberRange.FEATURE_BITS.check("featureBits", featureBits);
                NumberRange.SECONDS.check("deadlineSeconds", deadlineSeconds);
                Checks.present("eavesdropper", eavesdropper);
                Checks.present("trace", trace);
                if (powerMaxWatts != null) {
                    NumberRange.DEVICE_WATTS.check("powerMaxWatts", powerMaxWatts);
                }
                if (bandwidthMaxHz != null) {
                    NumberRange.DEVICE_HZ.check("bandwidthMaxHz", bandwidthMaxHz);
                }
                if (eventsPerPeriod != null) {
                    NumberRange.EVENTS.check("eventsPerPeriod", eventsPerPeriod);
                }
                if (maxFalsePositiveRate != null) {
                    Checks.within("maxFalsePositiveRate", maxFalsePositiveRate, 0, 1);
                }
                exitCosts = exitCosts == null ? null : List.copyOf(exitCosts);
                if (maxCost != null && exitCosts == null && trace.file() == null) {
                    throw new IllegalArgumentException("maxCost stands alone; expected exitCosts beside it");
                }
                if (maxCost != null && exitCosts != null) {
                    new LocalCost(exitCosts, maxCost).units();
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("device " + id + ": " + e.getMessage(), e);
            }
        }

        /** Without a cap on the local cost. */
        public Device(
                String id,
                double weight,
                int securityLevel,
                double featureBits,
                double deadlineSeconds,
                Double powerMaxWatts,
                Double bandwidthMaxHz,
                Eavesdropper eavesdropper,
                Trace trace,
                Double eventsPerPeriod,
                Double maxFalsePositiveRate) {
            this(
                    id,
                    weight,
                    securityLevel,
                    featureBits,
                    deadlineSeconds,
                    powerMaxWatts,
                    bandwidthMaxHz,
                    eavesdropper,
                    trace,
                    eventsPerPeriod,
                    maxFalsePositiveRate,
                    null,
                    null);
        }

        /** Its trace as the decision side knows it. */
        public DeviceTrace deviceTrace() {
            return trace.toDeviceTrace(id);
        }

        /** The same that sends so many bits of an event. */
        public Device withFeatureBits(double bits) {
            return with(id, bits, deadlineSeconds, trace, eventsPerPeriod);
        }

        /** The same under another name. */
        public Device withId(String other) {
            return with(other, featureBits, deadlineSeconds, trace, eventsPerPeriod);
        }

        /** The same with so many events per period. */
        public Device withEventsPerPeriod(double events) {
            return with(id, featureBits, deadlineSeconds, trace, events);
        }

        public Device withTrace(Trace other) {
            return with(id, featureBits, deadlineSeconds, other, eventsPerPeriod);
        }

        public Device withDeadlineSeconds(double seconds) {
            return with(id, featureBits, seconds, trace, eventsPerPeriod);
        }

        /** The same with known costs of its exits. */
        public Device withExitCosts(List<BigDecimal> costs) {
            return new Device(
                    id,
                    weight,
                    securityLevel,
                    featureBits,
                    deadlineSeconds,
                    powerMaxWatts,
                    bandwidthMaxHz,
                    eavesdropper,
                    trace,
                    eventsPerPeriod,
                    maxFalsePositiveRate,
                    costs,
                    maxCost);
        }

        /** The same with another listener. */
        public Device withEavesdropper(Eavesdropper other) {
            return new Device(
                    id,
                    weight,
                    securityLevel,
                    featureBits,
                    deadlineSeconds,
                    powerMaxWatts,
                    bandwidthMaxHz,
                    other,
                    trace,
                    eventsPerPeriod,
                    maxFalsePositiveRate,
                    exitCosts,
                    maxCost);
        }

        private Device with(String name, double bits, double seconds, Trace events, Double perPeriod) {
            return new Device(
                    name,
                    weight,
                    securityLevel,
                    bits,
                    seconds,
                    powerMaxWatts,
                    bandwidthMaxHz,
                    eavesdropper,
                    events,
                    perPeriod,
                    maxFalsePositiveRate,
                    exitCosts,
                    maxCost);
        }
    }

    /**
     * A trace inside the instance, or the file that holds it. The arrays are not copied; do not change them.
     *
     * @param labels {@code [event]}, 1 = critical
     * @param scores {@code [event][exit]}
     * @param file a .parquet or .csv trace relative to the instance, instead of labels and scores
     * @param device whose events in the file, or null for those of the device itself
     */
    public record Trace(int[] labels, float[][] scores, String file, String device) {
        public Trace {
            if (file == null) {
                Checks.present("labels", labels);
                Checks.present("scores", scores);
                if (labels.length == 0) {
                    throw new IllegalArgumentException("labels is empty; expected at least one event");
                }
                if (scores.length != labels.length) {
                    throw new IllegalArgumentException(labels.length + " labels for " + scores.length + " scores");
                }
            } else if (labels != null || scores != null) {
                throw new IllegalArgumentException("has a file and labels or scores; expected one of the two");
            }
            if (device != null && file == null) {
                throw new IllegalArgumentException(
                        "device is '" + device + "' without a file; expected it beside a file only");
            }
        }

        /** Events, or a file of the device's own. */
        public Trace(int[] labels, float[][] scores, String file) {
            this(labels, scores, file, null);
        }

        public static Trace of(DeviceTrace trace) {
            int[] labels = new int[trace.size()];
            float[][] scores = new float[trace.size()][trace.exits()];
            for (int k = 0; k < labels.length; k++) {
                labels[k] = trace.labels()[k];
                for (int q = 0; q < trace.exits(); q++) {
                    scores[k][q] = trace.scores()[q][k];
                }
            }
            return new Trace(labels, scores, null);
        }

        @JsonIgnore
        DeviceTrace toDeviceTrace(String device) {
            if (file != null) {
                throw new UserError("device " + device + ": its trace is the file " + file
                        + ", which has not been read. Maybe read the instance with Instance.read.");
            }
            int exits = Checks.present("device " + device + ": scores[0]", scores[0]).length;
            byte[] bytes = new byte[labels.length];
            long[] events = new long[labels.length];
            float[][] byExit = new float[exits][labels.length];
            for (int k = 0; k < labels.length; k++) {
                if (labels[k] != 0 && labels[k] != 1) {
                    throw new UserError(
                            "device " + device + ": labels[" + k + "] is " + labels[k] + "; expected 0 or 1");
                }
                if (scores[k] == null || scores[k].length != exits) {
                    throw new UserError("device " + device + ": scores[" + k + "] has "
                            + (scores[k] == null ? 0 : scores[k].length) + " exits; expected " + exits);
                }
                bytes[k] = (byte) labels[k];
                events[k] = k;
                for (int q = 0; q < exits; q++) {
                    byExit[q][k] = scores[k][q];
                }
            }
            try {
                return new DeviceTrace(device, events, bytes, byExit);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
        }
    }
}

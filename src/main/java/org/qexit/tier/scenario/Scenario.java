package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.nn.node.PayloadKind;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.UpperThreshold;

/**
 * What is simulated, format {@value #FORMAT} (docs/simulation.md).
 *
 * @param format must be {@value #FORMAT}
 * @param run the directory of a finished run, relative to the file, or null: then instance, plans and traces are files
 * @param model one of the run's models, or null for its first
 * @param instance the fleet planned for
 * @param plans methods of the run, files, or such as are made at the beginning; compared under common random numbers, the first is the reference
 * @param traces the events that come; null, without a run, for those of the instance
 * @param edgeNode the nodes' model, or null for none
 * @param policies compared likewise
 * @param periodSeconds the time in which a device sees the events per period that were planned for
 * @param horizonSeconds how long events come
 * @param warmUp what is left out at the beginning
 * @param replications independent runs
 * @param seed of every random choice
 * @param arrivals when events come
 * @param arrivalsOf of single devices, by id
 * @param device what all devices have
 * @param link the radio
 * @param node what all nodes have
 * @param backhaul from the nodes to the server, or null for none
 * @param monitor how drift and faults are noticed
 * @param cloud how the server retrains the nodes' model, or null
 * @param happens what happens, in the order of time
 */
public record Scenario(
        String format,
        String run,
        String model,
        String instance,
        List<PlanChoice> plans,
        String traces,
        EdgeNodeModel edgeNode,
        List<Policy> policies,
        Double periodSeconds,
        Double horizonSeconds,
        WarmUp warmUp,
        Integer replications,
        Long seed,
        Arrivals arrivals,
        Map<String, Arrivals> arrivalsOf,
        DeviceSpec device,
        LinkSpec link,
        NodeSpec node,
        Backhaul backhaul,
        Monitor monitor,
        CloudSpec cloud,
        List<Happening> happens) {
    public static final String FORMAT = "qexit.scenario/1";

    private static final double DEFAULT_PERIOD_SECONDS = 600;
    private static final double DEFAULT_HORIZON_SECONDS = 3600;
    private static final int DEFAULT_REPLICATIONS = 10;
    private static final int MOST_REPLICATIONS = 100_000;

    public Scenario {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        plans = plans == null ? List.of() : List.copyOf(plans);
        policies = policies == null || policies.isEmpty() ? List.of(new Policy.Kept()) : List.copyOf(policies);
        periodSeconds =
                Checks.positive("periodSeconds", periodSeconds == null ? DEFAULT_PERIOD_SECONDS : periodSeconds);
        horizonSeconds =
                Checks.positive("horizonSeconds", horizonSeconds == null ? DEFAULT_HORIZON_SECONDS : horizonSeconds);
        warmUp = warmUp == null ? new WarmUp(null) : warmUp;
        if (warmUp.seconds() != null && warmUp.seconds() >= horizonSeconds) {
            throw new IllegalArgumentException(
                    "warmUp is " + warmUp.seconds() + "; expected less than horizonSeconds, " + horizonSeconds);
        }
        replications = Checks.within(
                "replications", replications == null ? DEFAULT_REPLICATIONS : replications, 1, MOST_REPLICATIONS);
        seed = seed == null ? 1 : seed;
        arrivals = arrivals == null ? new Arrivals.Poisson(1) : arrivals;
        arrivalsOf = arrivalsOf == null ? Map.of() : Map.copyOf(arrivalsOf);
        device = device == null ? new DeviceSpec(null, null, null, null) : device;
        link = link == null ? new LinkSpec(null, null) : link;
        node = node == null ? new NodeSpec(null, null, null, null, null) : node;
        monitor = monitor == null ? new Monitor(null, null, null, null, null) : monitor;
        happens = happens == null ? List.of() : List.copyOf(happens);
        if (cloud == null && retrains(policies)) {
            throw new IllegalArgumentException("policy retrain: the section cloud is missing, which says how");
        }
        if (backhaul == null && retrains(policies)) {
            throw new IllegalArgumentException(
                    "policy retrain: backhaul is missing, by which the server hears of events");
        }
        for (Happening one : happens) {
            if (one.at() > horizonSeconds) {
                throw new IllegalArgumentException(
                        "happens at " + one.at() + " s; expected at most horizonSeconds, " + horizonSeconds);
            }
        }
    }

    private static boolean retrains(List<Policy> policies) {
        return policies.stream().anyMatch(policy -> policy instanceof Policy.Retrain);
    }

    /** Whether a policy retrains the nodes' model. */
    public boolean retrains() {
        return retrains(policies);
    }

    /** Reads a scenario; the files it names stay where they are. */
    public static Scenario read(Path file) {
        return read(file, Map.of());
    }

    /** The same with other values for some fields, by paths such as {@code happens.0.gainFactor}. */
    public static Scenario read(Path file, Map<String, ?> others) {
        return Json.readYaml(file, Scenario.class, others);
    }

    /** The same with other arrivals. */
    Scenario withArrivals(Arrivals all, Map<String, Arrivals> single) {
        return new Scenario(
                format,
                run,
                model,
                instance,
                plans,
                traces,
                edgeNode,
                policies,
                periodSeconds,
                horizonSeconds,
                warmUp,
                replications,
                seed,
                all,
                single,
                device,
                link,
                node,
                backhaul,
                monitor,
                cloud,
                happens);
    }

    /** The same with arrivals at known times. */
    public Scenario withRecorded(List<ArrivalFile.DeviceTimes> times) {
        return withArrivals(new Arrivals.Recorded("recorded", times), Map.of());
    }

    /** The same with devices whose memory accesses cost so much. */
    public Scenario withJoulesPerMemoryAccess(double joules) {
        DeviceSpec costed = device.exitSeconds() == null
                ? new DeviceSpec(device.macsPerSecond(), null, device.queue(), joules)
                : new DeviceSpec(null, device.exitSeconds(), device.queue(), joules);
        return new Scenario(
                format,
                run,
                model,
                instance,
                plans,
                traces,
                edgeNode,
                policies,
                periodSeconds,
                horizonSeconds,
                warmUp,
                replications,
                seed,
                arrivals,
                arrivalsOf,
                costed,
                link,
                node,
                backhaul,
                monitor,
                cloud,
                happens);
    }

    /** All defaults but these; null for theirs. */
    public static Scenario lasting(Double periodSeconds, Double horizonSeconds, Integer replications, Long seed) {
        return new Scenario(
                FORMAT,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                periodSeconds,
                horizonSeconds,
                null,
                replications,
                seed,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same with other plans. */
    public Scenario withPlans(List<PlanChoice> others) {
        return new Scenario(
                format,
                run,
                model,
                instance,
                others,
                traces,
                edgeNode,
                policies,
                periodSeconds,
                horizonSeconds,
                warmUp,
                replications,
                seed,
                arrivals,
                arrivalsOf,
                device,
                link,
                node,
                backhaul,
                monitor,
                cloud,
                happens);
    }

    /** All defaults. */
    public static Scenario standard() {
        return lasting(null, null, null, null);
    }

    /**
     * The nodes' model: files relative to the scenario, or that of the run.
     *
     * @param trace its multi-class trace of the same events, or null: then it is the run's
     * @param payload what devices send, one of the run's, or null: then it is the run's first
     * @param thresholds the file of its thresholds, or null: then they are {@code lower} and {@code upper}, or the run's
     * @param lower l'
     * @param upper u', or "never"
     */
    public record EdgeNodeModel(
            String trace, PayloadKind payload, String thresholds, Float lower, UpperThreshold upper) {
        public EdgeNodeModel {
            if (trace != null && payload != null) {
                throw new IllegalArgumentException("edgeNode has trace and payload; expected one of the two");
            }
            boolean either = thresholds == null ? trace == null || lower != null : lower == null;
            if (!either || (lower == null) != (upper == null)) {
                throw new IllegalArgumentException("edgeNode has thresholds " + thresholds + ", lower " + lower
                        + ", upper " + (upper == null ? "null" : upper) + "; expected thresholds, or lower and upper");
            }
            if (trace != null) {
                Checks.notBlank("trace", trace);
            }
            if (lower != null) {
                // Refuses numbers that are no thresholds.
                new ClassThresholds(lower, upper.value());
            }
        }

        /** The pair, if it stands here. */
        ClassThresholds pair() {
            return lower == null ? null : new ClassThresholds(lower, upper.value());
        }
    }

    /** @param seconds what is left out, or null for MSER-5 of the number of events under way, up to the first happening */
    public record WarmUp(Double seconds) {
        private static final String AUTO = "auto";

        public WarmUp {
            if (seconds != null) {
                Checks.nonNegative("warmUp", seconds);
            }
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static WarmUp parse(Object value) {
            if (AUTO.equals(value)) {
                return new WarmUp(null);
            }
            if (value instanceof Number number) {
                return new WarmUp(number.doubleValue());
            }
            throw new IllegalArgumentException("warmUp is '" + value + "'; expected auto, or seconds");
        }

        @JsonValue
        Object json() {
            return seconds == null ? AUTO : seconds;
        }
    }

    /**
     * What all devices have.
     *
     * @param macsPerSecond multiply-accumulates per second; the default is a small microcontroller's
     * @param exitSeconds time of an event that goes as far as each exit, as {@code qexit bench infer} measures it, or null: from the MACs
     * @param queue events that wait or are worked on, at the processor and again before the radio
     * @param joulesPerMemoryAccess γ of Eq. (3), or null for the run's; without either no local energy is counted
     */
    public record DeviceSpec(
            Double macsPerSecond, List<Double> exitSeconds, Integer queue, Double joulesPerMemoryAccess) {
        private static final double DEFAULT_MACS = 5e7;
        private static final int DEFAULT_QUEUE = 16;

        public DeviceSpec {
            if (macsPerSecond != null && exitSeconds != null) {
                throw new IllegalArgumentException("macsPerSecond and exitSeconds; expected one of the two");
            }
            macsPerSecond = Checks.positive("macsPerSecond", macsPerSecond == null ? DEFAULT_MACS : macsPerSecond);
            exitSeconds = exitSeconds == null ? null : List.copyOf(exitSeconds);
            if (exitSeconds != null) {
                double before = 0;
                for (double seconds : exitSeconds) {
                    before = Checks.within("exitSeconds", seconds, before, Double.MAX_VALUE);
                }
            }
            queue = Checks.within("queue", queue == null ? DEFAULT_QUEUE : queue, 1, 1_000_000);
            if (joulesPerMemoryAccess != null) {
                Checks.nonNegative("joulesPerMemoryAccess", joulesPerMemoryAccess);
            }
        }
    }

    /** How a channel varies from event to event. */
    public enum Fading {
        NONE,
        /** Gains of node and eavesdropper are those of the instance times exponential factors of mean 1. */
        RAYLEIGH
    }

    /**
     * The radio.
     *
     * @param fading from event to event
     * @param answerSeconds from an event to its answer at most, or null: only the transmission has a deadline, the device's
     */
    public record LinkSpec(Fading fading, Double answerSeconds) {
        public LinkSpec {
            fading = fading == null ? Fading.NONE : fading;
            if (answerSeconds != null) {
                Checks.positive("answerSeconds", answerSeconds);
            }
        }
    }

    /** How a node divides its time among devices. */
    public enum Sharing {
        /** Each device has the compute that the plan gives it, and no other. */
        RESERVED,
        /** Start-time fair queueing with the planned compute as weights: what one does not use the others may. */
        WEIGHTED,
        /** First come, first served. */
        FIFO
    }

    /**
     * What all nodes have.
     *
     * @param sharing among devices
     * @param servers among which W_j is divided; with reserved shares each device has one of its own
     * @param queue events that wait or are worked on; with reserved shares, of each device
     * @param admission whether the node refuses events beyond w per period and device
     * @param batch events that one server may take at a time, for the time of the longest; FIFO only
     */
    public record NodeSpec(Sharing sharing, Integer servers, Integer queue, Boolean admission, Integer batch) {
        private static final int DEFAULT_QUEUE = 64;

        public NodeSpec {
            sharing = sharing == null ? Sharing.RESERVED : sharing;
            servers = Checks.within("servers", servers == null ? 1 : servers, 1, 10_000);
            queue = Checks.within("queue", queue == null ? DEFAULT_QUEUE : queue, servers, 10_000_000);
            admission = admission != null && admission;
            batch = Checks.within("batch", batch == null ? 1 : batch, 1, 10_000);
            if (batch > 1 && sharing != Sharing.FIFO) {
                throw new IllegalArgumentException("batch is " + batch + " with sharing "
                        + sharing.name().toLowerCase(java.util.Locale.ROOT) + "; expected sharing: fifo");
            }
        }
    }

    /**
     * The line of each node to the server, which hears of every event answered.
     *
     * @param delaySeconds of every message [s]
     * @param bitsPerSecond of the line [bit/s]
     */
    public record Backhaul(double delaySeconds, double bitsPerSecond) {
        public Backhaul {
            Checks.nonNegative("delaySeconds", delaySeconds);
            Checks.positive("bitsPerSecond", bitsPerSecond);
        }
    }

    /**
     * How drift and faults are noticed.
     *
     * @param windowEvents of a device that the tests of drift look at
     * @param everySeconds between looks
     * @param alpha level of one look at one device
     * @param faultSeconds until a node down or up is noticed
     * @param labels what is known of the truth
     */
    public record Monitor(Integer windowEvents, Double everySeconds, Double alpha, Double faultSeconds, Labels labels) {
        private static final int DEFAULT_WINDOW = 200;
        private static final double DEFAULT_EVERY = 60;
        private static final double DEFAULT_ALPHA = 1e-3;
        private static final double DEFAULT_FAULT = 5;

        public Monitor {
            windowEvents =
                    Checks.within("windowEvents", windowEvents == null ? DEFAULT_WINDOW : windowEvents, 20, 1_000_000);
            everySeconds = Checks.positive("everySeconds", everySeconds == null ? DEFAULT_EVERY : everySeconds);
            alpha = alpha == null ? DEFAULT_ALPHA : alpha;
            if (!(alpha > 0 && alpha < 1)) {
                throw new IllegalArgumentException("alpha is " + alpha + "; expected between 0 and 1");
            }
            faultSeconds = Checks.nonNegative("faultSeconds", faultSeconds == null ? DEFAULT_FAULT : faultSeconds);
            labels = labels == null ? new Labels(1, 0) : labels;
        }
    }

    /**
     * The truth becomes known late and in part.
     *
     * @param share of the events, 0 to 1
     * @param delaySeconds after the event
     */
    public record Labels(double share, double delaySeconds) {
        public Labels {
            Checks.within("share", share, 0, 1);
            Checks.nonNegative("delaySeconds", delaySeconds);
        }
    }
}

package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Checks;

/** What is done about the plan while the system runs. In YAML, a name or {@code {name: {option: value}}}. */
public sealed interface Policy {
    /** Option of those that plan: the margin. */
    String TRAFFIC = "traffic";

    /** As tables show it. */
    String name();

    /** The plan stays as it is. */
    record Kept() implements Policy {
        @Override
        public String name() {
            return "kept";
        }
    }

    /**
     * A new plan after an alarm: drift of a device's events, traffic, a node down or up, a new device.
     *
     * @param moveCost what moving a device must gain, in units of the objective; 0.01
     * @param traffic events planned for over those observed; 1
     */
    record ReplanOnAlarm(double moveCost, double traffic) implements Policy {
        public ReplanOnAlarm {
            Checks.nonNegative("moveCost", moveCost);
            Checks.positive("traffic", traffic);
        }

        @Override
        public String name() {
            return Policy.withMargin("replan-on-alarm", traffic);
        }
    }

    /**
     * A new plan every so often.
     *
     * @param seconds between two plans [s]; 600
     * @param moveCost what moving a device must gain, in units of the objective; 0.01
     * @param traffic events planned for over those observed; 1
     */
    record Periodic(double seconds, double moveCost, double traffic) implements Policy {
        public Periodic {
            Checks.positive("seconds", seconds);
            Checks.nonNegative("moveCost", moveCost);
            Checks.positive("traffic", traffic);
        }

        @Override
        public String name() {
            return Policy.withMargin("periodic", traffic);
        }
    }

    /**
     * A device whose events drift gets new thresholds for the compute it has; nothing else changes.
     *
     * @param traffic events that the compute must do for over those observed
     */
    record ThresholdsOnAlarm(double traffic) implements Policy {
        public ThresholdsOnAlarm {
            Checks.positive("traffic", traffic);
        }

        @Override
        public String name() {
            return Policy.withMargin("thresholds-on-alarm", traffic);
        }
    }

    /**
     * Every device keeps its planned offload rate by itself.
     *
     * @param eta step of {@link org.qexit.trace.RateFollower}
     */
    record Follower(double eta) implements Policy {
        public Follower {
            Checks.positive("eta", eta);
        }

        @Override
        public String name() {
            return "follower";
        }
    }

    /** The plan stays as it is; the server retrains the nodes' model as {@link Scenario#cloud} says. */
    record Retrain() implements Policy {
        @Override
        public String name() {
            return "retrain";
        }
    }

    private static String withMargin(String name, double traffic) {
        return traffic == 1 ? name : name + " for traffic x " + PlanChoice.words(traffic);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Policy parse(Object value) {
        if (value instanceof String name) {
            return of(name, Map.of());
        }
        if (value instanceof Map<?, ?> map && map.size() == 1) {
            Map.Entry<?, ?> entry = map.entrySet().iterator().next();
            if (entry.getValue() == null || entry.getValue() instanceof Map<?, ?>) {
                return of(
                        String.valueOf(entry.getKey()),
                        entry.getValue() == null ? Map.of() : (Map<?, ?>) entry.getValue());
            }
        }
        throw new IllegalArgumentException("policy is " + value + "; expected a name, or one name with its options");
    }

    private static Policy of(String name, Map<?, ?> options) {
        return switch (name) {
            case "kept" -> {
                known(name, options, Set.of());
                yield new Kept();
            }
            case "replanOnAlarm" -> {
                known(name, options, Set.of("moveCost", TRAFFIC));
                yield new ReplanOnAlarm(number(name, options, "moveCost", 0.01), number(name, options, TRAFFIC, 1));
            }
            case "periodic" -> {
                known(name, options, Set.of("seconds", "moveCost", TRAFFIC));
                yield new Periodic(
                        number(name, options, "seconds", 600),
                        number(name, options, "moveCost", 0.01),
                        number(name, options, TRAFFIC, 1));
            }
            case "thresholdsOnAlarm" -> {
                known(name, options, Set.of(TRAFFIC));
                yield new ThresholdsOnAlarm(number(name, options, TRAFFIC, 1));
            }
            case "follower" -> {
                known(name, options, Set.of("eta"));
                yield new Follower(number(name, options, "eta", 0.02));
            }
            case "retrain" -> {
                known(name, options, Set.of());
                yield new Retrain();
            }
            default ->
                throw new IllegalArgumentException("policy is '" + name
                        + "'; expected one of: kept, replanOnAlarm, periodic, thresholdsOnAlarm, follower, retrain");
        };
    }

    private static void known(String policy, Map<?, ?> options, Set<String> names) {
        for (Object key : options.keySet()) {
            if (!names.contains(String.valueOf(key))) {
                throw new IllegalArgumentException("policy " + policy + ": unknown option '" + key + "'"
                        + (names.isEmpty()
                                ? "; it has none"
                                : "; expected one of: "
                                        + String.join(
                                                ", ", names.stream().sorted().toList())));
            }
        }
    }

    private static double number(String policy, Map<?, ?> options, String key, double otherwise) {
        Object value = options.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("policy " + policy + ": " + key + " is '" + value + "'; expected a number");
    }
}

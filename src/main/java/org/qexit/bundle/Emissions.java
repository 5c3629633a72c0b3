package org.qexit.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * {@code emissions.json}: what devices emitted on events that nothing was chosen on, as counts without labels: what is normal to whoever
 * watches them for drift. Not in bundles that were made without such events, or before.
 *
 * @param format {@value #FORMAT}
 * @param devices one entry per device that has events
 */
public record Emissions(String format, List<Device> devices) {
    public static final String PATH = "emissions.json";
    public static final String FORMAT = "qexit.expected-emissions/1";

    /** Values that confidences are told apart by. */
    public static final int LEVELS = 256;

    /** Confidences are told apart by their log odds between these. */
    private static final double MOST_LOG_ODDS = 16;

    private static final int MAX_COUNT = 1 << 30;

    public Emissions {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        devices = List.copyOf(Checks.present("devices", devices));
    }

    public static Emissions of(List<Device> devices) {
        return new Emissions(FORMAT, devices);
    }

    /**
     * What one device emitted. Counts are by value; values that were not seen are left out.
     *
     * @param device its id
     * @param events how many
     * @param decisions by {@link #decision}
     * @param confidences by {@link #level}, of the events that reached each exit, first exit first
     */
    public record Device(
            String device, int events, Map<Integer, Integer> decisions, List<Map<Integer, Integer>> confidences) {
        public Device {
            Checks.notBlank("device", device);
            Checks.within("events", events, 0, MAX_COUNT);
            confidences = List.copyOf(Checks.present("confidences", confidences));
            decisions = counts("decisions", decisions, 2 * confidences.size());
            List<Map<Integer, Integer>> checked = new ArrayList<>();
            for (Map<Integer, Integer> exit : confidences) {
                checked.add(counts("confidences", exit, LEVELS));
            }
            confidences = List.copyOf(checked);
        }

        private static Map<Integer, Integer> counts(String name, Map<Integer, Integer> counts, int values) {
            Checks.present(name, counts).forEach((value, count) -> {
                Checks.within(name, value, 0, values - 1);
                Checks.within("count", Checks.present("count", count), 0, MAX_COUNT);
            });
            return new TreeMap<>(counts);
        }

        /**
         * The emissions of a device.
         *
         * @param scores confidences {@code [exit][event]}
         */
        public static Device of(String id, float[][] scores, int events, Rule rule) {
            Map<Integer, Integer> decisions = new TreeMap<>();
            List<Map<Integer, Integer>> confidences = new ArrayList<>();
            for (int q = 0; q < scores.length; q++) {
                confidences.add(new TreeMap<>());
            }
            for (int k = 0; k < events; k++) {
                Thresholds.Decision decided = rule.decide(scores, k);
                int exit = decided.exit() + 1;
                decisions.merge(decision(scores.length, exit, decided.critical()), 1, Integer::sum);
                for (int q = 0; q < exit; q++) {
                    confidences.get(q).merge(level(scores[q][k]), 1, Integer::sum);
                }
            }
            return new Device(id, events, decisions, confidences);
        }

        /** Events that were offloaded. */
        public long offloads() {
            return decisions.entrySet().stream()
                    .filter(entry -> entry.getKey() >= confidences.size())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /**
     * The number of an exit and its verdict: normal ones from the first exit on, then critical ones from the last: the ends are the ones
     * that are surest.
     *
     * @param exits L
     * @param exit that decided, from 1
     */
    public static int decision(int exits, int exit, boolean critical) {
        return critical ? 2 * exits - exit : exit - 1;
    }

    /** The number of a confidence's level, from 0. */
    public static int level(float confidence) {
        double odds = Math.log(confidence / (1.0 - confidence));
        if (!(odds > -MOST_LOG_ODDS)) {
            return 0;
        }
        double share = (Math.min(odds, MOST_LOG_ODDS) + MOST_LOG_ODDS) / (2 * MOST_LOG_ODDS);
        return Math.min(LEVELS - 1, (int) (share * LEVELS));
    }

    /** What a bundle's device emitted, if it is known. */
    public static Optional<Device> of(Bundle bundle, String device) {
        boolean known =
                bundle.manifest().files().stream().anyMatch(file -> file.path().equals(PATH));
        if (!known) {
            return Optional.empty();
        }
        Emissions all = Json.parse(bundle.origin().resolve(PATH).toString(), bundle.text(PATH), Emissions.class);
        return all.devices.stream()
                .filter(entry -> entry.device().equals(device))
                .filter(entry -> entry.confidences().size() == bundle.manifest().exits())
                .findFirst();
    }
}

package org.qexit.bundle;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * {@code golden/golden.json}: what every runtime must find on the events of {@code golden/inputs.bin}, which are float32, little endian,
 * {@code [event][channel][row][column]}.
 *
 * @param format {@value #BASE} and a version: 1 for a pair, 2 for thresholds per exit
 * @param reference what computed the confidences
 * @param events how many
 * @param inputs the file of inputs
 * @param tolerance how far another runtime's confidences may be
 * @param thresholds those of the whole graph; in JSON {@code lower} and {@code upper}
 * @param confidences at all exits, whether reached or not, {@code [event][exit]}
 * @param exits the exit that decides, from 1, {@code [event]}
 * @param decisions 1 = critical, {@code [event]}
 * @param labels the truth, {@code [event]}, or null where inputs are random numbers
 */
@JsonPropertyOrder({"format", "reference", "events", "inputs", "tolerance", "lower", "upper"})
public record Golden(
        String format,
        String reference,
        int events,
        String inputs,
        double tolerance,
        @JsonIgnore Rule thresholds,
        float[][] confidences,
        int[] exits,
        int[] decisions,
        int[] labels) {
    public static final String PATH = "golden/golden.json";
    public static final String INPUTS = "golden/inputs.bin";
    private static final String BASE = "qexit.golden";

    /** Of confidences in float32 and another order of summation. */
    public static final double TOLERANCE = 1e-5;

    /** Enough to meet every exit and verdict, and 100 kB of 28 × 28 images. */
    private static final int MOST = 32;

    public Golden {
        RuleVersion.check(BASE, format, thresholds);
        Checks.within("events", events, 1, 1 << 20);
        Checks.within("tolerance", tolerance, 0, 1);
        if (confidences == null || confidences.length != events || exits == null || exits.length != events) {
            throw new IllegalArgumentException("confidences and exits; expected one entry for each of " + events);
        }
        if (decisions == null || decisions.length != events || labels != null && labels.length != events) {
            throw new IllegalArgumentException("decisions and labels; expected one entry for each of " + events);
        }
    }

    @JsonCreator
    static Golden read(
            @JsonProperty("format") String format,
            @JsonProperty("reference") String reference,
            @JsonProperty("events") int events,
            @JsonProperty("inputs") String inputs,
            @JsonProperty("tolerance") double tolerance,
            @JsonProperty("lower") Object lower,
            @JsonProperty("upper") Object upper,
            @JsonProperty("confidences") float[][] confidences,
            @JsonProperty("exits") int[] exits,
            @JsonProperty("decisions") int[] decisions,
            @JsonProperty("labels") int[] labels) {
        return new Golden(
                format,
                reference,
                events,
                inputs,
                tolerance,
                Rule.of(lower, upper),
                confidences,
                exits,
                decisions,
                labels);
    }

    /** In files: a number, or a list with an entry per exit. */
    @JsonProperty("lower")
    Object lower() {
        return thresholds.lowerEntry();
    }

    /** In files: a number or "never", or a list with an entry per exit. */
    @JsonProperty("upper")
    Object upper() {
        return thresholds.upperEntry();
    }

    /**
     * The expected answers to chosen events.
     *
     * @param scores confidences {@code [exit][event]}
     * @param labels or null
     */
    public static Golden of(String reference, double tolerance, float[][] scores, byte[] labels, Rule thresholds) {
        int events = scores[0].length;
        float[][] confidences = new float[events][scores.length];
        int[] exits = new int[events];
        int[] decisions = new int[events];
        int[] truth = labels == null ? null : new int[events];
        for (int k = 0; k < events; k++) {
            for (int q = 0; q < scores.length; q++) {
                confidences[k][q] = scores[q][k];
            }
            Thresholds.Decision decision = thresholds.decide(scores, k);
            exits[k] = decision.exit() + 1;
            decisions[k] = decision.critical() ? 1 : 0;
            if (labels != null) {
                truth[k] = labels[k];
            }
        }
        return new Golden(
                RuleVersion.of(BASE, thresholds.kind()),
                reference,
                events,
                INPUTS,
                tolerance,
                thresholds,
                confidences,
                exits,
                decisions,
                truth);
    }

    /**
     * Which events to keep, ascending: in turn one more of every pair of exit and decision that occurs, in the order of the events.
     *
     * @param decisions of all events
     */
    public static int[] choose(List<Thresholds.Decision> decisions) {
        TreeSet<Integer> chosen = new TreeSet<>();
        List<Thresholds.Decision> kinds = decisions.stream().distinct().toList();
        List<List<Integer>> byKind = new ArrayList<>();
        kinds.forEach(kind -> byKind.add(new ArrayList<>()));
        for (int k = 0; k < decisions.size(); k++) {
            byKind.get(kinds.indexOf(decisions.get(k))).add(k);
        }
        for (int round = 0; chosen.size() < Math.min(MOST, decisions.size()); round++) {
            for (List<Integer> events : byKind) {
                if (round < events.size() && chosen.size() < MOST) {
                    chosen.add(events.get(round));
                }
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Random inputs for a model without data: whole levels from 0 to the maximum, or fractions where it is 1. */
    public static float[] randomInputs(int features, float maximum) {
        SplittableRandom random = RandomStreams.of(0).stream("golden");
        float[] values = new float[MOST * features];
        for (int i = 0; i < values.length; i++) {
            values[i] = maximum == 1 ? (float) random.nextInt(1 << 20) / (1 << 20) : random.nextInt((int) maximum + 1);
        }
        return values;
    }

    public static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /**
     * The numbers of a file of inputs.
     *
     * @throws IllegalArgumentException if there are not {@code count} values
     */
    public static float[] floats(byte[] bytes, long count) {
        if (bytes.length != count * Float.BYTES) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes of golden inputs; expected " + count * Float.BYTES);
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}

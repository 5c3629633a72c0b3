package org.qexit.trace;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.qexit.common.Checks;

/**
 * The confidence trace of one device: for each event its true label and the confidence "critical" at every exit, Eq. (1).
 * The arrays are not copied; do not change them.
 *
 * @param device the device's id
 * @param events event ids, {@code [event]}
 * @param labels 1 = critical, 0 = normal, {@code [event]}
 * @param scores confidences in [0, 1], {@code [exit][event]}
 * @param origins where the events come from, or null where it is not known or was not asked for
 */
public record DeviceTrace(String device, long[] events, byte[] labels, float[][] scores, EventOrigins origins) {
    /** @throws IllegalArgumentException for shapes that do not fit, labels other than 0 and 1, scores outside [0, 1] */
    public DeviceTrace {
        Checks.notBlank("device", device);
        int n = events.length;
        if (labels.length != n) {
            throw new IllegalArgumentException(
                    "device " + device + ": " + labels.length + " labels for " + n + " events");
        }
        if (origins != null && origins.classes().length != n) {
            throw new IllegalArgumentException(
                    "device " + device + ": " + origins.classes().length + " classes for " + n + " events");
        }
        if (scores.length == 0) {
            throw new IllegalArgumentException("device " + device + ": no exits");
        }
        for (int q = 0; q < scores.length; q++) {
            if (scores[q].length != n) {
                throw new IllegalArgumentException("device " + device + ": exit " + (q + 1) + " has " + scores[q].length
                        + " scores for " + n + " events");
            }
            for (int k = 0; k < n; k++) {
                if (!(scores[q][k] >= 0 && scores[q][k] <= 1)) {
                    throw new IllegalArgumentException("device " + device + ", event " + events[k] + ": score c"
                            + (q + 1) + " is " + scores[q][k] + "; expected 0 to 1");
                }
            }
        }
        for (int k = 0; k < n; k++) {
            if (labels[k] != 0 && labels[k] != 1) {
                throw new IllegalArgumentException(
                        "device " + device + ", event " + events[k] + ": label is " + labels[k] + "; expected 0 or 1");
            }
        }
    }

    /** Without origins. */
    public DeviceTrace(String device, long[] events, byte[] labels, float[][] scores) {
        this(device, events, labels, scores, null);
    }

    public int size() {
        return events.length;
    }

    public int exits() {
        return scores.length;
    }

    /** Number of critical events, |P|. */
    public int positives() {
        int count = 0;
        for (byte label : labels) {
            count += label;
        }
        return count;
    }

    /** The events at some of the places, in their order and without origins. */
    public DeviceTrace only(IntPredicate kept) {
        int[] places = IntStream.range(0, size()).filter(kept).toArray();
        byte[] ofThem = new byte[places.length];
        float[][] seen = new float[exits()][places.length];
        for (int i = 0; i < places.length; i++) {
            ofThem[i] = labels[places[i]];
            for (int q = 0; q < seen.length; q++) {
                seen[q][i] = scores[q][places[i]];
            }
        }
        return new DeviceTrace(
                device, IntStream.of(places).mapToLong(k -> events[k]).toArray(), ofThem, seen);
    }
}

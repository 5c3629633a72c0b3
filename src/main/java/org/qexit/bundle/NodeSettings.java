package org.qexit.bundle;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.UpperThreshold;

/**
 * {@code node.json} of an edge node's bundle: what the node needs beside the graphs.
 *
 * @param format {@value #FORMAT}
 * @param model name of the bundle
 * @param modelSha256 of the parameters of the model it was made of
 * @param classes names of the classes, in the order of their ids
 * @param critical ids of those that are critical, ascending
 * @param lower l': the critical classes' probabilities together at or below it mean a false alarm
 * @param upper u': a critical class at or above it is named; "never" if only the last exit names one
 * @param payload what devices send
 */
public record NodeSettings(
        String format,
        String model,
        String modelSha256,
        List<String> classes,
        List<Integer> critical,
        float lower,
        UpperThreshold upper,
        Sent payload) {
    public static final String FORMAT = "qexit.node/1";
    public static final String PATH = "node.json";

    public NodeSettings {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("model", model);
        Checks.sha256("modelSha256", modelSha256);
        classes = List.copyOf(Checks.present("classes", classes));
        Checks.within("number of classes", classes.size(), 2, 10_000);
        critical = List.copyOf(Checks.present("critical", critical));
        Checks.within("number of critical classes", critical.size(), 1, classes.size());
        for (int i = 0; i < critical.size(); i++) {
            Checks.within("critical", critical.get(i), i == 0 ? 0 : critical.get(i - 1) + 1, classes.size() - 1);
        }
        Checks.present("upper", upper);
        Checks.present("payload", payload);
        // Refuses numbers that are no thresholds.
        new ClassThresholds(lower, upper.value());
    }

    /**
     * What devices send.
     *
     * @param kind "event" or "features"
     * @param bits per value: 8 for levels 0 to 255, 32 for float numbers
     * @param channels how a level of features means a number, {@code zero + level * scale}; null where values are as they are
     * @param model name of the devices' model whose first block makes the features, else null
     * @param modelSha256 of its parameters, else null
     */
    public record Sent(String kind, int bits, List<Channel> channels, String model, String modelSha256) {
        public Sent {
            if (!"event".equals(kind) && !"features".equals(kind)) {
                throw new IllegalArgumentException("kind is '" + kind + "'; expected event or features");
            }
            if (bits != Byte.SIZE && bits != Float.SIZE) {
                throw new IllegalArgumentException("bits is " + bits + "; expected 8 or 32");
            }
            channels = channels == null ? null : List.copyOf(channels);
            if ("features".equals(kind)) {
                Checks.notBlank("model", model);
                Checks.sha256("modelSha256", modelSha256);
            }
        }

        /** Whether values may be any numbers: features that are not written as levels. */
        public boolean unbounded() {
            return "features".equals(kind) && bits == Float.SIZE;
        }
    }

    /** What a level of a channel means: {@code zero + level * scale}. */
    public record Channel(float zero, float scale) {
        public Channel {
            if (!Float.isFinite(zero)) {
                throw new IllegalArgumentException("zero is " + zero + "; expected a finite number");
            }
            Checks.positive("scale", scale);
        }
    }

    public ClassThresholds thresholds() {
        return new ClassThresholds(lower, upper.value());
    }

    /** Ids of the critical classes, ascending. */
    public int[] criticalIds() {
        return critical.stream().mapToInt(Integer::intValue).toArray();
    }
}

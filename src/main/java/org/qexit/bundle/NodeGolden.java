package org.qexit.bundle;

import org.qexit.common.Checks;
import org.qexit.trace.ClassThresholds;

/**
 * {@code golden/golden.json} of an edge node's bundle: what every runtime must find on the events of {@code golden/inputs.bin}.
 *
 * @param format {@value #FORMAT}
 * @param reference what computed the probabilities
 * @param events how many
 * @param inputs the file of inputs, as in a device's bundle
 * @param tolerance how far another runtime's probabilities may be
 * @param probabilities at all exits, whether reached or not, {@code [event][exit][class]}
 * @param exits the exit that decides, from 1, {@code [event]}
 * @param classes the class decided, -1 for a false alarm, {@code [event]}
 */
public record NodeGolden(
        String format,
        String reference,
        int events,
        String inputs,
        double tolerance,
        float[][][] probabilities,
        int[] exits,
        int[] classes) {
    static final String FORMAT = "qexit.node-golden/1";

    public NodeGolden {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.within("events", events, 1, 1 << 20);
        Checks.within("tolerance", tolerance, 0, 1);
        if (probabilities == null || probabilities.length != events) {
            throw new IllegalArgumentException("probabilities; expected one entry for each of " + events + " events");
        }
        if (exits == null || exits.length != events || classes == null || classes.length != events) {
            throw new IllegalArgumentException("exits and classes; expected one entry for each of " + events);
        }
    }

    /**
     * The expected answers.
     *
     * @param scores probabilities {@code [exit][event * K + class]}
     */
    public static NodeGolden of(String reference, double tolerance, float[][] scores, NodeSettings node) {
        int classes = node.classes().size();
        int events = scores[0].length / classes;
        float[][][] probabilities = new float[events][scores.length][classes];
        int[] exits = new int[events];
        int[] decided = new int[events];
        for (int k = 0; k < events; k++) {
            for (int q = 0; q < scores.length; q++) {
                System.arraycopy(scores[q], k * classes, probabilities[k][q], 0, classes);
            }
            ClassThresholds.Decision decision = node.thresholds().decide(probabilities[k], node.criticalIds());
            exits[k] = decision.exit() + 1;
            decided[k] = decision.classId();
        }
        return new NodeGolden(FORMAT, reference, events, Golden.INPUTS, tolerance, probabilities, exits, decided);
    }

    /** Probabilities {@code [exit][event * K + class]}. */
    float[][] scores(int exits, int classes) {
        float[][] scores = new float[exits][events * classes];
        for (int k = 0; k < events; k++) {
            for (int q = 0; q < exits; q++) {
                if (probabilities[k].length != exits || probabilities[k][q].length != classes) {
                    throw new IllegalArgumentException("probabilities of event " + k + "; expected " + exits
                            + " exits of " + classes + " classes");
                }
                System.arraycopy(probabilities[k][q], 0, scores[q], k * classes, classes);
            }
        }
        return scores;
    }
}

package org.qexit.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Thresholds;

/** Names of inputs, outputs and constants of a bundle's graphs: part of its format, docs/bundle-format.md. */
public final class GraphNames {
    public static final String INPUT = "input";
    public static final String FEATURES = "features";
    public static final String NEXT_FEATURES = "next_features";
    public static final String CONFIDENCE = "confidence";
    public static final String CONFIDENCES = "confidences";
    public static final String DECISION = "decision";
    public static final String CLASS = "class";
    public static final String PROBABILITIES = "probabilities";
    public static final String EXIT = "exit";
    public static final String LOWER = "lower";
    public static final String UPPER = "upper";

    /** Stands for the confidence of an exit that an event did not reach. */
    public static final float NOT_REACHED = -1;

    private GraphNames() {}

    /**
     * The inputs of a stage.
     *
     * @param stage from 0
     * @param taken tensors that the stage before hands on
     */
    public static List<String> inputs(int stage, int taken) {
        return stage == 0 ? List.of(INPUT) : numbered(FEATURES, taken);
    }

    /**
     * The outputs of a stage: what its exit says, then what it hands on.
     *
     * @param answer {@link #CONFIDENCE} or {@link #PROBABILITIES}
     * @param given tensors that it hands on; 0 for the last stage
     */
    public static List<String> outputs(String answer, int given) {
        List<String> names = new ArrayList<>(List.of(answer));
        names.addAll(numbered(NEXT_FEATURES, given));
        return names;
    }

    /** What a stage hands on. */
    public static List<String> handedOn(int given) {
        return numbered(NEXT_FEATURES, given);
    }

    /** The first bears the name itself, the others a number behind it. */
    private static List<String> numbered(String name, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(i == 1 ? name : name + "_" + i);
        }
        return names;
    }

    /** The lower threshold of an exit, from 0, where each has its own. */
    public static String lower(int exit) {
        return LOWER + "_" + (exit + 1);
    }

    /** The upper threshold of an exit, from 0, where each has its own. */
    public static String upper(int exit) {
        return UPPER + "_" + (exit + 1);
    }

    /** What the constants of a whole graph are that has a pair of thresholds. */
    public static Map<String, Float> constants(Thresholds thresholds) {
        return Map.of(LOWER, thresholds.lower(), UPPER, thresholds.upper());
    }

    /** What the constants of a whole graph are that has thresholds for each exit. */
    public static Map<String, Float> constants(ExitThresholds thresholds) {
        Map<String, Float> constants = new TreeMap<>();
        for (int q = 0; q < thresholds.exits(); q++) {
            constants.put(lower(q), thresholds.lower(q));
            constants.put(upper(q), thresholds.upper(q));
        }
        return constants;
    }
}

package org.qexit.bundle;

import java.util.List;
import java.util.Map;
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

    /** The input of a stage, from 0. */
    public static String input(int stage) {
        return stage == 0 ? INPUT : FEATURES;
    }

    /** The outputs of a stage, from 0, among so many. */
    public static List<String> outputs(int stage, int stages) {
        return stage == stages - 1 ? List.of(CONFIDENCE) : List.of(CONFIDENCE, NEXT_FEATURES);
    }

    /** The outputs of a stage of an edge node's bundle. */
    public static List<String> nodeOutputs(int stage, int stages) {
        return stage == stages - 1 ? List.of(PROBABILITIES) : List.of(PROBABILITIES, NEXT_FEATURES);
    }

    /** What the whole graph's constants are with these thresholds. */
    public static Map<String, Float> constants(Thresholds thresholds) {
        return Map.of(LOWER, thresholds.lower(), UPPER, thresholds.upper());
    }
}

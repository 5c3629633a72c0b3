package org.qexit.bundle;

import java.util.Map;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** How a bundle's thresholds decide an event by what its exits say. */
public sealed interface DecisionRule {
    /**
     * Decides one event.
     *
     * @param scores what the exits say, {@code [exit][event * width]}
     */
    Verdict of(float[][] scores, int event);

    /** Numbers per exit and event: 1 confidence, or the probabilities of all classes. */
    int width();

    /** The whole graph's output that holds the decision. */
    String output();

    /** What the whole graph's constants are with these thresholds. */
    Map<String, Float> constants();

    /**
     * What became of an event.
     *
     * @param exit from 0
     * @param decision as the whole graph gives it: 1 critical and 0 normal, or a class id and -1 for a false alarm
     */
    record Verdict(int exit, long decision) {}

    /**
     * A device's.
     *
     * @param exitsOfGraph L where the bundle's whole graph has thresholds for each exit, 0 where it has a pair
     */
    record OfDevice(Rule thresholds, int exitsOfGraph) implements DecisionRule {
        @Override
        public Verdict of(float[][] scores, int event) {
            Thresholds.Decision decision = thresholds.decide(scores, event);
            return new Verdict(decision.exit(), decision.critical() ? 1 : 0);
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public String output() {
            return GraphNames.DECISION;
        }

        @Override
        public Map<String, Float> constants() {
            return exitsOfGraph == 0
                    ? GraphNames.constants((Thresholds) thresholds)
                    : GraphNames.constants(thresholds.perExit(exitsOfGraph));
        }
    }

    /** An edge node's. */
    record OfNode(NodeSettings node) implements DecisionRule {
        @Override
        public Verdict of(float[][] scores, int event) {
            float[][] probabilities = new float[scores.length][width()];
            for (int q = 0; q < scores.length; q++) {
                System.arraycopy(scores[q], event * width(), probabilities[q], 0, width());
            }
            ClassThresholds.Decision decision = node.thresholds().decide(probabilities, node.criticalIds());
            return new Verdict(decision.exit(), decision.classId());
        }

        @Override
        public int width() {
            return node.classes().size();
        }

        @Override
        public String output() {
            return GraphNames.CLASS;
        }

        @Override
        public Map<String, Float> constants() {
            return Map.of(
                    GraphNames.LOWER, node.thresholds().lower(),
                    GraphNames.UPPER, node.thresholds().upper());
        }
    }
}

package org.qexit.tier;

import org.qexit.common.Checks;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What a device does with the confidences of an event: which exit is the last to look, and whether the event is offloaded. Beside the pair of
 * thresholds there are the two ends of every nested path of rules, which no pair of thresholds expresses for scores of 0 and of 1.
 */
public sealed interface DeviceRule {
    /** Every event is offloaded, as soon as the first exit has looked. */
    DeviceRule EVERYTHING = new Always(true);

    /** No event is offloaded; the first exit is the last. */
    DeviceRule NOTHING = new Always(false);

    /** A pair of thresholds, or a pair for each exit. */
    static DeviceRule of(Rule thresholds) {
        return new ByThresholds(thresholds);
    }

    /** Decides event {@code k} of {@code scores[exit][event]}. */
    Thresholds.Decision decide(float[][] scores, int k);

    /** A pair of thresholds, or a pair for each exit. */
    record ByThresholds(Rule thresholds) implements DeviceRule {
        public ByThresholds {
            Checks.present("thresholds", thresholds);
        }

        @Override
        public Thresholds.Decision decide(float[][] scores, int k) {
            return thresholds.decide(scores, k);
        }
    }

    /** The same for every event. */
    record Always(boolean offloads) implements DeviceRule {
        @Override
        public Thresholds.Decision decide(float[][] scores, int k) {
            return new Thresholds.Decision(0, offloads);
        }
    }
}

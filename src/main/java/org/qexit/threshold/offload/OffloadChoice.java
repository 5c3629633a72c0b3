package org.qexit.threshold.offload;

import org.qexit.trace.Rule;

/** Chooses the thresholds of one device in each {@linkplain OffloadMode mode}, judged by what device and edge node say together. */
@FunctionalInterface
public interface OffloadChoice {
    /**
     * The best thresholds of a kind that it finds: most true positives end to end, then fewest offloads, then fewest false positives.
     *
     * @param offloads most offloads
     * @param falsePositives most false positives end to end, in units of the node's answers
     */
    Found<? extends Rule> within(OffloadMode mode, long offloads, long falsePositives);

    /**
     * What thresholds do end to end.
     *
     * @param <R> the kind of rule
     * @param truePositives critical events whose final answer is critical, in units of the node's answers
     * @param falsePositives normal events whose final answer is critical, in these units
     * @param thresholds in the middle of their gaps between neighbouring observed confidences
     * @param margin least distance between a threshold and an observed confidence; 1 if all is normal
     */
    record Found<R extends Rule>(int offloads, long truePositives, long falsePositives, R thresholds, float margin) {}
}

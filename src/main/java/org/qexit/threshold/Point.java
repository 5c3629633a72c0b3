package org.qexit.threshold;

import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/**
 * A step of a frontier as it stands in JSON.
 *
 * @param offloads TP + FP
 * @param truePositives critical events offloaded
 * @param falsePositives normal events offloaded
 * @param lower l
 * @param upper u, or "never"
 * @param margin least distance between a threshold and an observed score
 */
public record Point(
        int offloads, int truePositives, int falsePositives, float lower, UpperThreshold upper, float margin) {
    public static Point of(Frontier.Step step) {
        return new Point(
                step.offloads(),
                step.truePositives(),
                step.falsePositives(),
                step.thresholds().lower(),
                new UpperThreshold(step.thresholds().upper()),
                step.margin());
    }

    public Thresholds thresholds() {
        return new Thresholds(lower, upper.value());
    }
}

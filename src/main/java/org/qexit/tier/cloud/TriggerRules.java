package org.qexit.tier.cloud;

import org.qexit.common.Checks;

/**
 * When a training is ordered; at least one of the first three.
 *
 * @param newSamples labelled events to learn from since the last order, or null
 * @param onAlarm whether an alarm of drift orders one
 * @param everySeconds since the last order, or null; only if there is something new
 * @param alarmSamples labelled events since an alarm without which a training would learn nothing of the drift
 * @param leastSeconds between two orders, however often there is a reason
 */
public record TriggerRules(
        Integer newSamples, boolean onAlarm, Double everySeconds, int alarmSamples, double leastSeconds) {
    private static final int MOST = 10_000_000;

    public TriggerRules {
        if (newSamples == null && !onAlarm && everySeconds == null) {
            throw new IllegalArgumentException(
                    "nothing orders a training; expected newSamples, onAlarm: true or everySeconds");
        }
        if (newSamples != null) {
            Checks.within("newSamples", newSamples, 1, MOST);
        }
        if (everySeconds != null) {
            Checks.positive("everySeconds", everySeconds);
        }
        Checks.within("alarmSamples", alarmSamples, 1, MOST);
        Checks.nonNegative("leastSeconds", leastSeconds);
    }
}

package org.qexit.tier.cloud;

import org.qexit.common.Checks;

/**
 * What a node tells of an event that it answered; its payload lies under its id.
 *
 * @param event its id
 * @param source what it shows, see {@link Example}
 * @param device that sent it
 * @param version of the model that answered
 * @param answer the class named, or {@link org.qexit.trace.ClassThresholds#FALSE_ALARM}
 */
public record Report(String event, String source, String device, long version, int answer) {
    public Report {
        Checks.notBlank("event", event);
        Checks.notBlank("source", source);
        Checks.notBlank("device", device);
        Checks.within("answer", answer, -1, ReplayLimits.MOST_CLASSES - 1);
        if (version < 0) {
            throw new IllegalArgumentException("version is " + version + "; expected at least 0");
        }
    }
}

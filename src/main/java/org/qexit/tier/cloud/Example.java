package org.qexit.tier.cloud;

import org.qexit.common.Checks;

/**
 * An event whose true class is known.
 *
 * @param event its id, under which its payload lies; no two have the same
 * @param source what it shows: of the events of one source none is tested on after another was trained or tested on
 * @param device that sent it
 * @param classId its true class
 * @param version of the model that answered it
 */
public record Example(String event, String source, String device, int classId, long version) {
    public Example {
        Checks.notBlank("event", event);
        Checks.notBlank("source", source);
        Checks.notBlank("device", device);
        Checks.within("classId", classId, 0, ReplayLimits.MOST_CLASSES - 1);
        if (version < 0) {
            throw new IllegalArgumentException("version is " + version + "; expected at least 0");
        }
    }
}

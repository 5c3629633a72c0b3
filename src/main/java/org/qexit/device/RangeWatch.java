package org.qexit.device;

import java.util.Optional;
import org.qexit.bundle.BundleManifest;
import org.qexit.common.Warning;

/**
 * Notices a stream whose values are all within one level of 255, as scaled values are where levels are expected: every one of them is in
 * range, and a model decides on what looks like darkness. Not for several threads.
 */
public final class RangeWatch {
    private static final float LEVELS = 255;

    private final float maximum;
    private float most;
    private long events;

    /** @param input what an event of the bundle looks like */
    public RangeWatch(BundleManifest.Input input) {
        this.maximum = input.maximum();
    }

    /** Looks at an event that was decided. */
    public void add(float[] event) {
        events++;
        for (float value : event) {
            most = Math.max(most, value);
        }
    }

    /** What is wrong so far; empty from the first event with a larger value on. Events of zeros alone say nothing. */
    public Optional<Warning> warning() {
        float level = maximum / LEVELS;
        return most > 0 && most <= level
                ? Optional.of(new Warning(
                        "values-0-to-1",
                        events + (events == 1 ? " event" : " events") + ": no value is larger than " + most
                                + ", where 0 to " + maximum
                                + " is expected. Maybe these are scaled values, not levels"))
                : Optional.empty();
    }
}

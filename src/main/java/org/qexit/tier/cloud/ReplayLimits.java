package org.qexit.tier.cloud;

import org.qexit.common.Checks;

/**
 * How much a {@link ReplayStore} holds.
 *
 * @param capacity examples at most
 * @param classes K; each has an equal part of the capacity to itself, so that frequent classes cannot drive out rare ones
 * @param deviceShare the part of a class's places that one device may have, at least one place
 */
public record ReplayLimits(int capacity, int classes, double deviceShare) {
    static final int MOST_CLASSES = 10_000;
    private static final int MOST = 10_000_000;

    public ReplayLimits {
        Checks.within("classes", classes, 2, MOST_CLASSES);
        Checks.within("capacity", capacity, classes, MOST);
        if (!(deviceShare > 0 && deviceShare <= 1)) {
            throw new IllegalArgumentException("deviceShare is " + deviceShare + "; expected above 0 and at most 1");
        }
    }

    /** Places of one class. */
    int perClass() {
        return capacity / classes;
    }

    /** Places of one class that one device may have. */
    int perDevice() {
        return Math.max(1, (int) (deviceShare * perClass()));
    }
}

package org.qexit.tier.live.device;

import java.util.Optional;

/** Where a device's events come from: the same ones in the same order whenever it is begun anew. Used by one thread at a time. */
public interface EventFeed {
    /** The next event; empty after the last. May wait for it. */
    Optional<Item> next();

    /**
     * One event.
     *
     * @param values as {@code EdgeRuntime.classify} takes them; null if it is unreadable
     * @param problem what is wrong with it; null if nothing is
     */
    record Item(float[] values, String problem) {}
}

package org.qexit.nn.node;

import java.util.Locale;

/** What a device sends its edge node of an event that it offloads. */
public enum PayloadKind {
    /** The event as it came. */
    EVENT,
    /** What the first block of the device's model makes of it, which the device has computed whatever exit decided. */
    FEATURES;

    /** As configurations and files write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

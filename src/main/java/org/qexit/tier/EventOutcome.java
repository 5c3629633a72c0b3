package org.qexit.tier;

import java.util.Locale;

/** How an event ends. Each ends in exactly one of these ways. */
public enum EventOutcome {
    /** The device took it for normal. */
    DROPPED,
    /** A node answered in time: a critical class, or, where nodes have no model, that it has the event. */
    CLASSIFIED,
    /** A node answered in time that it is a false alarm. */
    REJECTED,
    /** The device was off. */
    LOST_OFF,
    /** The device's queue was full. */
    LOST_DEVICE,
    /** The queue before the device's radio was full. */
    LOST_LINK,
    /** The node's queue was full. */
    LOST_NODE,
    /** The node was down, or went down with the event in its hands. */
    LOST_DOWN,
    /** The device would not send: no secrecy rate. */
    WITHHELD,
    /** Not delivered, or not answered, within the deadline. */
    MISSED,
    /** The node refused it: the device had used up what the plan grants it. */
    REFUSED;

    /** Whether a node's answer came in time. */
    public boolean answered() {
        return this == CLASSIFIED || this == REJECTED;
    }

    /** Whether it was lost in a queue, at a device that is off, or at a node that is down. */
    public boolean lost() {
        return ordinal() >= LOST_OFF.ordinal() && ordinal() <= LOST_DOWN.ordinal();
    }

    /** In words, as in "lost at the node": {@code lost-node}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

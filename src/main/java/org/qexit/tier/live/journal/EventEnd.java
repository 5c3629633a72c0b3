package org.qexit.tier.live.journal;

import org.qexit.common.Checks;

/**
 * How one event of a device ended.
 *
 * @param event its number in the source, from 1
 * @param seq its number in the outbox, 0 if it never was there
 * @param kind how
 * @param classId the class that the node named, -1 otherwise
 * @param exit of the device's model, from 1; 0 for an event that could not be read
 * @param nodeExit of the node's model, from 1; 0 without an answer
 * @param node that answered, or refused; empty if none did
 * @param tries how often it was sent
 * @param delayNanos from its arrival to the answer, or to the device's own decision; -1 if there was neither
 */
public record EventEnd(
        long event, long seq, Kind kind, int classId, int exit, int nodeExit, String node, int tries, long delayNanos) {
    /** The ways to end; codes on disk are the ordinals. */
    public enum Kind {
        /** The device took it for normal. */
        DROPPED,
        /** A node named its class in time. */
        CLASSIFIED,
        /** A node answered in time that it is a false alarm. */
        REJECTED,
        /** There was no answer by the deadline. */
        MISSED,
        /** There was an answer, but after the deadline: a miss, too. */
        LATE,
        /** The node refused it for good: a miss, too. */
        REFUSED,
        /** It could not be read: no event. */
        UNREADABLE;

        /** Whether it counts as missed. */
        public boolean missed() {
            return this == MISSED || this == LATE || this == REFUSED;
        }

        /** As it stands in logs. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public EventEnd {
        if (event < 1) {
            throw new IllegalArgumentException("event is " + event + "; expected at least 1");
        }
        Checks.present("kind", kind);
        Checks.present("node", node);
    }

    /** Of an event that is not offloaded. */
    static EventEnd local(long event, Kind kind, int exit, long delayNanos) {
        return new EventEnd(event, 0, kind, -1, exit, 0, "", 0, delayNanos);
    }
}

package org.qexit.tier.live.journal;

/** Is given the records of a log in order, when it is opened. */
@FunctionalInterface
public interface LogReader {
    /** @param payload may be kept */
    void record(Place place, byte[] payload);
}

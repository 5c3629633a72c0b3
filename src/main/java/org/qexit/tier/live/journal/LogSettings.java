package org.qexit.tier.live.journal;

import org.qexit.common.Checks;

/**
 * Sizes of a log.
 *
 * @param segmentBytes a segment that has reached this is followed by a new one
 * @param mostBytes of one record's payload
 */
public record LogSettings(int segmentBytes, int mostBytes) {
    /** Segments of 16 MiB; records to 128 MiB, more than any event's payload. */
    public static final LogSettings STANDARD = new LogSettings(1 << 24, 1 << 27);

    public LogSettings {
        Checks.within("segmentBytes", segmentBytes, 1 << 8, 1 << 30);
        Checks.within("mostBytes", mostBytes, 1, 1 << 27);
    }
}

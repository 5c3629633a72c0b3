package org.qexit.tier.live.journal;

import java.io.IOException;

/** A record on its way to the disk, or there. */
public final class Appended {
    private final AppendLog log;
    private final Batch batch;
    private final Place known;
    private final long number;
    private final int offset;

    Appended(AppendLog log, Batch batch, long number, int offset) {
        this.log = log;
        this.batch = batch;
        this.known = null;
        this.number = number;
        this.offset = offset;
    }

    /** One that is on disk. */
    Appended(Place known) {
        this.log = null;
        this.batch = null;
        this.known = known;
        this.number = known.number();
        this.offset = 0;
    }

    /** One more than that of the record before. */
    public long number() {
        return number;
    }

    /**
     * Waits until it is on disk.
     *
     * @throws IOException if the disk refuses: then this record, and all that were appended since the last that is on disk, are not in the
     *     log, and the log is as it was
     */
    public void force() throws IOException {
        if (known == null) {
            log.force(batch);
        }
    }

    /**
     * Where it is, once it is on disk.
     *
     * @throws IllegalStateException if it is not
     */
    public Place place() {
        return known != null ? known : batch.place(number, offset);
    }
}

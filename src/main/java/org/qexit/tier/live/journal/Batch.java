package org.qexit.tier.live.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Records that go to the disk together. Filled under the log's lock, then written by one thread, then not changed any more. */
final class Batch {
    private final long first;
    private List<byte[]> payloads = new ArrayList<>();
    private long next;
    private int size;
    private volatile boolean done;
    private IOException failure;
    private long segment = -1;
    private long base;

    Batch(long first) {
        this.first = first;
        this.next = first;
    }

    /** Number of its first record. */
    long first() {
        return first;
    }

    /** Number of the record that follows its last one. */
    long next() {
        return next;
    }

    boolean isEmpty() {
        return next == first;
    }

    /** Bytes on disk. */
    int size() {
        return size;
    }

    /** Takes a record; returns where in the batch it begins. */
    int add(byte[] payload) {
        int offset = size;
        payloads.add(payload);
        size = Math.addExact(size, RecordFormat.HEADER + payload.length);
        next++;
        return offset;
    }

    /** The bytes to write. The salt is that of the segment which they go to, hence not before. */
    byte[] encoded(long salt) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        long number = first;
        for (byte[] payload : payloads) {
            out.writeBytes(RecordFormat.header(salt, payload.length, number++, first, payload));
            out.writeBytes(payload);
        }
        return out.toByteArray();
    }

    void written(long toSegment, long atOffset) {
        segment = toSegment;
        base = atOffset;
        payloads = null;
        done = true;
    }

    void failed(IOException e) {
        failure = e;
        payloads = null;
        done = true;
    }

    boolean isDone() {
        return done;
    }

    void check() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    Place place(long number, int offset) {
        if (!done || failure != null) {
            throw new IllegalStateException("record " + number + " is not on disk");
        }
        return new Place(number, segment, base + offset);
    }
}

package org.qexit.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers a device's events one by one, in blocks: while it grows it holds each event once. Scores are checked when the trace is built.
 */
public final class DeviceTraceBuilder {
    private static final int BLOCK = 1 << 14;

    private final String device;
    private final int exits;
    private final List<long[]> events = new ArrayList<>();
    private final List<byte[]> labels = new ArrayList<>();
    private final List<float[][]> scores = new ArrayList<>();
    private int size;

    public DeviceTraceBuilder(String device, int exits) {
        this.device = device;
        this.exits = exits;
    }

    public String device() {
        return device;
    }

    public int size() {
        return size;
    }

    /** Adds an event, whose scores the caller then sets by {@link #score}. */
    public void add(long event, byte label) {
        int at = size % BLOCK;
        if (at == 0) {
            // The first block grows, since most devices are small.
            int room = size == 0 ? Math.min(BLOCK, 256) : BLOCK;
            events.add(new long[room]);
            labels.add(new byte[room]);
            scores.add(new float[exits][room]);
        }
        int last = events.size() - 1;
        if (at == events.get(last).length) {
            events.set(last, Arrays.copyOf(events.get(last), 2 * at));
            labels.set(last, Arrays.copyOf(labels.get(last), 2 * at));
            float[][] block = scores.get(last);
            for (int q = 0; q < exits; q++) {
                block[q] = Arrays.copyOf(block[q], 2 * at);
            }
        }
        events.get(last)[at] = event;
        labels.get(last)[at] = label;
        size = Math.addExact(size, 1);
    }

    /** Sets a score of the event added last. */
    public void score(int exit, float value) {
        // No negative zero: its bits differ from zero's.
        scores.get(scores.size() - 1)[exit][(size - 1) % BLOCK] = value + 0f;
    }

    /**
     * The trace; the builder is used up.
     *
     * @throws IllegalArgumentException for a label other than 0 and 1, or a score outside [0, 1]
     */
    public DeviceTrace build() {
        long[] ids = new long[size];
        byte[] marks = new byte[size];
        float[][] all = new float[exits][];
        for (int b = 0, at = 0; at < size; b++, at += BLOCK) {
            int length = Math.min(BLOCK, size - at);
            System.arraycopy(events.get(b), 0, ids, at, length);
            System.arraycopy(labels.get(b), 0, marks, at, length);
        }
        events.clear();
        labels.clear();
        for (int q = 0; q < exits; q++) {
            all[q] = new float[size];
            for (int b = 0, at = 0; at < size; b++, at += BLOCK) {
                System.arraycopy(scores.get(b)[q], 0, all[q], at, Math.min(BLOCK, size - at));
                scores.get(b)[q] = null;
            }
        }
        scores.clear();
        return new DeviceTrace(device, ids, marks, all);
    }
}

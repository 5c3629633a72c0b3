package org.qexit.simulation;

import java.util.Arrays;

/**
 * The events about to happen: a binary heap of pairs (bits of the time, handle), both in order as whole numbers since times are not negative.
 * Taking the first leaves a hole at the root, which the next event fills on its way down: an event that schedules its successor costs one
 * pass through the heap instead of two.
 */
final class NearEvents {
    /** Buckets up to this size are sorted by insertion. */
    private static final int FIRST = 64;

    private long[] pairs = new long[2 * FIRST];
    private int size;
    private boolean hole;

    boolean isEmpty() {
        return hole ? size == 1 : size == 0;
    }

    int size() {
        return hole ? size - 1 : size;
    }

    void clear() {
        size = 0;
        hole = false;
    }

    /** Needs at least one event. */
    long firstTime() {
        fill();
        return pairs[0];
    }

    /** Needs at least one event. */
    long firstHandle() {
        fill();
        return pairs[1];
    }

    void removeFirst() {
        fill();
        hole = true;
    }

    void add(long time, long handle) {
        if (hole) {
            hole = false;
            down(0, time, handle);
            return;
        }
        append(time, handle);
        up(size - 1, time, handle);
    }

    /** Adds without order; {@link #order} must follow. */
    void append(long time, long handle) {
        fill();
        if (2 * size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * pairs.length);
        }
        pairs[2 * size] = time;
        pairs[2 * size + 1] = handle;
        size++;
    }

    /** Makes a heap of all (Floyd). */
    void order() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(i, pairs[2 * i], pairs[2 * i + 1]);
        }
    }

    private void fill() {
        if (hole) {
            hole = false;
            size--;
            if (size > 0) {
                down(0, pairs[2 * size], pairs[2 * size + 1]);
            }
        }
    }

    private void up(int from, long time, long handle) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) >> 1;
            long other = pairs[2 * parent];
            if (other < time || other == time && pairs[2 * parent + 1] < handle) {
                break;
            }
            pairs[2 * i] = other;
            pairs[2 * i + 1] = pairs[2 * parent + 1];
            i = parent;
        }
        pairs[2 * i] = time;
        pairs[2 * i + 1] = handle;
    }

    private void down(int from, long time, long handle) {
        int i = from;
        int child = 2 * i + 1;
        while (child < size) {
            long least = pairs[2 * child];
            if (child + 1 < size) {
                long right = pairs[2 * child + 2];
                if (right < least || right == least && pairs[2 * child + 3] < pairs[2 * child + 1]) {
                    child++;
                    least = right;
                }
            }
            if (least > time || least == time && pairs[2 * child + 1] > handle) {
                break;
            }
            pairs[2 * i] = least;
            pairs[2 * i + 1] = pairs[2 * child + 1];
            i = child;
            child = 2 * i + 1;
        }
        pairs[2 * i] = time;
        pairs[2 * i + 1] = handle;
    }
}

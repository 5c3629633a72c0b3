package org.qexit.simulation;

import java.util.Arrays;

/**
 * The events about to happen, as pairs (bits of the time, handle), which are in order as whole numbers since times are not negative. The
 * first few stand sorted, the very first last, so that taking it is a decrement and a new event moves few; were there many more, as with
 * events all at one time, the others wait in a binary heap.
 */
final class NearEvents {
    /** Sorted events: a scan of 32 costs less than the heap's mispredicted branches. */
    private static final int SORTED = 32;

    /** How many come out of the heap at a time. */
    private static final int MOVED = SORTED / 2;

    /** Comparisons without a branch between. */
    private static final int STEPS = 4;

    private final long[] times = new long[SORTED + 1];
    private final long[] handles = new long[SORTED + 1];
    private int sorted;

    private long[] heap = new long[4 * SORTED];
    private int heaped;

    boolean isEmpty() {
        return sorted == 0 && (heaped == 0 || !sortSome());
    }

    int size() {
        return sorted + heaped;
    }

    void clear() {
        sorted = 0;
        heaped = 0;
    }

    /** After {@link #isEmpty} said no. */
    long firstTime() {
        return times[sorted - 1];
    }

    /** After {@link #isEmpty} said no. */
    long firstHandle() {
        return handles[sorted - 1];
    }

    /** After {@link #isEmpty} said no. */
    void removeFirst() {
        sorted--;
    }

    void add(long time, long handle) {
        if (heaped > 0 && (sorted == 0 || before(times[0], handles[0], time, handle))) {
            push(time, handle);
            return;
        }
        insert(time, handle);
        if (sorted > SORTED) {
            push(times[0], handles[0]);
            sorted--;
            System.arraycopy(times, 1, times, 0, sorted);
            System.arraycopy(handles, 1, handles, 0, sorted);
        }
    }

    /**
     * Bubbles a pair in from the end of the first. Which of two goes on is chosen by masks, since a branch that goes either way costs more
     * than four such steps; whether to go on at all is asked after every four.
     */
    private void insert(long time, long handle) {
        long carriedTime = time;
        long carriedHandle = handle;
        int i = sorted++;
        while (i > 0 && carriedHandle == handle) {
            int stop = Math.max(0, i - STEPS);
            while (i > stop) {
                long otherTime = times[i - 1];
                long otherHandle = handles[i - 1];
                long difference = otherTime - carriedTime;
                if (difference == 0) {
                    difference = otherHandle - carriedHandle;
                }
                long earlier = difference >> Long.SIZE - 1;
                long swapTime = (otherTime ^ carriedTime) & earlier;
                long swapHandle = (otherHandle ^ carriedHandle) & earlier;
                times[i] = carriedTime ^ swapTime;
                handles[i] = carriedHandle ^ swapHandle;
                carriedTime = otherTime ^ swapTime;
                carriedHandle = otherHandle ^ swapHandle;
                i--;
            }
        }
        times[i] = carriedTime;
        handles[i] = carriedHandle;
    }

    /** Moves the first of the heap to the empty place of the sorted. */
    private boolean sortSome() {
        int moved = Math.min(MOVED, heaped);
        for (int i = moved - 1; i >= 0; i--) {
            times[i] = heap[0];
            handles[i] = heap[1];
            heaped--;
            if (heaped > 0) {
                down(heap[2 * heaped], heap[2 * heaped + 1]);
            }
        }
        sorted = moved;
        return true;
    }

    private static boolean before(long time, long handle, long otherTime, long otherHandle) {
        return time < otherTime || time == otherTime && handle < otherHandle;
    }

    private void push(long time, long handle) {
        if (2 * heaped == heap.length) {
            heap = Arrays.copyOf(heap, 2 * heap.length);
        }
        int i = heaped++;
        while (i > 0) {
            int parent = (i - 1) >> 1;
            if (before(heap[2 * parent], heap[2 * parent + 1], time, handle)) {
                break;
            }
            heap[2 * i] = heap[2 * parent];
            heap[2 * i + 1] = heap[2 * parent + 1];
            i = parent;
        }
        heap[2 * i] = time;
        heap[2 * i + 1] = handle;
    }

    /** Puts a pair at the root and lets it sink. */
    private void down(long time, long handle) {
        int i = 0;
        int child = 1;
        while (child < heaped) {
            if (child + 1 < heaped
                    && before(heap[2 * child + 2], heap[2 * child + 3], heap[2 * child], heap[2 * child + 1])) {
                child++;
            }
            if (before(time, handle, heap[2 * child], heap[2 * child + 1])) {
                break;
            }
            heap[2 * i] = heap[2 * child];
            heap[2 * i + 1] = heap[2 * child + 1];
            i = child;
            child = 2 * i + 1;
        }
        heap[2 * i] = time;
        heap[2 * i + 1] = handle;
    }
}

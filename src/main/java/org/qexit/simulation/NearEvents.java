package org.qexit.simulation;

import java.util.Arrays;

/**
 * The events about to happen, by bits of the time and handle, in order as whole numbers since times are not negative, and with what happens,
 * so that the next kind is known without a look at the record. The first few stand sorted, the very first last, so that taking it is a decrement and a new event moves few; were there many more, as with
 * events all at one time, the others wait in a binary heap.
 */
final class NearEvents {
    /** Sorted events: a scan of 32 costs less than the heap's mispredicted branches. */
    private static final int SORTED = 32;

    /** More than these are many: worth a row of buckets. */
    static final int MANY = 24;

    /** How many come out of the heap at a time. */
    private static final int MOVED = SORTED / 2;

    /** Of an event in the heap. */
    private static final int WORDS = 3;

    /** Words of an event among the sorted: time, handle, what; the fourth makes the place a shift. */
    private static final int STEP = 4;

    private final long[] first = new long[STEP * (SORTED + 1)];

    /** Where the next of the sorted would be put. */
    private int end;

    private long[] heap = new long[WORDS * 2 * SORTED];
    private int heaped;

    boolean isEmpty() {
        return end == 0 && (heaped == 0 || !sortSome());
    }

    int size() {
        return end / STEP + heaped;
    }

    void clear() {
        end = 0;
        heaped = 0;
    }

    /** After {@link #isEmpty} said no. */
    long firstTime() {
        return first[end - STEP];
    }

    /** After {@link #isEmpty} said no. */
    long firstHandle() {
        return first[end - STEP + 1];
    }

    /** After {@link #isEmpty} said no. */
    long firstWhat() {
        return first[end - STEP + 2];
    }

    /** After {@link #isEmpty} said no. */
    void removeFirst() {
        end -= STEP;
    }

    /** Returns whether there are many. */
    boolean add(long time, long handle, long what) {
        if (heaped > 0 && (end == 0 || before(first[0], first[1], time, handle))) {
            push(time, handle, what);
            return true;
        }
        int i = end;
        while (i > 0) {
            long other = first[i - STEP];
            if (other > time || other == time && first[i - STEP + 1] > handle) {
                break;
            }
            first[i] = other;
            first[i + 1] = first[i - STEP + 1];
            first[i + 2] = first[i - STEP + 2];
            i -= STEP;
        }
        first[i] = time;
        first[i + 1] = handle;
        first[i + 2] = what;
        end += STEP;
        return end > STEP * MANY && spill();
    }

    private boolean spill() {
        if (end > STEP * SORTED) {
            push(first[0], first[1], first[2]);
            end -= STEP;
            System.arraycopy(first, STEP, first, 0, end);
        }
        return true;
    }

    /** Moves the first of the heap to the empty place of the sorted. */
    private boolean sortSome() {
        int moved = Math.min(MOVED, heaped);
        for (int i = moved - 1; i >= 0; i--) {
            System.arraycopy(heap, 0, first, STEP * i, WORDS);
            heaped--;
            if (heaped > 0) {
                int last = WORDS * heaped;
                down(heap[last], heap[last + 1], heap[last + 2]);
            }
        }
        end = STEP * moved;
        return true;
    }

    private static boolean before(long time, long handle, long otherTime, long otherHandle) {
        return time < otherTime || time == otherTime && handle < otherHandle;
    }

    private void push(long time, long handle, long what) {
        if (WORDS * heaped == heap.length) {
            heap = Arrays.copyOf(heap, 2 * heap.length);
        }
        int i = heaped++;
        while (i > 0) {
            int parent = (i - 1) >> 1;
            if (before(heap[WORDS * parent], heap[WORDS * parent + 1], time, handle)) {
                break;
            }
            System.arraycopy(heap, WORDS * parent, heap, WORDS * i, WORDS);
            i = parent;
        }
        put(i, time, handle, what);
    }

    /** Puts an event at the root and lets it sink. */
    private void down(long time, long handle, long what) {
        int i = 0;
        int child = 1;
        while (child < heaped) {
            int at = WORDS * child;
            if (child + 1 < heaped && before(heap[at + WORDS], heap[at + WORDS + 1], heap[at], heap[at + 1])) {
                child++;
                at += WORDS;
            }
            if (before(time, handle, heap[at], heap[at + 1])) {
                break;
            }
            System.arraycopy(heap, at, heap, WORDS * i, WORDS);
            i = child;
            child = 2 * i + 1;
        }
        put(i, time, handle, what);
    }

    private void put(int place, long time, long handle, long what) {
        int at = WORDS * place;
        heap[at] = time;
        heap[at + 1] = handle;
        heap[at + 2] = what;
    }
}

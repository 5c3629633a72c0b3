package org.qexit.threshold;

/**
 * Least-significant-digit radix sort of packed pairs: the key, a non-negative int, in the upper half of a long, its payload
 * in the lower half. Non-negative floats sort as their bits do. Three passes of 11 bits, O(n), stable.
 */
final class Radix {
    private static final int DIGIT_BITS = 11;
    private static final int BUCKETS = 1 << DIGIT_BITS;

    private Radix() {}

    static long pack(int key, int payload) {
        return (long) key << 32 | payload & 0xffffffffL;
    }

    static int key(long pair) {
        return (int) (pair >>> 32);
    }

    /** Sorts the first {@code n} pairs by ascending key; uses a second array of their size. */
    static long[] sort(long[] pairs, int n) {
        return sort(pairs, new long[n], n);
    }

    /** Sorts the first {@code n} pairs by ascending key into one of the two arrays, and returns it. */
    static long[] sort(long[] pairs, long[] spare, int n) {
        long[] from = pairs;
        long[] to = spare;
        int[] counts = new int[BUCKETS];
        for (int shift = 32; shift < 64; shift += DIGIT_BITS) {
            java.util.Arrays.fill(counts, 0);
            for (int i = 0; i < n; i++) {
                counts[(int) (from[i] >>> shift) & BUCKETS - 1]++;
            }
            if (n > 0 && counts[(int) (from[0] >>> shift) & BUCKETS - 1] == n) {
                continue;
            }
            int start = 0;
            for (int b = 0; b < BUCKETS; b++) {
                int size = counts[b];
                counts[b] = start;
                start += size;
            }
            for (int i = 0; i < n; i++) {
                to[counts[(int) (from[i] >>> shift) & BUCKETS - 1]++] = from[i];
            }
            long[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }
}

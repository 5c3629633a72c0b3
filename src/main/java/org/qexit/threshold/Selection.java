package org.qexit.threshold;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** The value of a rank among many, found digit by digit from the most significant one: O(n), without sorting or copying. */
final class Selection {
    private static final int DIGIT_BITS = 8;
    private static final int DIGIT = (1 << DIGIT_BITS) - 1;

    private Selection() {}

    /**
     * The value that exactly {@code rank} others come before in descending order.
     *
     * @param rank 0 for the largest; fewer than there are values
     * @param n places
     * @param value of a place, {@code >= 0}, or negative for none
     */
    static int largest(int rank, int n, IntUnaryOperator value) {
        int[] counts = new int[DIGIT + 1];
        int prefix = 0;
        int before = rank;
        for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            Arrays.fill(counts, 0);
            for (int k = 0; k < n; k++) {
                int bits = value.applyAsInt(k);
                // The digits above this one, of which there are none at first.
                if (bits >= 0 && (long) bits >>> shift + DIGIT_BITS == prefix) {
                    counts[bits >>> shift & DIGIT]++;
                }
            }
            int digit = DIGIT;
            while (before >= counts[digit]) {
                before -= counts[digit];
                digit--;
            }
            prefix = prefix << DIGIT_BITS | digit;
        }
        return prefix;
    }
}

package org.qexit.allocation.problem;

import java.util.Arrays;

/**
 * Drops dominated labels: a dominates c if b_a ≤ b_c, w_a ≤ w_c, p_a ≥ p_c. Sweep by decreasing profit with a Fenwick tree over
 * the ranks of w that holds the least b: O(n log n).
 */
final class LabelFront {
    private int[] byProfit = new int[0];
    private int[] buffer = new int[0];
    private double[] ranks = new double[0];
    private double[] least = new double[0];
    private int size;

    /** How many survived the last {@link #filter}. */
    int size() {
        return size;
    }

    /** @return indices of the survivors in the first {@link #size()} places; {@code keep} (or -1) survives in any case */
    int[] filter(double[] b, double[] w, double[] p, int count, int keep) {
        size = 0;
        if (count == 0) {
            return buffer;
        }
        if (byProfit.length < count) {
            int larger = Math.max(count, 2 * byProfit.length);
            byProfit = new int[larger];
            buffer = new int[larger];
            ranks = new double[larger];
            least = new double[larger + 1];
        }
        for (int i = 0; i < count; i++) {
            byProfit[i] = i;
            ranks[i] = w[i];
        }
        sort(byProfit, buffer, 0, count, b, w, p);
        Arrays.sort(ranks, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || ranks[i] != ranks[distinct - 1]) {
                ranks[distinct++] = ranks[i];
            }
        }
        Arrays.fill(least, 0, distinct + 1, Double.POSITIVE_INFINITY);
        for (int i = 0; i < count; i++) {
            int a = byProfit[i];
            int rank = Arrays.binarySearch(ranks, 0, distinct, w[a]) + 1;
            double seen = Double.POSITIVE_INFINITY;
            for (int r = rank; r > 0; r -= r & -r) {
                seen = Math.min(seen, least[r]);
            }
            if (seen > b[a]) {
                for (int r = rank; r <= distinct; r += r & -r) {
                    least[r] = Math.min(least[r], b[a]);
                }
                buffer[size++] = a;
            } else if (a == keep) {
                buffer[size++] = a;
            }
        }
        return buffer;
    }

    /** Merge sort of indices: profit down, then bandwidth up, then load up. */
    private static void sort(int[] index, int[] spare, int from, int to, double[] b, double[] w, double[] p) {
        if (to - from <= 8) {
            for (int i = from + 1; i < to; i++) {
                int a = index[i];
                int q = i - 1;
                while (q >= from && before(a, index[q], b, w, p)) {
                    index[q + 1] = index[q];
                    q--;
                }
                index[q + 1] = a;
            }
            return;
        }
        int middle = (from + to) >>> 1;
        sort(index, spare, from, middle, b, w, p);
        sort(index, spare, middle, to, b, w, p);
        if (!before(index[middle], index[middle - 1], b, w, p)) {
            return;
        }
        System.arraycopy(index, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        int out = from;
        while (left < middle) {
            if (right < to && before(index[right], spare[left], b, w, p)) {
                index[out++] = index[right++];
            } else {
                index[out++] = spare[left++];
            }
        }
    }

    private static boolean before(int a, int c, double[] b, double[] w, double[] p) {
        if (p[a] != p[c]) {
            return p[a] > p[c];
        }
        if (b[a] != b[c]) {
            return b[a] < b[c];
        }
        return w[a] < w[c];
    }
}

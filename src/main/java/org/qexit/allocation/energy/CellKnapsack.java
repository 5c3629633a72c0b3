package org.qexit.allocation.energy;

import java.util.Arrays;

/**
 * A knapsack over whole cells by dynamic programming: every device is left out or takes a number of cells, at least its first, and is worth
 * more the more it takes, with falling increments: max Σ value s.t. Σ cells ≤ capacity. As increments fall, the best number for a capacity
 * grows with it, so that a device takes O(capacity · log capacity). One instance serves one thread at a time.
 */
final class CellKnapsack {
    private int capacity;
    private int size;
    private int[] first = new int[16];
    /** {@code [device][cells − first]}. */
    private double[][] values = new double[16][];
    /** {@code [device][capacity]}: the most that the devices before it earn within so many cells. */
    private double[][] most = new double[17][];

    void begin(int cells) {
        capacity = cells;
        size = 0;
    }

    /** Adds a device; {@code worth[k]} ≥ 0 with {@code least + k} cells grows with k, ever less. It is not copied. */
    void add(int least, double[] worth) {
        if (size == first.length) {
            first = Arrays.copyOf(first, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            most = Arrays.copyOf(most, 2 * size + 1);
        }
        first[size] = least;
        values[size++] = worth;
    }

    /** The most that can be earned, at least 0. */
    double solve() {
        row(0);
        Arrays.fill(most[0], 0, capacity + 1, 0);
        for (int k = 0; k < size; k++) {
            row(k + 1);
            System.arraycopy(most[k], 0, most[k + 1], 0, capacity + 1);
            improve(k, first[k], capacity, 0, capacity - first[k]);
        }
        return most[size][capacity];
    }

    /** Fills in capacities {@code from} to {@code to}, whose best rests for the devices before lie within {@code low} and {@code high}. */
    private void improve(int k, int from, int to, int low, int high) {
        if (from > to) {
            return;
        }
        int c = (from + to) >>> 1;
        int best = rest(k, c, low, high);
        double worth = most[k][best] + value(k, c - best);
        most[k + 1][c] = Math.max(most[k + 1][c], worth);
        improve(k, from, c - 1, low, best);
        improve(k, c + 1, to, best, high);
    }

    /** What is best left for the devices before. */
    private int rest(int k, int c, int low, int high) {
        double[] before = most[k];
        double[] own = values[k];
        int end = Math.min(high, c - first[k]);
        int offset = c - first[k];
        // More than the most that the device can use is worth no more.
        int start = Math.max(low, offset - own.length + 1);
        int best = Math.min(start, end);
        double top = Double.NEGATIVE_INFINITY;
        for (int i = best; i <= end; i++) {
            double worth = before[i] + own[offset - i];
            if (worth > top) {
                top = worth;
                best = i;
            }
        }
        return best;
    }

    private double value(int k, int cells) {
        double[] own = values[k];
        return own[Math.min(own.length - 1, cells - first[k])];
    }

    private void row(int k) {
        if (most[k] == null || most[k].length < capacity + 1) {
            most[k] = new double[capacity + 1];
        }
    }

    /** How many cells beyond its first every device takes in the solution, -1 if it is left out, in the order of {@link #add}. */
    int[] chosen() {
        int[] chosen = new int[size];
        int free = capacity;
        for (int k = size - 1; k >= 0; k--) {
            chosen[k] = -1;
            if (free >= first[k] && most[k + 1][free] > most[k][free]) {
                int left = rest(k, free, 0, free - first[k]);
                chosen[k] = Math.min(values[k].length - 1, free - left - first[k]);
                free = left;
            }
        }
        return chosen;
    }
}

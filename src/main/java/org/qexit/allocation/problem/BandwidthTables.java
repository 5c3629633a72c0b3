package org.qexit.allocation.problem;

import java.util.Arrays;

/**
 * Completion bounds for {@link NodeKnapsack}: at a compute price β the problem falls apart into a knapsack over bandwidth alone with
 * profits h_k = reward_k + max_s (value − β load), whose suffix functions
 *
 * <pre>  T_t(r) = max Σ_{k ≥ t chosen} h_k   s.t.   Σ need_k ≤ r</pre>
 *
 * are tabulated on a grid of bandwidth cells, needs rounded down: T is never too small. Then p + β (W − w) + T_t(B − b) bounds all
 * completions of a partial choice (b, w, p). Unlike a linear bound it keeps the choice over bandwidth whole. Time and memory
 * O(devices · cells) per price.
 */
final class BandwidthTables {
    private static final int MAX_CELLS = 2048;
    private static final int MIN_CELLS = 512;
    private static final int MAX_ENTRIES = 400_000;

    private double[] table = new double[0];
    private int[] cellsOf = new int[0];
    private int stride;
    private double perHz;
    private int size;

    /**
     * Lays out the grid for {@code size} devices and capacity {@code bandwidthHz}.
     *
     * @param coarse whether few cells do
     */
    void layout(double[] need, int count, double bandwidthHz, boolean coarse) {
        size = count;
        int cells = coarse ? MIN_CELLS : Math.max(MIN_CELLS, Math.min(MAX_CELLS, MAX_ENTRIES / (count + 1)));
        stride = cells + 1;
        perHz = bandwidthHz > 0 ? cells / bandwidthHz : 0;
        if (cellsOf.length < count) {
            cellsOf = new int[2 * count];
        }
        for (int k = 0; k < count; k++) {
            cellsOf[k] = (int) (need[k] * perHz);
        }
        if (table.length < stride * (count + 1)) {
            table = new double[stride * (count + 1)];
        }
    }

    /** Fills all suffixes for the given profits. */
    void fill(double[] profit, boolean[] mandatory) {
        Arrays.fill(table, size * stride, (size + 1) * stride, 0);
        for (int k = size - 1; k >= 0; k--) {
            fillRow(k, profit[k], mandatory[k]);
        }
    }

    private void fillRow(int k, double h, boolean must) {
        double[] t = table;
        int row = k * stride;
        int next = row + stride;
        int c = cellsOf[k];
        if (must) {
            int edge = Math.min(c, stride);
            Arrays.fill(t, row, row + edge, Double.NEGATIVE_INFINITY);
            for (int g = edge; g < stride; g++) {
                t[row + g] = t[next + g - c] + h;
            }
        } else if (h <= 0) {
            System.arraycopy(t, next, t, row, stride);
        } else {
            int edge = Math.min(c, stride);
            System.arraycopy(t, next, t, row, edge);
            for (int g = edge; g < stride; g++) {
                t[row + g] = Math.max(t[next + g], t[next + g - c] + h);
            }
        }
    }

    /** The cell that {@code freeHz} of bandwidth reach. */
    int cell(double freeHz) {
        return Math.min(stride - 1, (int) (freeHz * perHz));
    }

    /** T_t in a cell. */
    double at(int level, int cell) {
        return table[level * stride + cell];
    }
}

package org.qexit.quantum.statevector;

/**
 * Sums over samples in an order that does not depend on the width of tiles: blocks of {@link #BLOCK} neighbouring samples by a tree of
 * neighbours, (s0 + s1) + (s2 + s3) and so on, then block after block. A tile is a subtree, whatever its width.
 */
final class Lanes {
    /** Samples that are summed as a tree; no tile is wider. */
    static final int BLOCK = 16;

    private Lanes() {}

    /** Of the first {@code count} of a tile's row that begins at {@code at}; the others count as 0. */
    static double sum(double[] t, int at, int width, int count) {
        if (count < width || width < 4) {
            return some(t, at, width, count);
        }
        double sum = four(t, at);
        if (width == 4) {
            return sum;
        }
        sum += four(t, at + 4);
        return width == 8 ? sum : sum + (four(t, at + 8) + four(t, at + 12));
    }

    private static double four(double[] t, int at) {
        return t[at] + t[at + 1] + (t[at + 2] + t[at + 3]);
    }

    private static double some(double[] t, int at, int width, int count) {
        if (width == 1 || count <= 0) {
            return count <= 0 ? 0 : t[at];
        }
        int half = width / 2;
        return some(t, at, half, Math.min(count, half)) + some(t, at + half, half, count - half);
    }

    /** How many sums {@link #addTiles} works on: whole blocks. */
    static int rounded(int tiles, int width) {
        int perBlock = BLOCK / width;
        return Math.max(1, (tiles + perBlock - 1) / perBlock) * perBlock;
    }

    /** From the sums of each tile, {@code [tile][n]}, to those of the batch in the first row; rows up to the rounded number are there. */
    static void addTiles(double[] sums, int tiles, int width, int n) {
        int rows = rounded(tiles, width);
        for (int step = 1; step < BLOCK / width; step *= 2) {
            for (int t = 0; t < rows; t += 2 * step) {
                add(sums, t * n, (t + step) * n, n);
            }
        }
        for (int t = BLOCK / width; t < rows; t += BLOCK / width) {
            add(sums, 0, t * n, n);
        }
    }

    private static void add(double[] sums, int to, int from, int n) {
        for (int j = 0; j < n; j++) {
            sums[to + j] += sums[from + j];
        }
    }
}

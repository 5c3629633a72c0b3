package org.qexit.engine;

import java.util.Arrays;

/** The gradient of {@link WinogradFilter}'s kernels, of which the sums between the transformations come first. */
final class WinogradGradient {
    /** Weights of a kernel. */
    static final int KERNEL = 9;

    /** Blocks of four patches whose gradient is summed at a time. */
    private static final int BLOCKS = 8;

    private static final int PATCH = Kernels.PATCH;
    private static final int POINTS = Kernels.POINTS;

    private final Grid from;
    private final Grid to;
    private final int rows;
    private final int groups;
    /** Rows {corner in from, four places in to}. */
    private final int[] patches;

    private final int blocks;

    /**
     * Makes it.
     *
     * @param to of what stands behind the convolution, its border 0
     * @param wantedRows that have a gradient, from the first on, at least 2, as columns
     */
    WinogradGradient(Grid from, Grid to, int wantedRows, int wantedColumns) {
        this.from = from;
        this.to = to;
        this.rows = Grid.padded(from.channels) / Kernels.CHANNELS;
        this.groups = Grid.padded(to.channels) / Kernels.CHANNELS;
        this.patches = WinogradPatches.table(from, to, wantedRows, wantedColumns, 1, to.at(-1, -1));
        this.blocks = Math.min(BLOCKS, patches.length / PATCH / Kernels.PATCHES);
    }

    /** Numbers of the sums. */
    int size() {
        return Math.multiplyExact(POINTS, perPoint());
    }

    private int perPoint() {
        return Math.multiplyExact(Grid.padded(to.channels), Grid.padded(from.channels));
    }

    /** Numbers that it needs for inputs, for products and for lanes. */
    long[] scratch() {
        return new long[] {
            (long) POINTS * WinogradPatches.step(from, blocks),
            (long) POINTS * WinogradPatches.step(to, blocks),
            (perPoint() + 1L) * Grid.LANES
        };
    }

    /** Adds those of a tile to {@code sums} from {@code at} on, or begins with them. */
    void add(
            Kernels kernels,
            Filter.Scratch scratch,
            float[] x,
            int xAt,
            float[] d,
            int dAt,
            float[] sums,
            int at,
            boolean fresh) {
        int vBlock = WinogradPatches.BLOCK * Grid.padded(from.channels);
        int mBlock = WinogradPatches.BLOCK * Grid.padded(to.channels);
        int vStep = WinogradPatches.step(from, blocks);
        int mStep = WinogradPatches.step(to, blocks);
        Span v = scratch.inputs();
        Span m = scratch.products();
        Span lanes = scratch.lanes();
        if (fresh) {
            Arrays.fill(sums, at, at + size(), 0);
        }
        int all = patches.length / PATCH / Kernels.PATCHES;
        for (int begin = 0; begin < all; begin += blocks) {
            int some = Math.min(blocks, all - begin);
            for (int b = 0; b < some; b++) {
                int first = (begin + b) * Kernels.PATCHES;
                kernels.winogradInputs(
                        x,
                        xAt,
                        from.row(),
                        from.step(),
                        patches,
                        first,
                        from.channels,
                        v.values(),
                        v.at() + b * vBlock,
                        vStep);
                kernels.winogradDeltas(
                        d, dAt, to.step(), patches, first, to.channels, m.values(), m.at() + b * mBlock, mStep);
            }
            for (int k = 0; k < POINTS; k++) {
                kernels.winogradGradient(
                        v.values(),
                        v.at() + k * vStep,
                        vBlock,
                        rows,
                        m.values(),
                        m.at() + k * mStep,
                        mBlock,
                        groups,
                        some,
                        lanes.values(),
                        lanes.at());
                kernels.sumLanes(lanes.values(), lanes.at(), perPoint(), scratch.sums(), 0);
                int to = at + k * perPoint();
                for (int i = 0; i < perPoint(); i++) {
                    sums[to + i] += scratch.sums()[i];
                }
            }
        }
    }

    /** Gᵀ u G of the sums u of all tiles, {@code [written][read][3][3]} from {@code to} on. */
    void finish(float[] sums, int at, float[] gradient, int gradientAt) {
        float[] u = new float[POINTS];
        for (int o = 0; o < to.channels; o++) {
            for (int c = 0; c < from.channels; c++) {
                int four = Kernels.CHANNELS;
                int place = at + (o / four * rows + c / four) * four * four + o % four * four + c % four;
                for (int k = 0; k < POINTS; k++) {
                    u[k] = sums[place + k * perPoint()];
                }
                kernel(u, gradient, gradientAt + (o * from.channels + c) * KERNEL);
            }
        }
    }

    private static void kernel(float[] u, float[] g, int at) {
        for (int j = 0; j < 4; j++) {
            float sum = 0.5f * (u[4 + j] + u[8 + j]);
            float difference = 0.5f * (u[4 + j] - u[8 + j]);
            u[j] += sum;
            u[4 + j] = difference;
            u[8 + j] = sum + u[12 + j];
        }
        for (int i = 0; i < 3; i++) {
            float sum = 0.5f * (u[4 * i + 1] + u[4 * i + 2]);
            g[at + 3 * i] = u[4 * i] + sum;
            g[at + 3 * i + 1] = 0.5f * (u[4 * i + 1] - u[4 * i + 2]);
            g[at + 3 * i + 2] = sum + u[4 * i + 3];
        }
    }
}

package org.qexit.engine;

import java.util.Arrays;

/** Product by product, by tables of places. */
final class DirectFilter implements Filter {
    /** Places whose gradient is worked on at a time, so that they stay in the first-level cache. */
    private static final int CHUNK = 64;

    private final Grid in;
    private final Grid full;
    private final int inputs;
    private final int outputs;
    /** What {@link #add} adds to. */
    private final int step;

    private final int outStep;
    /** Offsets of the K = inputs · rows · columns products of an output from its place in the input. */
    private final int[] taps;
    /** The same, one after another up to a multiple of three. */
    private final int[] paddedTaps;
    /** Offsets of the products of an input's gradient from its place in {@code full}. */
    private final int[] backTaps;
    /** {x0 … x3, y}, for windows of four. */
    private final int[] windows;
    /** {x0 … x3, y0 … y3}, for others: into {@code out} without pooling, else into {@code full}. */
    private final int[] fours;
    /** {d0 … d3, x0 … x3} over all inputs. */
    private final int[] backFours;
    /** {x, d} of everything that a window covers. */
    private final int[] pairs;

    private final float[] packed;
    private final float[] packedBack;

    /**
     * Makes it.
     *
     * @param pairs places {x, d} in {@code in} and {@code full} of everything that is wanted, window after window
     * @param window how many places a window has
     * @param places of the windows in {@code out}
     */
    DirectFilter(Grid in, Grid out, Grid full, Blueprint.Block block, int[] pairs, int window, int[] places) {
        int rows = block.kernelRows();
        int columns = block.kernelColumns();
        this.in = in;
        this.full = full;
        this.inputs = in.channels;
        this.outputs = out.channels;
        this.outStep = out.step();
        this.step = window == 1 ? out.step() : full.step();
        this.pairs = pairs;
        int products = Math.multiplyExact(Math.multiplyExact(inputs, rows), columns);
        this.taps = new int[products];
        this.backTaps = new int[outputs * rows * columns];
        for (int u = 0; u < rows; u++) {
            for (int v = 0; v < columns; v++) {
                int forward = (u - rows / 2) * in.row() + (v - columns / 2) * Grid.LANES;
                int back = (rows / 2 - u) * full.row() + (columns / 2 - v) * Grid.LANES;
                for (int c = 0; c < inputs; c++) {
                    taps[(c * rows + u) * columns + v] = c * in.step() + forward;
                }
                for (int o = 0; o < outputs; o++) {
                    backTaps[(o * rows + u) * columns + v] = o * full.step() + back;
                }
            }
        }
        this.paddedTaps = Arrays.copyOf(taps, (products + Kernels.TAPS - 1) / Kernels.TAPS * Kernels.TAPS);
        Arrays.fill(paddedTaps, products, paddedTaps.length, taps[products - 1]);
        this.windows = window == Kernels.CHANNELS ? inWindows(places) : new int[0];
        this.fours = window == Kernels.CHANNELS ? new int[0] : inFours(window == 1 ? places : null);
        this.backFours = backInFours();
        this.packed = new float[Grid.padded(outputs) * products];
        this.packedBack = new float[Grid.padded(inputs) * outputs * rows * columns];
    }

    private int[] inWindows(int[] places) {
        int[] table = new int[5 * places.length];
        for (int w = 0; w < places.length; w++) {
            for (int i = 0; i < 4; i++) {
                table[5 * w + i] = pairs[2 * (4 * w + i)];
            }
            table[5 * w + 4] = places[w];
        }
        return table;
    }

    /**
     * The last place stands for those that a last row of four lacks.
     *
     * @param places in {@code out}; null for those in {@code full}
     */
    private int[] inFours(int[] places) {
        int count = pairs.length / 2;
        int[] table = new int[(count + 3) / 4 * 8];
        for (int p = 0; p < table.length / 2; p++) {
            int q = Math.min(p, count - 1);
            table[p / 4 * 8 + p % 4] = pairs[2 * q];
            table[p / 4 * 8 + 4 + p % 4] = places == null ? pairs[2 * q + 1] : places[q];
        }
        return table;
    }

    private int[] backInFours() {
        int count = in.rows * in.columns;
        int[] table = new int[(count + 3) / 4 * 8];
        for (int p = 0; p < table.length / 2; p++) {
            int q = Math.min(p, count - 1);
            table[p / 4 * 8 + p % 4] = full.at(q / in.columns, q % in.columns);
            table[p / 4 * 8 + 4 + p % 4] = in.at(q / in.columns, q % in.columns);
        }
        return table;
    }

    @Override
    public void pack(float[] parameters, int at, int first, int end) {
        int area = backTaps.length / outputs;
        int products = taps.length;
        for (int o = first; o < end; o++) {
            int from = at + o * products;
            int to = o / Kernels.CHANNELS * Kernels.CHANNELS * products + o % Kernels.CHANNELS;
            for (int k = 0; k < products; k++) {
                packed[to + Kernels.CHANNELS * k] = parameters[from + k];
            }
            for (int c = 0; c < inputs; c++) {
                int back = c / Kernels.CHANNELS * Kernels.CHANNELS * backTaps.length + c % Kernels.CHANNELS;
                for (int k = 0; k < area; k++) {
                    packedBack[back + Kernels.CHANNELS * (o * area + k)] = parameters[from + c * area + k];
                }
            }
        }
    }

    @Override
    public void add(Kernels kernels, Scratch scratch, float[] x, int xAt, float[] y, int yAt) {
        for (int c = 0; c < Grid.padded(outputs); c += Kernels.CHANNELS) {
            kernels.convolve(x, xAt, taps, packed, c * taps.length, fours, y, yAt + c * step, step);
        }
    }

    @Override
    public void pool(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] bias,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            boolean rectify) {
        for (int c = 0; c < Grid.padded(outputs); c += Kernels.CHANNELS) {
            int at = c * outStep;
            kernels.convolvePooled(
                    x,
                    xAt,
                    taps,
                    packed,
                    c * taps.length,
                    bias,
                    c,
                    windows,
                    y,
                    yAt + at,
                    code,
                    codeAt + at,
                    outStep,
                    rectify);
        }
    }

    @Override
    public void back(Kernels kernels, Scratch scratch, float[] d, int dAt, float[] dx, int dxAt) {
        for (int c = 0; c < Grid.padded(inputs); c += Kernels.CHANNELS) {
            int at = dxAt + c * in.step();
            kernels.convolve(d, dAt, backTaps, packedBack, c * backTaps.length, backFours, dx, at, in.step());
        }
    }

    /** Lane by lane, over the taps' products, 64 places at a time. */
    @Override
    public void sum(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] d,
            int dAt,
            float[] sums,
            int at,
            boolean fresh) {
        int groups = Grid.padded(outputs) / Kernels.CHANNELS;
        int perTap = Kernels.CHANNELS * Grid.LANES;
        for (int g = 0; g < groups; g++) {
            int with = dAt + g * Kernels.CHANNELS * full.step();
            int to = at + g * perTap * paddedTaps.length;
            for (int p = 0; p < pairs.length; p += 2 * CHUNK) {
                int end = Math.min(p + 2 * CHUNK, pairs.length);
                boolean first = fresh && p == 0;
                for (int k = 0; k < paddedTaps.length; k += Kernels.TAPS) {
                    kernels.convolutionGradient(
                            x, xAt, paddedTaps, k, d, with, full.step(), pairs, p, end, sums, to + k * perTap, first);
                }
            }
        }
    }

    @Override
    public int sums() {
        return Math.multiplyExact(Grid.padded(outputs) * Grid.LANES, paddedTaps.length);
    }

    @Override
    public void gradient(Kernels kernels, float[] sums, int at, float[] room, float[] gradient, int gradientAt) {
        int products = taps.length;
        kernels.sumLanes(sums, at, Grid.padded(outputs) * paddedTaps.length, room, 0);
        for (int o = 0; o < outputs; o++) {
            int from = o / Kernels.CHANNELS * Kernels.CHANNELS * paddedTaps.length + o % Kernels.CHANNELS;
            for (int k = 0; k < products; k++) {
                gradient[gradientAt + o * products + k] = room[from + Kernels.CHANNELS * k];
            }
        }
    }

    @Override
    public long[] scratch() {
        return new long[Scratch.KINDS];
    }
}

package org.qexit.engine;

import java.util.Arrays;

/**
 * One convolution of stride 1 with what follows it, pooling or none, on the tiles of a part: its geometry as tables of places, and its
 * weights as kernels like them. Everything is y = activation(max over a window (W ∗ x + b)): pooling before a monotone activation is pooling
 * behind it, on fewer values. Only what a window covers is computed.
 */
final class Convolution {
    /** Places whose gradient is worked on at a time, so that they stay in the first-level cache. */
    private static final int CHUNK = 64;

    private final int inputs;
    private final int outputs;
    private final int weightAt;
    private final int biasAt;
    /** Of what comes in. */
    final Grid in;
    /** Of what goes out. */
    final Grid out;
    /** Of what stands between convolution and pooling. */
    final Grid full;

    private final int window;
    private final boolean tanh;

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
    /** {y, d0 …} of every window. */
    private final int[] unpooled;

    private final float[] packed;
    private final float[] packedBack;
    private final float[] bias;

    /**
     * @param in with a border that fits the kernel
     * @param border rows and columns of zeros around what goes out
     * @param weightAt where its weights are among all parameters; biases follow
     */
    Convolution(Grid in, Blueprint.Block block, boolean last, boolean tanh, int[] border, int weightAt) {
        int rows = block.kernelRows();
        int columns = block.kernelColumns();
        int poolRows = last ? block.poolRows() : 1;
        int poolColumns = last ? block.poolColumns() : 1;
        this.in = in;
        this.inputs = in.channels;
        this.outputs = block.channels();
        this.tanh = tanh;
        this.window = poolRows * poolColumns;
        this.weightAt = weightAt;
        int products = Math.multiplyExact(Math.multiplyExact(inputs, rows), columns);
        this.biasAt = Math.addExact(weightAt, Math.multiplyExact(outputs, products));
        this.out = new Grid(outputs, in.rows / poolRows, in.columns / poolColumns, border[0], border[1]);
        this.full = new Grid(outputs, in.rows, in.columns, rows / 2, columns / 2);
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
        this.unpooled = new int[out.rows * out.columns * (window + 1)];
        this.pairs = new int[2 * out.rows * out.columns * window];
        this.windows = window == Kernels.CHANNELS ? new int[5 * out.rows * out.columns] : new int[0];
        tabulate(poolRows, poolColumns);
        this.fours = window == Kernels.CHANNELS ? new int[0] : inFours(window == 1);
        this.backFours = backInFours();
        this.packed = new float[Grid.padded(outputs) * products];
        this.packedBack = new float[Grid.padded(inputs) * outputs * rows * columns];
        this.bias = new float[Grid.padded(outputs)];
    }

    private void tabulate(int poolRows, int poolColumns) {
        int window4 = 0;
        int pair = 0;
        int next = 0;
        for (int r = 0; r < out.rows; r++) {
            for (int c = 0; c < out.columns; c++) {
                unpooled[next++] = out.at(r, c);
                for (int i = 0; i < poolRows; i++) {
                    for (int j = 0; j < poolColumns; j++) {
                        int x = in.at(r * poolRows + i, c * poolColumns + j);
                        int d = full.at(r * poolRows + i, c * poolColumns + j);
                        unpooled[next++] = d;
                        pairs[pair++] = x;
                        pairs[pair++] = d;
                        if (windows.length > 0) {
                            windows[window4++] = x;
                        }
                    }
                }
                if (windows.length > 0) {
                    windows[window4++] = out.at(r, c);
                }
            }
        }
    }

    /** The last place stands for those that a last row of four lacks. */
    private int[] inFours(boolean intoOut) {
        int count = pairs.length / 2;
        int[] table = new int[(count + 3) / 4 * 8];
        for (int p = 0; p < table.length / 2; p++) {
            int q = Math.min(p, count - 1);
            table[p / 4 * 8 + p % 4] = pairs[2 * q];
            table[p / 4 * 8 + 4 + p % 4] = intoOut ? unpooled[2 * q] : pairs[2 * q + 1];
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

    /** Where the parameters behind it begin. */
    int end() {
        return biasAt + outputs;
    }

    /** Whether winners are kept: where there is no pooling there are none. */
    boolean pools() {
        return window > 1;
    }

    /** Lane-wise sums that {@link #backward} fills: of the weights, then of the biases. */
    int sums() {
        return Math.multiplyExact(Grid.padded(outputs), paddedTaps.length + 1);
    }

    /** Takes the parameters as they are now. */
    void pack(float[] parameters) {
        int area = backTaps.length / outputs;
        int products = taps.length;
        for (int o = 0; o < outputs; o++) {
            bias[o] = parameters[biasAt + o];
            int from = weightAt + o * products;
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

    /**
     * y of x.
     *
     * @param x a tile in {@code in}
     * @param y a tile in {@code out}, with zeros in its border
     * @param code the winners' numbers within their windows, as y; null without pooling
     * @param between room for a tile in {@code full}
     */
    void forward(Kernels kernels, float[] x, int xAt, float[] y, float[] code, int yAt, float[] between) {
        int groups = Grid.padded(outputs) / Kernels.CHANNELS;
        for (int g = 0; g < groups; g++) {
            int w = g * Kernels.CHANNELS * taps.length;
            int channel = g * Kernels.CHANNELS;
            if (windows.length > 0) {
                int at = yAt + channel * out.step();
                kernels.convolvePooled(x, xAt, taps, packed, w, bias, channel, windows, y, code, at, out.step(), !tanh);
            } else if (window == 1) {
                fill(y, yAt, out, unpooled, 0, channel);
                kernels.convolve(x, xAt, taps, packed, w, fours, y, yAt + channel * out.step(), out.step());
            } else {
                fill(between, 0, full, pairs, 1, channel);
                kernels.convolve(x, xAt, taps, packed, w, fours, between, channel * full.step(), full.step());
            }
        }
        int size = Math.toIntExact(out.size());
        if (window > 1 && windows.length == 0) {
            kernels.pool(between, full.step(), unpooled, window, y, code, yAt, out.step(), Grid.padded(outputs));
        }
        if (tanh) {
            kernels.tanh(y, yAt, size);
        } else if (windows.length == 0) {
            kernels.rectify(y, yAt, size);
        }
    }

    /** Biases of four channels at every second place of a table, from {@code first} on. */
    private void fill(float[] y, int yAt, Grid grid, int[] table, int first, int channel) {
        for (int c = channel; c < channel + Kernels.CHANNELS; c++) {
            int at = yAt + c * grid.step();
            for (int p = first; p < table.length; p += 2) {
                Arrays.fill(y, at + table[p], at + table[p] + Grid.LANES, bias[c]);
            }
        }
    }

    /**
     * The gradients of a tile.
     *
     * @param y as {@link #forward} left it, with {@code code}
     * @param dy ∂L/∂y, laid out as y in a tile of its own; afterwards that by what stands before the activation
     * @param d room for a tile in {@code full} that nobody else writes
     * @param lanes for {@link #sums} times sixteen
     * @param fresh whether the sums begin here
     * @param dx ∂L/∂x, added to; null where nobody needs it
     */
    void backward(
            Kernels kernels,
            float[] x,
            int xAt,
            float[] y,
            float[] code,
            int yAt,
            float[] dy,
            float[] d,
            float[] lanes,
            boolean fresh,
            float[] dx) {
        int size = Math.toIntExact(out.size());
        if (tanh) {
            kernels.tanhBack(y, yAt, dy, 0, size);
        } else {
            kernels.rectifyBack(y, yAt, dy, 0, size);
        }
        if (window > 1) {
            kernels.unpool(dy, code, 0, yAt, out.step(), unpooled, window, d, full.step(), outputs);
        } else {
            copyInto(dy, d);
        }
        int groups = Grid.padded(outputs) / Kernels.CHANNELS;
        int perGroup = Kernels.CHANNELS * paddedTaps.length * Grid.LANES;
        for (int g = 0; g < groups; g++) {
            int from = g * Kernels.CHANNELS * full.step();
            for (int p = 0; p < pairs.length; p += 2 * CHUNK) {
                int to = Math.min(p + 2 * CHUNK, pairs.length);
                for (int k = 0; k < paddedTaps.length; k += Kernels.TAPS) {
                    int at = g * perGroup + k * Kernels.CHANNELS * Grid.LANES;
                    kernels.convolutionGradient(
                            x, xAt, paddedTaps, k, d, from, full.step(), pairs, p, to, lanes, at, fresh && p == 0);
                }
            }
        }
        kernels.sumPlaces(dy, 0, out.step(), unpooled, window, lanes, groups * perGroup, outputs, fresh);
        if (dx != null) {
            for (int c = 0; c < Grid.padded(inputs); c += Kernels.CHANNELS) {
                kernels.convolve(
                        d, 0, backTaps, packedBack, c * backTaps.length, backFours, dx, c * in.step(), in.step());
            }
        }
    }

    private void copyInto(float[] dy, float[] d) {
        for (int c = 0; c < outputs; c++) {
            for (int p = 0; p < unpooled.length; p += 2) {
                System.arraycopy(dy, c * out.step() + unpooled[p], d, c * full.step() + unpooled[p + 1], Grid.LANES);
            }
        }
    }

    /** Writes the gradient of its parameters, from the sums of all tiles of a part, which it destroys. */
    void gradient(Kernels kernels, float[] lanes, float[] sums, float[] gradient) {
        int products = taps.length;
        int all = Grid.padded(outputs) * paddedTaps.length;
        kernels.sumLanes(lanes, sums(), sums, 0);
        for (int o = 0; o < outputs; o++) {
            int from = o / Kernels.CHANNELS * Kernels.CHANNELS * paddedTaps.length + o % Kernels.CHANNELS;
            for (int k = 0; k < products; k++) {
                gradient[weightAt + o * products + k] = sums[from + Kernels.CHANNELS * k];
            }
            gradient[biasAt + o] = sums[all + o];
        }
    }
}

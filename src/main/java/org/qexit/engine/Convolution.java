package org.qexit.engine;

import java.util.Arrays;

/**
 * One convolution of stride 1 with what follows it, pooling or none, on the tiles of a part: its geometry as tables of places, and its biases.
 * Everything is y = activation(max over a window (W ∗ x + b)): pooling before a monotone activation is pooling behind it, on fewer values.
 * Only what a window covers is computed.
 */
final class Convolution {
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
    /** {x, d} of everything that a window covers. */
    private final int[] pairs;
    /** {y, d0 …} of every window. */
    private final int[] unpooled;

    private final Filter filter;
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
        this.unpooled = new int[out.rows * out.columns * (window + 1)];
        this.pairs = new int[2 * out.rows * out.columns * window];
        tabulate(poolRows, poolColumns);
        this.bias = new float[Grid.padded(outputs)];
        this.filter = WinogradFilter.pays(
                        block, inputs, poolRows, poolColumns, out.rows * poolRows, out.columns * poolColumns)
                ? new WinogradFilter(in, out, full, poolRows, poolColumns)
                : new DirectFilter(in, out, full, block, pairs, window, places());
    }

    private void tabulate(int poolRows, int poolColumns) {
        int pair = 0;
        int next = 0;
        for (int r = 0; r < out.rows; r++) {
            for (int c = 0; c < out.columns; c++) {
                unpooled[next++] = out.at(r, c);
                for (int i = 0; i < poolRows; i++) {
                    for (int j = 0; j < poolColumns; j++) {
                        int d = full.at(r * poolRows + i, c * poolColumns + j);
                        unpooled[next++] = d;
                        pairs[pair++] = in.at(r * poolRows + i, c * poolColumns + j);
                        pairs[pair++] = d;
                    }
                }
            }
        }
    }

    /** Of the windows, in {@code out}. */
    private int[] places() {
        int[] places = new int[out.rows * out.columns];
        Arrays.setAll(places, i -> unpooled[i * (window + 1)]);
        return places;
    }

    /** Where the parameters behind it begin. */
    int end() {
        return biasAt + outputs;
    }

    /** Whether winners are kept: where there is no pooling there are none. */
    boolean pools() {
        return window > 1;
    }

    /** Numbers that its {@link Filter} needs in a {@link Filter.Scratch}. */
    long[] scratch() {
        return filter.scratch();
    }

    /** Numbers that {@link #backward} fills: the filter's sums, then, lane by lane and a little further, those of the biases. */
    int sums() {
        return Math.addExact(filter.sums(), (Grid.padded(outputs) + 1) * Grid.LANES);
    }

    /** Takes one of so many shares of the parameters as they are now. */
    void pack(float[] parameters, int share, int shares) {
        int first = (int) ((long) outputs * share / shares);
        int end = (int) ((long) outputs * (share + 1) / shares);
        System.arraycopy(parameters, biasAt + first, bias, first, end - first);
        filter.pack(parameters, weightAt, first, end);
    }

    /**
     * y of x, of one tile.
     *
     * @param from tiles in {@code in}
     * @param to tiles in {@code out}, with zeros in their borders
     * @param codes the winners' numbers within their windows, as the outputs; null without pooling
     * @param between room for a tile in {@code full}
     */
    void forward(Kernels kernels, Span from, Span to, Span codes, int tile, Span between, Filter.Scratch scratch) {
        float[] x = from.values();
        int xAt = from.tile(tile, in);
        float[] y = to.values();
        int yAt = to.tile(tile, out);
        float[] code = codes == null ? null : codes.values();
        int codeAt = codes == null ? 0 : codes.tile(tile, out);
        boolean four = window == Kernels.CHANNELS;
        if (four) {
            filter.pool(kernels, scratch, x, xAt, bias, y, yAt, code, codeAt, !tanh);
        } else if (window == 1) {
            fill(y, yAt, out, unpooled, 0);
            filter.add(kernels, scratch, x, xAt, y, yAt);
        } else {
            fill(between.values(), between.at(), full, pairs, 1);
            filter.add(kernels, scratch, x, xAt, between.values(), between.at());
        }
        int size = Math.toIntExact(out.size());
        if (window > 1 && !four) {
            kernels.pool(
                    between.values(),
                    between.at(),
                    full.step(),
                    unpooled,
                    window,
                    y,
                    yAt,
                    code,
                    codeAt,
                    out.step(),
                    Grid.padded(outputs));
        }
        if (tanh) {
            kernels.tanh(y, yAt, size);
        } else if (!four) {
            kernels.rectify(y, yAt, size);
        }
    }

    /** Biases at every second place of a table, from {@code first} on. */
    private void fill(float[] y, int yAt, Grid grid, int[] table, int first) {
        for (int c = 0; c < Grid.padded(outputs); c++) {
            int at = yAt + c * grid.step();
            for (int p = first; p < table.length; p += 2) {
                Arrays.fill(y, at + table[p], at + table[p] + Grid.LANES, bias[c]);
            }
        }
    }

    /**
     * The gradients of a tile.
     *
     * @param to as {@link #forward} left it, with {@code codes}
     * @param gradients ∂L/∂y, laid out as y in a tile of its own; afterwards that by what stands before the activation
     * @param between room for a tile in {@code full} that nobody else writes
     * @param sums for {@link #sums} times sixteen
     * @param fresh whether the sums begin here
     * @param toInputs ∂L/∂x of the tile, added to; null where nobody needs it
     */
    void backward(
            Kernels kernels,
            Span from,
            Span to,
            Span codes,
            int tile,
            Span gradients,
            Span between,
            Span sums,
            boolean fresh,
            Span toInputs,
            Filter.Scratch scratch) {
        float[] x = from.values();
        int xAt = from.tile(tile, in);
        float[] y = to.values();
        int yAt = to.tile(tile, out);
        float[] dy = gradients.values();
        int dyAt = gradients.at();
        float[] d = between.values();
        int dAt = between.at();
        float[] lanes = sums.values();
        int size = Math.toIntExact(out.size());
        if (tanh) {
            kernels.tanhBack(y, yAt, dy, dyAt, size);
        } else {
            kernels.rectifyBack(y, yAt, dy, dyAt, size);
        }
        if (window > 1) {
            float[] code = codes.values();
            int codeAt = codes.tile(tile, out);
            kernels.unpool(dy, dyAt, code, codeAt, out.step(), unpooled, window, d, dAt, full.step(), outputs);
        } else {
            copyInto(dy, dyAt, d, dAt);
        }
        filter.sum(kernels, scratch, x, xAt, d, dAt, lanes, sums.at(), fresh);
        int biases = sums.at() + filter.sums();
        kernels.sumPlaces(dy, dyAt, out.step(), unpooled, window, lanes, biases, outputs, fresh);
        if (toInputs != null) {
            filter.back(kernels, scratch, d, dAt, toInputs.values(), toInputs.at());
        }
    }

    private void copyInto(float[] dy, int dyAt, float[] d, int dAt) {
        for (int c = 0; c < outputs; c++) {
            int from = dyAt + c * out.step();
            int to = dAt + c * full.step();
            for (int p = 0; p < unpooled.length; p += 2) {
                System.arraycopy(dy, from + unpooled[p], d, to + unpooled[p + 1], Grid.LANES);
            }
        }
    }

    /**
     * Writes the gradient of its parameters, from the sums of all tiles of a part.
     *
     * @param room for a sixteenth of the sums
     */
    void gradient(Kernels kernels, Span sums, float[] room, float[] gradient) {
        filter.gradient(kernels, sums.values(), sums.at(), room, gradient, weightAt);
        kernels.sumLanes(sums.values(), sums.at() + filter.sums(), Grid.padded(outputs), room, 0);
        System.arraycopy(room, 0, gradient, biasAt, outputs);
    }
}

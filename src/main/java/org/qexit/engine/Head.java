package org.qexit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The stages between the features behind a block and an exit's logits, on the tiles of a part. */
final class Head {
    private final Grid grid;
    private final boolean average;
    private final int firstLogit;
    private final List<Stage> stages;
    /** Where each stage's parameters begin; their end. */
    private final int[] at;
    /** Where each stage's inputs lie from the place on where a tile begins. */
    private final int[][] taps;
    /** Of dense layers, four outputs after four, {@code [input][4]}. */
    private final float[][] packed;
    /** Of other stages. */
    private final double[][] doubles;
    /** All parameters, the engine's own array. */
    private float[] all;

    Head(Blueprint.Head head, Grid grid, int parametersAt, int firstLogit) {
        this.grid = grid;
        this.average = head.average();
        this.firstLogit = firstLogit;
        this.stages = head.stages();
        int count = stages.size();
        this.at = new int[count + 1];
        this.taps = new int[count][];
        this.packed = new float[count][];
        this.doubles = new double[count][];
        at[0] = parametersAt;
        if (!(stages.get(0) instanceof Stage.Dense)) {
            throw new IllegalArgumentException("a head begins with " + stages.get(0) + "; expected a dense layer");
        }
        for (int s = 0; s < count; s++) {
            Stage stage = stages.get(s);
            at[s + 1] = Math.addExact(at[s], stage.parameters());
            taps[s] = s > 0 || average ? inARow(stage.inputs()) : grid.places();
            if (taps[s].length != stage.inputs()) {
                throw new IllegalArgumentException(
                        "a head takes " + stage.inputs() + " features; expected " + taps[s].length);
            }
            if (s > 0 && stages.get(s - 1).outputs() != stage.inputs()) {
                throw new IllegalArgumentException(
                        "a stage of a head takes " + stage.inputs() + " values; expected those of the one before, "
                                + stages.get(s - 1).outputs());
            }
            if (stage instanceof Stage.Dense dense) {
                packed[s] = new float[Math.multiplyExact(Grid.padded(dense.outputs()), dense.inputs())];
            } else {
                doubles[s] = new double[stage.parameters()];
            }
        }
        if (average && stages.get(0).inputs() != grid.channels) {
            throw new IllegalArgumentException("a head takes " + stages.get(0).inputs() + " features; expected "
                    + grid.channels + ", one per channel");
        }
    }

    private static int[] inARow(int count) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> i * Grid.LANES);
        return places;
    }

    int end() {
        return at[stages.size()];
    }

    int outputs() {
        return stages.get(stages.size() - 1).outputs();
    }

    /** Takes the parameters as they are now. */
    void pack(float[] parameters) {
        all = parameters;
        for (int s = 0; s < stages.size(); s++) {
            if (stages.get(s) instanceof Stage.Dense dense) {
                int inputs = dense.inputs();
                int outputs = dense.outputs();
                for (int j = 0; j < outputs; j++) {
                    int to = j / Kernels.CHANNELS * Kernels.CHANNELS * inputs + j % Kernels.CHANNELS;
                    for (int i = 0; i < inputs; i++) {
                        packed[s][to + Kernels.CHANNELS * i] = parameters[at[s] + i * outputs + j];
                    }
                }
            } else {
                for (int i = 0; i < doubles[s].length; i++) {
                    doubles[s][i] = parameters[at[s] + i];
                }
            }
        }
    }

    /** What a head keeps of a part's tiles between forward and backward. */
    final class Trace {
        /** Outputs of every stage, {@code [tile][output][16]}, padded to four outputs. */
        private final List<float[]> values = new ArrayList<>();
        /** Their gradients. */
        private final List<float[]> gradients = new ArrayList<>();
        /** Each channel's mean, {@code [tile][channel][16]}. */
        private final float[] means;
        /** Gradients of other stages' parameters, summed over tiles. */
        private final double[][] sums = new double[stages.size()][];

        Trace(int tiles) {
            for (int s = 0; s < stages.size(); s++) {
                values.add(new float[tiles * width(s)]);
                gradients.add(new float[tiles * width(s)]);
                sums[s] = new double[stages.get(s).parameters()];
            }
            means = new float[average ? tiles * Grid.padded(grid.channels) * Grid.LANES : 0];
        }

        /** Outputs of a stage of a sample of the part. */
        double value(int stage, int sample, int output) {
            int tile = sample / Grid.LANES;
            return values.get(stage)[tile * width(stage) + output * Grid.LANES + sample % Grid.LANES];
        }
    }

    /** What a thread needs for a head. */
    final class Room {
        private final Unit[] units = new Unit[stages.size()];
        private final double[] in;
        private final double[] out;
        private final double[] up;
        private final double[] down;
        private final double[] toParameters;
        private final float[] toMeans;

        Room() {
            int widest = 0;
            int most = 0;
            for (int s = 0; s < units.length; s++) {
                if (stages.get(s) instanceof Stage.Node node) {
                    units[s] = node.units().get();
                    widest = Math.max(widest, node.width());
                    most = Math.max(most, node.parameters());
                }
            }
            in = new double[widest * Grid.LANES];
            out = new double[widest * Grid.LANES];
            up = new double[widest * Grid.LANES];
            down = new double[widest * Grid.LANES];
            toParameters = new double[most];
            toMeans = new float[average ? Grid.padded(grid.channels) * Grid.LANES : 0];
        }
    }

    private int width(int stage) {
        return Grid.padded(stages.get(stage).outputs()) * Grid.LANES;
    }

    /**
     * Logits of a tile's samples.
     *
     * @param features of all tiles of the part
     * @param count samples in the tile
     * @param logits {@code [sample][all exits' logits]}, from {@code firstSample} on
     */
    void forward(
            Kernels kernels,
            Trace trace,
            Room room,
            Span features,
            int tile,
            int count,
            double[] logits,
            int firstSample,
            int perSample) {
        float[] x = features.values();
        int xAt = features.tile(tile, grid);
        if (average) {
            x = trace.means;
            mean(features.values(), xAt, x, tile * Grid.padded(grid.channels) * Grid.LANES);
            xAt = tile * Grid.padded(grid.channels) * Grid.LANES;
        }
        for (int s = 0; s < stages.size(); s++) {
            float[] y = trace.values.get(s);
            int yAt = tile * width(s);
            if (stages.get(s) instanceof Stage.Dense dense) {
                dense(kernels, s, dense, x, xAt, y, yAt);
            } else {
                int width = stages.get(s).outputs();
                toSamples(x, xAt, width, count, room.in);
                room.units[s].forward(doubles[s], room.in, count, room.out);
                toLanes(room.out, width, count, y, yAt);
            }
            x = y;
            xAt = yAt;
        }
        int outputs = outputs();
        for (int l = 0; l < count; l++) {
            for (int j = 0; j < outputs; j++) {
                logits[(firstSample + l) * perSample + firstLogit + j] = x[xAt + j * Grid.LANES + l];
            }
        }
    }

    private void dense(Kernels kernels, int s, Stage.Dense dense, float[] x, int xAt, float[] y, int yAt) {
        int outputs = dense.outputs();
        int biases = at[s] + dense.inputs() * outputs;
        for (int j = 0; j < Grid.padded(outputs); j++) {
            Arrays.fill(y, yAt + j * Grid.LANES, yAt + (j + 1) * Grid.LANES, j < outputs ? all[biases + j] : 0);
        }
        for (int j = 0; j < outputs; j += Kernels.CHANNELS) {
            kernels.dense(x, xAt, taps[s], packed[s], j * dense.inputs(), y, yAt + j * Grid.LANES);
        }
        if (dense.tanh()) {
            kernels.tanh(y, yAt, Grid.padded(outputs) * Grid.LANES);
        }
    }

    private void mean(float[] x, int xAt, float[] y, int yAt) {
        float share = 1f / (grid.rows * grid.columns);
        for (int c = 0; c < grid.channels; c++) {
            int to = yAt + c * Grid.LANES;
            Arrays.fill(y, to, to + Grid.LANES, 0);
            for (int r = 0; r < grid.rows; r++) {
                for (int w = 0; w < grid.columns; w++) {
                    int from = xAt + c * grid.step() + grid.at(r, w);
                    for (int l = 0; l < Grid.LANES; l++) {
                        y[to + l] += x[from + l];
                    }
                }
            }
            for (int l = 0; l < Grid.LANES; l++) {
                y[to + l] *= share;
            }
        }
    }

    private void meanBack(float[] dy, float[] dx, int dxAt) {
        float share = 1f / (grid.rows * grid.columns);
        for (int c = 0; c < grid.channels; c++) {
            for (int r = 0; r < grid.rows; r++) {
                for (int w = 0; w < grid.columns; w++) {
                    int to = dxAt + c * grid.step() + grid.at(r, w);
                    for (int l = 0; l < Grid.LANES; l++) {
                        dx[to + l] = Math.fma(share, dy[c * Grid.LANES + l], dx[to + l]);
                    }
                }
            }
        }
    }

    private static void toSamples(float[] x, int xAt, int width, int count, double[] samples) {
        for (int l = 0; l < count; l++) {
            for (int i = 0; i < width; i++) {
                samples[l * width + i] = x[xAt + i * Grid.LANES + l];
            }
        }
    }

    /** Lanes without a sample are 0. */
    private static void toLanes(double[] samples, int width, int count, float[] y, int yAt) {
        for (int i = 0; i < width; i++) {
            for (int l = 0; l < Grid.LANES; l++) {
                y[yAt + i * Grid.LANES + l] = l < count ? (float) samples[l * width + i] : 0;
            }
        }
    }

    /**
     * The gradients of a tile: of the features, added to {@code toFeatures}; of the stages' outputs, kept for {@link #gradient}.
     *
     * @param upstream ∂L/∂logits, laid out as the logits
     * @param first whether the part begins with this tile
     */
    void backward(
            Kernels kernels,
            Trace trace,
            Room room,
            int tile,
            int count,
            double[] upstream,
            int firstSample,
            int perSample,
            Span toFeatures,
            boolean first) {
        int last = stages.size() - 1;
        float[] dy = trace.gradients.get(last);
        int dyAt = tile * width(last);
        for (int j = 0; j < outputs(); j++) {
            for (int l = 0; l < Grid.LANES; l++) {
                dy[dyAt + j * Grid.LANES + l] =
                        l < count ? (float) upstream[(firstSample + l) * perSample + firstLogit + j] : 0;
            }
        }
        for (int s = last; s >= 0; s--) {
            float[] dx = s > 0 ? trace.gradients.get(s - 1) : average ? room.toMeans : toFeatures.values();
            int dxAt = s > 0 ? tile * width(s - 1) : average ? 0 : toFeatures.at();
            if (s > 0 || average) {
                Arrays.fill(dx, dxAt, dxAt + Grid.padded(stages.get(s).inputs()) * Grid.LANES, 0);
            }
            dy = trace.gradients.get(s);
            dyAt = tile * width(s);
            if (stages.get(s) instanceof Stage.Dense dense) {
                if (dense.tanh()) {
                    kernels.tanhBack(trace.values.get(s), dyAt, dy, dyAt, width(s));
                }
                kernels.denseBack(dy, dyAt, dense.outputs(), all, at[s], taps[s], dx, dxAt);
            } else {
                unitBack(trace, room, s, tile, count, dy, dyAt, dx, dxAt, first);
            }
        }
        if (average) {
            meanBack(room.toMeans, toFeatures.values(), toFeatures.at());
        }
    }

    private void unitBack(
            Trace trace,
            Room room,
            int s,
            int tile,
            int count,
            float[] dy,
            int dyAt,
            float[] dx,
            int dxAt,
            boolean first) {
        int width = stages.get(s).outputs();
        toSamples(trace.values.get(s - 1), tile * width(s - 1), width, count, room.in);
        toSamples(dy, dyAt, width, count, room.up);
        room.units[s].backward(doubles[s], room.in, count, room.up, room.down, room.toParameters);
        toLanes(room.down, width, count, dx, dxAt);
        double[] sums = trace.sums[s];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = first ? room.toParameters[i] : sums[i] + room.toParameters[i];
        }
    }

    /**
     * Writes the gradient of the parameters from a part's tiles.
     *
     * @param features of all its tiles
     */
    void gradient(Kernels kernels, Trace trace, Span features, int tiles, float[] gradient) {
        for (int s = 0; s < stages.size(); s++) {
            if (stages.get(s) instanceof Stage.Dense dense) {
                int outputs = dense.outputs();
                int inputs = dense.inputs();
                float[] x = s > 0 ? trace.values.get(s - 1) : average ? trace.means : features.values();
                int xTile = s > 0
                        ? width(s - 1)
                        : average ? Grid.padded(grid.channels) * Grid.LANES : Math.toIntExact(grid.size());
                int xAt = s > 0 || average ? 0 : features.at();
                float[] dy = trace.gradients.get(s);
                kernels.denseGradient(x, xAt, xTile, taps[s], dy, width(s), outputs, tiles, gradient, at[s]);
                for (int j = 0; j < outputs; j++) {
                    float sum = 0;
                    for (int t = 0; t < tiles; t++) {
                        for (int l = 0; l < Grid.LANES; l++) {
                            sum += dy[t * width(s) + j * Grid.LANES + l];
                        }
                    }
                    gradient[at[s] + inputs * outputs + j] = sum;
                }
            } else {
                for (int i = 0; i < trace.sums[s].length; i++) {
                    gradient[at[s] + i] = (float) trace.sums[s][i];
                }
            }
        }
    }
}

package org.qexit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One thread's kernels and the arrays that it works in, and what it does with a {@link Part}. */
final class Worker {
    private final Shape shape;
    private final Kernels kernels;
    /** Between convolution and pooling; its border stays 0. */
    private final List<Span> full = new ArrayList<>();
    /** ∂L/∂outputs of each convolution, one tile. */
    private final List<Span> deltas = new ArrayList<>();

    private final List<Span> lanes = new ArrayList<>();
    private final Filter.Scratch scratch;
    private final List<Head.Room> rooms = new ArrayList<>();
    private final float[] sums;

    Worker(Shape shape, Kernels kernels) {
        this.shape = shape;
        this.kernels = kernels;
        int most = 0;
        List<Long> sizes = new ArrayList<>();
        for (Convolution each : shape.convolutions) {
            sizes.addAll(List.of(each.full.size(), each.out.size(), (long) each.sums()));
            most = Math.max(most, each.sums() / Grid.LANES);
        }
        long[] scratchSizes = shape.scratch();
        for (long size : scratchSizes) {
            sizes.add(size);
        }
        var spans = Span.allocate(sizes).iterator();
        for (int i = 0; i < shape.convolutions.size(); i++) {
            full.add(spans.next());
            deltas.add(spans.next());
            lanes.add(spans.next());
        }
        scratch = new Filter.Scratch(
                spans.next(), spans.next(), spans.next(), new float[Math.toIntExact(scratchSizes[2] / Grid.LANES)]);
        sums = new float[most];
        shape.heads.forEach(head -> rooms.add(head.new Room()));
    }

    String kernels() {
        return kernels.name();
    }

    /**
     * Logits of a part's samples, {@code [sample of the batch][logit]}.
     *
     * @param images of the batch, {@code [sample][channel · row · column]}, flattened
     * @param first sample of the part
     * @param count of its samples
     */
    void forward(Part part, float[] images, int first, int count, double[] logits) {
        Grid in = shape.convolutions.get(0).in;
        int perSample = shape.logits;
        for (int t = 0; t * Grid.LANES < count; t++) {
            int begin = t * Grid.LANES;
            int samples = Math.min(Grid.LANES, count - begin);
            scatter(images, first + begin, samples, in, part.input.values(), part.input.tile(t, in));
            Span x = part.input;
            int next = 0;
            for (int i = 0; i < shape.convolutions.size(); i++) {
                Convolution each = shape.convolutions.get(i);
                Span y = part.outputs.get(i);
                each.forward(kernels, x, y, part.codes.get(i), t, full.get(i), scratch);
                x = y;
                if (i == shape.lastBefore[next]) {
                    shape.heads
                            .get(next)
                            .forward(
                                    kernels,
                                    part.heads.get(next),
                                    rooms.get(next),
                                    x,
                                    t,
                                    samples,
                                    logits,
                                    first + begin,
                                    perSample);
                    next++;
                }
            }
        }
    }

    /** {@code [channel][row][column][16]} of {@code [sample][channel][row][column]}; lanes without a sample are 0. */
    private static void scatter(float[] images, int first, int count, Grid grid, float[] tile, int at) {
        int features = grid.channels * grid.rows * grid.columns;
        for (int c = 0; c < grid.channels; c++) {
            for (int r = 0; r < grid.rows; r++) {
                int to = at + c * grid.step() + grid.at(r, 0);
                int row = (c * grid.rows + r) * grid.columns;
                for (int l = 0; l < Grid.LANES; l++) {
                    if (l < count) {
                        copy(images, (first + l) * features + row, tile, to + l, grid.columns);
                    } else {
                        clear(tile, to + l, grid.columns);
                    }
                }
            }
        }
    }

    private static void copy(float[] from, int at, float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i * Grid.LANES] = from[at + i];
        }
    }

    private static void clear(float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i * Grid.LANES] = 0;
        }
    }

    /** The part's gradient, behind {@link #forward}, which it overwrites. */
    void backward(Part part, double[] upstream, int first, int count, float[] gradient) {
        int perSample = shape.logits;
        int tiles = (count + Grid.LANES - 1) / Grid.LANES;
        for (int t = 0; t < tiles; t++) {
            int begin = t * Grid.LANES;
            int samples = Math.min(Grid.LANES, count - begin);
            for (int i = 0; i < shape.convolutions.size(); i++) {
                Span delta = deltas.get(i);
                Arrays.fill(delta.values(), delta.at(), delta.tile(1, shape.convolutions.get(i).out), 0);
            }
            for (int q = 0; q < shape.heads.size(); q++) {
                shape.heads
                        .get(q)
                        .backward(
                                kernels,
                                part.heads.get(q),
                                rooms.get(q),
                                t,
                                samples,
                                upstream,
                                first + begin,
                                perSample,
                                deltas.get(shape.lastBefore[q]),
                                t == 0);
            }
            for (int i = shape.convolutions.size() - 1; i >= 0; i--) {
                Convolution each = shape.convolutions.get(i);
                each.backward(
                        kernels,
                        i == 0 ? part.input : part.outputs.get(i - 1),
                        part.outputs.get(i),
                        part.codes.get(i),
                        t,
                        deltas.get(i),
                        full.get(i),
                        lanes.get(i),
                        t == 0,
                        i == 0 ? null : deltas.get(i - 1),
                        scratch);
            }
        }
        for (int i = 0; i < shape.convolutions.size(); i++) {
            shape.convolutions.get(i).gradient(kernels, lanes.get(i), sums, gradient);
        }
        for (int q = 0; q < shape.heads.size(); q++) {
            Span features = part.outputs.get(shape.lastBefore[q]);
            shape.heads.get(q).gradient(kernels, part.heads.get(q), features, tiles, gradient);
        }
    }
}

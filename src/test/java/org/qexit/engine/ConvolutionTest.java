package org.qexit.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Convolutions with pooling and activation against their formulas in double precision, narrow ones product by product and wide ones by
 * {@link WinogradFilter}, of odd and even sizes; plain and vector kernels bit by bit.
 */
class ConvolutionTest {
    private static final int L = Grid.LANES;
    private static final int TILES = 2;

    private final SplittableRandom random = new SplittableRandom(21);

    /** What a convolution gives: outputs, gradients of inputs and of parameters. */
    private record Result(float[] y, float[] dx, float[] gradient) {}

    private final class Case {
        private final int rows;
        private final int columns;
        private final int inputs;
        private final int outputs;
        private final int poolRows;
        private final int poolColumns;
        private final boolean tanh;
        private final Convolution convolution;
        private final float[] parameters;
        /** {@code [tile][channel][row][column][16]}, as the others. */
        private final float[] x;

        private final float[] dy;
        private final float[] before;

        Case(int rows, int columns, int inputs, int outputs, int poolRows, int poolColumns, boolean tanh) {
            this.rows = rows;
            this.columns = columns;
            this.inputs = inputs;
            this.outputs = outputs;
            this.poolRows = poolRows;
            this.poolColumns = poolColumns;
            this.tanh = tanh;
            Blueprint.Block block = new Blueprint.Block(outputs, 3, 3, 1, poolRows, poolColumns);
            convolution =
                    new Convolution(new Grid(inputs, rows, columns, 1, 1), block, true, tanh, new int[] {1, 1}, 3);
            parameters = numbers(convolution.end(), 0.2);
            x = numbers(TILES * inputs * rows * columns * L, 1);
            dy = numbers(TILES * outputs * (rows / poolRows) * (columns / poolColumns) * L, 1);
            before = numbers(x.length, 1);
        }

        private void scatter(float[] values, Grid grid, Span span, int tile, int from) {
            int[] places = grid.places();
            for (int i = 0; i < places.length; i++) {
                System.arraycopy(values, from + i * L, span.values(), span.tile(tile, grid) + places[i], L);
            }
        }

        private void gather(Span span, Grid grid, int tile, float[] values, int from) {
            int[] places = grid.places();
            for (int i = 0; i < places.length; i++) {
                System.arraycopy(span.values(), span.tile(tile, grid) + places[i], values, from + i * L, L);
            }
        }

        Result run(Kernels kernels) {
            Grid in = convolution.in;
            Grid out = convolution.out;
            List<Long> sizes = new ArrayList<>(List.of(
                    TILES * in.size(),
                    TILES * out.size(),
                    TILES * out.size(),
                    convolution.full.size(),
                    out.size(),
                    in.size(),
                    (long) convolution.sums()));
            for (long size : convolution.scratch()) {
                sizes.add(size);
            }
            List<Span> spans = Span.allocate(sizes);
            float[] room = new float[convolution.sums()];
            var scratch = new Filter.Scratch(spans.get(7), spans.get(8), spans.get(9), room);
            convolution.pack(parameters, 0, 2);
            convolution.pack(parameters, 1, 2);
            Span codes = convolution.pools() ? spans.get(2) : null;
            float[] y = new float[dy.length];
            float[] dx = before.clone();
            for (int t = 0; t < TILES; t++) {
                scatter(x, in, spans.get(0), t, t * x.length / TILES);
                convolution.forward(kernels, spans.get(0), spans.get(1), codes, t, spans.get(3), scratch);
                gather(spans.get(1), out, t, y, t * y.length / TILES);
            }
            for (int t = 0; t < TILES; t++) {
                scatter(dy, out, spans.get(4), 0, t * dy.length / TILES);
                scatter(before, in, spans.get(5), 0, t * x.length / TILES);
                convolution.backward(
                        kernels,
                        spans.get(0),
                        spans.get(1),
                        codes,
                        t,
                        spans.get(4),
                        spans.get(3),
                        spans.get(6),
                        t == 0,
                        spans.get(5),
                        scratch);
                gather(spans.get(5), in, 0, dx, t * x.length / TILES);
            }
            float[] gradient = new float[parameters.length];
            convolution.gradient(kernels, spans.get(6), new float[convolution.sums()], gradient);
            return new Result(y, dx, gradient);
        }

        /** The same by the formulas, value by value. */
        void compare(Result result) {
            int weights = 3;
            int biases = weights + outputs * inputs * 9;
            double[] dx = new double[x.length];
            double[] gradient = new double[parameters.length];
            int next = 0;
            for (int t = 0; t < TILES; t++) {
                for (int o = 0; o < outputs; o++) {
                    for (int r = 0; r < rows / poolRows; r++) {
                        for (int c = 0; c < columns / poolColumns; c++) {
                            for (int l = 0; l < L; l++, next++) {
                                double best = Double.NEGATIVE_INFINITY;
                                int bestRow = -1;
                                int bestColumn = -1;
                                for (int i = 0; i < poolRows * poolColumns; i++) {
                                    int row = r * poolRows + i / poolColumns;
                                    int column = c * poolColumns + i % poolColumns;
                                    double sum = sum(t, o, row, column, l, weights, 0, null, null);
                                    if (sum > best) {
                                        best = sum;
                                        bestRow = row;
                                        bestColumn = column;
                                    }
                                }
                                best += parameters[biases + o];
                                double y = tanh ? Math.tanh(best) : Math.max(0, best);
                                assertEquals(y, result.y[next], 2e-5 * (1 + Math.abs(y)));
                                double d = dy[next] * (tanh ? 1 - y * y : y > 0 ? 1 : 0);
                                gradient[biases + o] += d;
                                sum(t, o, bestRow, bestColumn, l, weights, d, dx, gradient);
                            }
                        }
                    }
                }
            }
            for (int i = 0; i < dx.length; i++) {
                dx[i] += before[i];
            }
            close(dx, result.dx);
            close(gradient, result.gradient);
        }

        /** A sum of products; with {@code dx}, what a gradient d of it adds to those of inputs and parameters. */
        private double sum(
                int t, int o, int row, int column, int l, int weights, double d, double[] dx, double[] gradient) {
            double sum = 0;
            for (int c = 0; c < inputs; c++) {
                for (int k = 0; k < 9; k++) {
                    int r = row + k / 3 - 1;
                    int w = column + k % 3 - 1;
                    if (r < 0 || w < 0 || r >= rows || w >= columns) {
                        continue;
                    }
                    int at = (((t * inputs + c) * rows + r) * columns + w) * L + l;
                    int weight = weights + (o * inputs + c) * 9 + k;
                    sum += (double) x[at] * parameters[weight];
                    if (dx != null) {
                        dx[at] += d * parameters[weight];
                        gradient[weight] += d * x[at];
                    }
                }
            }
            return sum;
        }
    }

    private float[] numbers(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static void close(double[] expected, float[] actual) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(expected[i] - actual[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        assertTrue(error <= 1e-12 * norm, Math.sqrt(error / norm) + " of the norm");
    }

    @ParameterizedTest
    @CsvSource({
        // rows, columns, inputs, outputs, rows and columns of a window, tanh
        "8, 8, 8, 8, 2, 2, false",
        "7, 9, 9, 10, 2, 2, false",
        "5, 6, 8, 13, 1, 1, true",
        "7, 3, 11, 8, 1, 1, false",
        "2, 2, 8, 8, 2, 2, true",
        "9, 7, 8, 9, 3, 2, false",
        "8, 9, 8, 8, 4, 4, false",
        "4, 9, 8, 8, 1, 4, false",
        "13, 12, 17, 9, 2, 2, true",
        "12, 11, 3, 9, 2, 2, false",
        "1, 9, 8, 8, 1, 2, false",
        "9, 1, 8, 9, 1, 1, true",
        "3, 5, 9, 5, 3, 1, false"
    })
    void isWhatItsFormulasSay(
            int rows, int columns, int inputs, int outputs, int poolRows, int poolColumns, boolean tanh) {
        Case one = new Case(rows, columns, inputs, outputs, poolRows, poolColumns, tanh);
        Result plain = one.run(new PlainKernels());
        one.compare(plain);
        Result vector = one.run(KernelChoice.AUTO.create());
        assertArrayEquals(plain.y, vector.y, 0);
        assertArrayEquals(plain.dx, vector.dx, 0);
        assertArrayEquals(plain.gradient, vector.gradient, 0);
    }

    @Test
    void wideOnesAreFiltered() {
        Blueprint.Block three = new Blueprint.Block(8, 3, 3, 1, 2, 2);
        assertTrue(WinogradFilter.pays(three, 8, 2, 2, 8, 8));
        assertTrue(!WinogradFilter.pays(three, 7, 2, 2, 8, 8));
        assertTrue(!WinogradFilter.pays(three, 8, 2, 2, 8, 1));
        assertTrue(!WinogradFilter.pays(new Blueprint.Block(8, 3, 5, 1, 2, 2), 8, 2, 2, 8, 8));
        assertTrue(!WinogradFilter.pays(new Blueprint.Block(7, 3, 3, 1, 2, 2), 8, 2, 2, 8, 8));
        assertTrue(!WinogradFilter.pays(three, 8, 1, 4, 8, 8));
    }
}

package org.qexit.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel against its formula in double precision, and the two implementations against each other bit by bit. */
class KernelsTest {
    private static final int L = Kernels.LANES;

    private final SplittableRandom random = new SplittableRandom(9);

    static List<Kernels> kernels() {
        return List.of(new PlainKernels(), KernelChoice.AUTO.create());
    }

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Different places of tiles, in any order. */
    private int[] places(int count, int among) {
        int[] all = new int[among];
        Arrays.setAll(all, i -> i * L);
        for (int i = among - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = all[i];
            all[i] = all[j];
            all[j] = swapped;
        }
        return Arrays.copyOf(all, count);
    }

    private static void close(double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * (1 + Math.abs(expected[i])), "at " + i);
        }
    }

    private static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        Arrays.setAll(copy, i -> values[i]);
        return copy;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void convolves(Kernels kernels) {
        for (int taps : new int[] {1, 2, 9, 27}) {
            int step = 40 * L;
            float[] x = numbers(100 * L);
            int[] offsets = places(taps, 50);
            float[] w = numbers(2 + 4 * taps);
            int[] fours = new int[16];
            System.arraycopy(places(4, 45), 0, fours, 0, 4);
            System.arraycopy(places(4, 45), 0, fours, 8, 4);
            int[] out = places(8, 39);
            System.arraycopy(out, 0, fours, 4, 4);
            System.arraycopy(out, 4, fours, 12, 4);
            // The last row names a place twice.
            fours[11] = fours[10];
            fours[15] = fours[14];
            float[] y = numbers(4 * step + L);
            double[] expected = doubles(y);
            for (int row = 0; row < 16; row += 8) {
                for (int i = 0; i < (row == 0 ? 4 : 3); i++) {
                    for (int c = 0; c < 4; c++) {
                        for (int k = 0; k < taps; k++) {
                            for (int l = 0; l < L; l++) {
                                expected[L + c * step + fours[row + 4 + i] + l] +=
                                        (double) x[L + offsets[k] + fours[row + i] + l] * w[2 + 4 * k + c];
                            }
                        }
                    }
                }
            }
            float[] plain = y.clone();
            kernels.convolve(x, L, offsets, w, 2, fours, y, L, step);
            close(expected, y);
            new PlainKernels().convolve(x, L, offsets, w, 2, fours, plain, L, step);
            assertArrayEquals(plain, y, 0f);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void convolvesAndPools(Kernels kernels) {
        for (boolean rectify : new boolean[] {true, false}) {
            int step = 9 * L;
            float[] x = numbers(100 * L);
            int[] offsets = places(7, 50);
            float[] w = numbers(4 * 7);
            float[] bias = numbers(5);
            int[] windows = new int[15];
            int[] out = places(3, 9);
            for (int row = 0; row < 3; row++) {
                System.arraycopy(places(4, 50), 0, windows, 5 * row, 4);
                windows[5 * row + 4] = out[row];
            }
            float[] y = new float[4 * step];
            float[] code = new float[4 * step];
            kernels.convolvePooled(x, 0, offsets, w, 0, bias, 1, windows, y, 0, code, 0, step, rectify);
            double[] expected = new double[4 * step];
            for (int row = 0; row < 15; row += 5) {
                for (int c = 0; c < 4; c++) {
                    for (int l = 0; l < L; l++) {
                        double best = Double.NEGATIVE_INFINITY;
                        int which = -1;
                        for (int i = 0; i < 4; i++) {
                            double sum = bias[1 + c];
                            for (int k = 0; k < 7; k++) {
                                sum += (double) x[offsets[k] + windows[row + i] + l] * w[4 * k + c];
                            }
                            if (sum > best) {
                                best = sum;
                                which = i;
                            }
                        }
                        int at = c * step + windows[row + 4] + l;
                        expected[at] = rectify ? Math.max(0, best) : best;
                        assertEquals(which, code[at], 0f);
                    }
                }
            }
            close(expected, y);
            float[] plain = new float[4 * step];
            new PlainKernels().convolvePooled(x, 0, offsets, w, 0, bias, 1, windows, plain, 0, code, 0, step, rectify);
            assertArrayEquals(plain, y, 0f);
        }
    }

    /** Of equal sums the first wins, everywhere. */
    @ParameterizedTest
    @MethodSource("kernels")
    void theFirstOfEqualsWins(Kernels kernels) {
        float[] x = {1, 1, 1, 1};
        float[] tile = new float[4 * L];
        for (int i = 0; i < tile.length; i++) {
            tile[i] = x[i / L];
        }
        float[] code = numbers(4 * L);
        int[] windows = {0, L, 2 * L, 3 * L, 0};
        kernels.convolvePooled(
                tile,
                0,
                new int[] {0},
                new float[] {1, 2, 0, -1},
                0,
                new float[4],
                0,
                windows,
                new float[4 * L],
                0,
                code,
                0,
                L,
                true);
        assertArrayEquals(new float[4 * L], code, 0f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sumsTheConvolutionsGradient(Kernels kernels) {
        int step = 30 * L;
        float[] x = numbers(80 * L);
        float[] d = numbers(4 * step);
        int[] taps = places(6, 40);
        int[] pairs = new int[2 * 11];
        for (int p = 0; p < 11; p++) {
            pairs[2 * p] = random.nextInt(40) * L;
            pairs[2 * p + 1] = random.nextInt(30) * L;
        }
        float[] lanes = numbers(13 * L);
        for (boolean fresh : new boolean[] {true, false}) {
            double[] expected = doubles(lanes);
            for (int j = 0; j < 3; j++) {
                for (int c = 0; c < 4; c++) {
                    for (int l = 0; l < L; l++) {
                        int at = L + (4 * j + c) * L + l;
                        double sum = fresh ? 0 : lanes[at];
                        for (int p = 4; p < 18; p += 2) {
                            sum += (double) x[taps[3 + j] + pairs[p] + l] * d[c * step + pairs[p + 1] + l];
                        }
                        expected[at] = sum;
                    }
                }
            }
            float[] plain = lanes.clone();
            kernels.convolutionGradient(x, 0, taps, 3, d, 0, step, pairs, 4, 18, lanes, L, fresh);
            close(expected, lanes);
            new PlainKernels().convolutionGradient(x, 0, taps, 3, d, 0, step, pairs, 4, 18, plain, L, fresh);
            assertArrayEquals(plain, lanes, 0f);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void unpoolsToWinnersAndSumsPlaces(Kernels kernels) {
        for (int size : new int[] {2, 4, 6}) {
            int windows = 3;
            int[] table = new int[windows * (size + 1)];
            int[] from = places(windows, 7);
            int[] to = places(windows * size, windows * size + 2);
            for (int r = 0; r < windows; r++) {
                table[r * (size + 1)] = from[r];
                System.arraycopy(to, r * size, table, r * (size + 1) + 1, size);
            }
            int yStep = 8 * L;
            int dStep = (windows * size + 2) * L;
            float[] dy = numbers(2 * yStep);
            float[] code = new float[L + 2 * yStep];
            for (int i = 0; i < code.length; i++) {
                code[i] = random.nextInt(size);
            }
            float[] d = new float[2 * dStep];
            kernels.unpool(dy, 0, code, L, yStep, table, size, d, 0, dStep, 2);
            for (int c = 0; c < 2; c++) {
                for (int r = 0; r < windows; r++) {
                    for (int i = 0; i < size; i++) {
                        for (int l = 0; l < L; l++) {
                            int y = c * yStep + table[r * (size + 1)] + l;
                            assertEquals(
                                    code[L + y] == i ? dy[y] : 0, d[c * dStep + table[r * (size + 1) + 1 + i] + l], 0f);
                        }
                    }
                }
            }
            float[] pooled = new float[L + 2 * yStep];
            float[] winners = new float[L + 2 * yStep];
            float[] many = numbers(2 * dStep);
            many[table[2] + 3] = many[table[1] + 3];
            kernels.pool(many, 0, dStep, table, size, pooled, L, winners, L, yStep, 2);
            for (int c = 0; c < 2; c++) {
                for (int r = 0; r < windows; r++) {
                    for (int l = 0; l < L; l++) {
                        int row = r * (size + 1);
                        int most = 0;
                        for (int i = 1; i < size; i++) {
                            if (many[c * dStep + table[row + 1 + i] + l]
                                    > many[c * dStep + table[row + 1 + most] + l]) {
                                most = i;
                            }
                        }
                        int y = L + c * yStep + table[row] + l;
                        assertEquals(many[c * dStep + table[row + 1 + most] + l], pooled[y], 0f);
                        assertEquals(most, winners[y], 0f);
                    }
                }
            }
            float[] lanes = numbers(2 * L);
            double[] expected = doubles(lanes);
            for (int c = 0; c < 2; c++) {
                for (int l = 0; l < L; l++) {
                    for (int r = 0; r < windows; r++) {
                        expected[c * L + l] += dy[c * yStep + table[r * (size + 1)] + l];
                    }
                }
            }
            kernels.sumPlaces(dy, 0, yStep, table, size, lanes, 0, 2, false);
            close(expected, lanes);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void runsDenseLayersForwardAndBackward(Kernels kernels) {
        for (int outputs : new int[] {1, 2, 4, 6, 9}) {
            for (int inputs : new int[] {1, 5, 37}) {
                int tile = 60 * L;
                int dyTile = 12 * L;
                int[] taps = places(inputs, 50);
                float[] x = numbers(2 * tile);
                float[] w = numbers(inputs * outputs);
                float[] packed = new float[4 * inputs];
                for (int i = 0; i < inputs; i++) {
                    packed[4 * i] = w[i * outputs];
                    packed[4 * i + 1] = outputs > 1 ? w[i * outputs + 1] : 0;
                }
                float[] y = numbers(4 * L);
                double[] forward = doubles(y);
                float[] dy = numbers(2 * dyTile);
                float[] dx = numbers(tile);
                double[] back = doubles(dx);
                double[] gradient = new double[inputs * outputs];
                for (int i = 0; i < inputs; i++) {
                    for (int l = 0; l < L; l++) {
                        forward[l] += (double) x[tile + taps[i] + l] * packed[4 * i];
                        forward[L + l] += (double) x[tile + taps[i] + l] * packed[4 * i + 1];
                        for (int j = 0; j < outputs; j++) {
                            back[taps[i] + l] += (double) w[i * outputs + j] * dy[dyTile + j * L + l];
                            for (int t = 0; t < 2; t++) {
                                gradient[i * outputs + j] +=
                                        (double) x[t * tile + taps[i] + l] * dy[t * dyTile + j * L + l];
                            }
                        }
                    }
                }
                kernels.dense(x, tile, taps, packed, 0, y, 0);
                close(forward, y);
                float[] plain = dx.clone();
                kernels.denseBack(dy, dyTile, outputs, w, 0, taps, dx, 0);
                close(back, dx);
                new PlainKernels().denseBack(dy, dyTile, outputs, w, 0, taps, plain, 0);
                assertArrayEquals(plain, dx, 0f);
                float[] sums = new float[inputs * outputs];
                float[] plainSums = new float[inputs * outputs];
                kernels.denseGradient(x, 0, tile, taps, dy, dyTile, outputs, 2, sums, 0);
                close(gradient, sums);
                new PlainKernels().denseGradient(x, 0, tile, taps, dy, dyTile, outputs, 2, plainSums, 0);
                assertArrayEquals(plainSums, sums, 0f);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void activates(Kernels kernels) {
        int count = 40 * L;
        float[] x = numbers(count);
        for (int i = 0; i < count; i++) {
            x[i] *= (float) Math.pow(10, i % 9 - 6);
        }
        x[0] = Float.NaN;
        x[1] = Float.POSITIVE_INFINITY;
        x[2] = Float.NEGATIVE_INFINITY;
        x[3] = 0;
        float[] tanh = x.clone();
        kernels.tanh(tanh, 0, count);
        float[] plain = x.clone();
        new PlainKernels().tanh(plain, 0, count);
        assertArrayEquals(plain, tanh, 0f);
        float[] rectified = x.clone();
        kernels.rectify(rectified, 0, count);
        float[] up = numbers(count);
        float[] byTanh = up.clone();
        float[] byRectifier = up.clone();
        kernels.tanhBack(tanh, 0, byTanh, 0, count);
        kernels.rectifyBack(rectified, 0, byRectifier, 0, count);
        for (int i = 0; i < count; i++) {
            if (Float.isNaN(x[i])) {
                assertEquals(Float.NaN, tanh[i]);
                assertEquals(Float.NaN, rectified[i]);
                continue;
            }
            double exact = Math.tanh(x[i]);
            assertEquals(exact, tanh[i], 4e-7 * Math.abs(exact) + 1e-30, "tanh " + x[i]);
            assertEquals(Math.max(0, x[i]), rectified[i], 0f);
            assertEquals(up[i] * (1 - exact * exact), byTanh[i], 2e-6 * Math.abs(up[i]));
            assertEquals(x[i] > 0 ? up[i] : 0, byRectifier[i], 0f);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sumsLanes(Kernels kernels) {
        for (int count : new int[] {0, 1, 7, 64, 131}) {
            float[] lanes = numbers((count + 1) * L);
            double[] expected = new double[count];
            for (int i = 0; i < count * L; i++) {
                expected[i / L] += lanes[i];
            }
            float[] sums = new float[count];
            float[] plain = new float[count];
            kernels.sumLanes(lanes.clone(), 0, count, sums, 0);
            close(expected, sums);
            new PlainKernels().sumLanes(lanes, 0, count, plain, 0);
            assertArrayEquals(plain, sums, 0f);
        }
    }
}

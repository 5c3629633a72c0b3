package org.qexit.engine.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kernel against its formula in double precision, and those on the Vector API against the plain ones, bit by bit. */
class EventKernelsTest {
    private final EventKernels plain = new PlainEventKernels();
    private final EventKernels best = EventKernels.create();

    private static float[] random(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    private static int[] places(SplittableRandom random, int count, int bound) {
        return random.ints(count, 0, bound).toArray();
    }

    @Test
    void thisJvmTestsBoth() {
        assertEquals("plain", plain.name());
        assertEquals(EventKernels.haveVectors() ? "vector" : "plain", best.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 75, 144})
    void convolves(int taps) {
        SplittableRandom random = new SplittableRandom(taps);
        float[] x = random(random, 500);
        int[] offsets = places(random, taps, 200);
        float[] w = random(random, 16 * taps + 5);
        float[] b = random(random, 32);
        int[] rows = places(random, 3 * 16, 300);
        int[] windows = places(random, 3 * 10, 300);
        for (int r = 0; r < 3; r++) {
            for (int i = 0; i < 8; i++) {
                rows[16 * r + 8 + i] = 16 * (8 * r + i);
            }
            windows[10 * r + 8] = 32 * r;
            windows[10 * r + 9] = 32 * r + 16;
        }
        for (float least : new float[] {0, Float.NEGATIVE_INFINITY}) {
            float[] each = new float[16 * 24 + 7];
            plain.convolve(x, offsets, w, 5, b, 16, rows, each, 7, least);
            float[] pooled = new float[16 * 6 + 7];
            plain.convolvePooled(x, offsets, w, 5, b, 16, windows, pooled, 7, least);
            for (int r = 0; r < 3; r++) {
                for (int l = 0; l < 16; l++) {
                    double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
                    for (int i = 0; i < 8; i++) {
                        double expected = sum(x, rows[16 * r + i], offsets, w, 5 + l) + b[16 + l];
                        assertEquals(Math.max(least, expected), each[7 + 16 * (8 * r + i) + l], 1e-5);
                        double here = sum(x, windows[10 * r + i], offsets, w, 5 + l) + b[16 + l];
                        most[i / 4] = Math.max(most[i / 4], here);
                    }
                    assertEquals(Math.max(least, most[0]), pooled[7 + 32 * r + l], 1e-5);
                    assertEquals(Math.max(least, most[1]), pooled[7 + 32 * r + 16 + l], 1e-5);
                }
            }
            float[] other = new float[each.length];
            best.convolve(x, offsets, w, 5, b, 16, rows, other, 7, least);
            assertArrayEquals(each, other, 0);
            other = new float[pooled.length];
            best.convolvePooled(x, offsets, w, 5, b, 16, windows, other, 7, least);
            assertArrayEquals(pooled, other, 0);
        }
    }

    private static double sum(float[] x, int place, int[] taps, float[] w, int at) {
        double sum = 0;
        for (int k = 0; k < taps.length; k++) {
            sum += (double) x[place + taps[k]] * w[at + 16 * k];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 98})
    void addsProducts(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] x = random(random, 300);
        int[] chunks = places(random, count, 280);
        float[] w = random(random, 64 * count + 3);
        float[] s = new float[6];
        plain.dense(x, chunks, w, 3, s, 1);
        for (int o = 0; o < 4; o++) {
            double expected = 0;
            for (int k = 0; k < count; k++) {
                for (int l = 0; l < 16; l++) {
                    expected += (double) x[chunks[k] + l] * w[3 + (4 * k + o) * 16 + l];
                }
            }
            assertEquals(expected, s[1 + o], 1e-4);
        }
        float[] other = new float[6];
        best.dense(x, chunks, w, 3, other, 1);
        assertArrayEquals(s, other, 0);

        float[] b = random(random, 20);
        float[] y = new float[20];
        plain.product(x, 11, count, w, 3, b, 2, y, 4);
        for (int l = 0; l < 16; l++) {
            double expected = b[2 + l];
            for (int k = 0; k < count; k++) {
                expected += (double) x[11 + k] * w[3 + 16 * k + l];
            }
            assertEquals(expected, y[4 + l], 1e-5);
        }
        other = new float[20];
        best.product(x, 11, count, w, 3, b, 2, other, 4);
        assertArrayEquals(y, other, 0);
    }

    @Test
    void turnsAsStrictMathDoes() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            float x = (float) ((2 * random.nextDouble() - 1) * Math.pow(10, random.nextInt(9) - 2));
            assertEquals(StrictMath.cos(x), Turn.cos(x), 3.1e-8, x + "");
            assertEquals(StrictMath.sin(x), Turn.sin(x), 3.1e-8, x + "");
        }
        assertTrue(Float.isNaN(Turn.cos(Float.NaN)) && Float.isNaN(Turn.sin(Float.POSITIVE_INFINITY)));
        assertEquals(1, Turn.cos(0));
        assertEquals(0, Turn.sin(0));
    }
}

package org.qexit.simulation.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

class StatisticsTest {
    private static double[] sample(int n) {
        RandomStream random = RandomStream.of(RandomStreams.of(2), "sample", 0);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = Math.exp(5 * random.normal());
        }
        return x;
    }

    private static SnapshotReader written(Consumer<SnapshotWriter> writing) {
        SnapshotWriter out = new SnapshotWriter();
        writing.accept(out);
        return new SnapshotReader("x", out.toBytes());
    }

    @Test
    void timeAverageWeighsByTime() {
        TimeAverage average = new TimeAverage(1, 4);
        assertEquals(4, average.mean(1));
        average.set(3, 0);
        average.set(4, 10);
        assertEquals((2 * 4 + 0 + 10) / 4.0, average.mean(5));
        assertEquals(18, average.area(5));
        assertEquals(10, average.greatest());
        TimeAverage read = TimeAverage.read(written(average::write));
        assertEquals(28, read.area(6));
        average.restart(5);
        assertEquals(10, average.mean(9));
        assertEquals(0, average.area(5));
    }

    private static void assertClose(double expected, double actual) {
        if (!(Double.isNaN(expected) && Double.isNaN(actual))) {
            assertEquals(expected, actual, 1e-12 * Math.abs(expected) + Double.MIN_VALUE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 1000})
    void talliesAddUp(int n) {
        double[] x = sample(n);
        Tally all = new Tally();
        Tally first = new Tally();
        Tally second = new Tally();
        for (int i = 0; i < n; i++) {
            all.add(x[i]);
            (i < n / 3 ? first : second).add(x[i]);
        }
        first.add(second);
        double mean = Arrays.stream(x).average().orElse(Double.NaN);
        double variance = n < 2
                ? Double.NaN
                : Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
        for (Tally tally : new Tally[] {all, first, Tally.read(written(all::write))}) {
            assertEquals(n, tally.count());
            assertClose(mean, tally.mean());
            assertClose(Arrays.stream(x).sum(), tally.sum());
            assertClose(variance, tally.variance());
            assertEquals(Arrays.stream(x).min().orElse(Double.POSITIVE_INFINITY), tally.least());
            assertEquals(Arrays.stream(x).max().orElse(Double.NEGATIVE_INFINITY), tally.greatest());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 5000})
    void quantilesAreWithinTheirError(int n) {
        double[] x = sample(n);
        QuantileSketch whole = new QuantileSketch();
        QuantileSketch parts = new QuantileSketch();
        QuantileSketch other = new QuantileSketch();
        for (int i = 0; i < n; i++) {
            whole.add(x[i]);
            (i % 2 == 0 ? parts : other).add(x[i]);
        }
        parts.add(other);
        QuantileSketch read = QuantileSketch.read(written(whole::write));
        Arrays.sort(x);
        for (double p : new double[] {0, 0.01, 0.5, 0.95, 0.99, 1}) {
            double exact = x[Math.max(1, (int) Math.ceil(p * n)) - 1];
            assertEquals(exact, whole.quantile(p), QuantileSketch.RELATIVE_ERROR * exact);
            assertEquals(whole.quantile(p), parts.quantile(p));
            assertEquals(whole.quantile(p), read.quantile(p));
        }
        assertEquals(n, read.count());
    }

    @Test
    void quantilesOfExtremes() {
        QuantileSketch sketch = new QuantileSketch();
        assertTrue(Double.isNaN(sketch.quantile(0.5)));
        sketch.add(0);
        sketch.add(Double.MIN_VALUE);
        assertEquals(0, sketch.quantile(1));
        sketch.add(Double.POSITIVE_INFINITY);
        assertEquals(0x1p40, sketch.quantile(1), 0x1p40 * QuantileSketch.RELATIVE_ERROR);
        sketch.add(0x1p-40);
        assertEquals(0x1p-40, sketch.quantile(0.75), 0x1p-40 * QuantileSketch.RELATIVE_ERROR);
        assertThrows(IllegalArgumentException.class, () -> sketch.add(-1));
        assertThrows(IllegalArgumentException.class, () -> sketch.add(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> sketch.quantile(1.1));
    }

    @Test
    void spoiltSketchesAreRefused() {
        for (long[] octave : new long[][] {{1, 2}, filled(-1), filled(Long.MAX_VALUE / 2)}) {
            SnapshotReader in = written(out -> {
                out.putLong(0);
                for (int o = 0; o < 80; o++) {
                    out.putLongs(o == 3 ? octave : new long[0]);
                }
            });
            assertThrows(UserError.class, () -> QuantileSketch.read(in));
        }
    }

    private static long[] filled(long value) {
        long[] bins = new long[128];
        Arrays.fill(bins, value);
        return bins;
    }

    /** By the definition, in plain sums. */
    private static int plainCut(double[] x) {
        int k = x.length / 5;
        double[] z = new double[k];
        for (int i = 0; i < 5 * k; i++) {
            z[i / 5] += x[i] / 5;
        }
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int d = 0; d <= k / 2; d++) {
            double[] kept = Arrays.copyOfRange(z, d, k);
            double mean = Arrays.stream(kept).average().orElseThrow();
            double squares =
                    Arrays.stream(kept).map(v -> (v - mean) * (v - mean)).sum();
            if (squares / ((double) kept.length * kept.length) < least) {
                least = squares / ((double) kept.length * kept.length);
                best = d;
            }
        }
        return 5 * best;
    }

    @Test
    void theWarmUpIsCutWhereTheDefinitionSays() {
        RandomStream random = RandomStream.of(RandomStreams.of(4), "warm-up", 0);
        int cuts = 0;
        for (int round = 0; round < 50; round++) {
            double[] x = new double[random.below(400) + 10];
            int warm = random.below(x.length);
            for (int i = 0; i < x.length; i++) {
                x[i] = random.normal() + (i < warm ? 4 : 0);
            }
            int cut = WarmUp.mser5(x);
            assertEquals(plainCut(x), cut);
            cuts += cut > 0 ? 1 : 0;
        }
        assertTrue(cuts > 20, cuts + " cuts");
        assertEquals(0, WarmUp.mser5(new double[9]));
        assertArrayEquals(new int[] {0}, new int[] {WarmUp.mser5(new double[0])});
    }
}

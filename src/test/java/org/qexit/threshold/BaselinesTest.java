package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class BaselinesTest {
    static java.util.stream.IntStream seeds() {
        return java.util.stream.IntStream.range(0, 150);
    }

    /** Pairs on the scores' own grid, so that equality with scores and l = u are met often. */
    @ParameterizedTest
    @MethodSource("seeds")
    void sweepOverPairsEqualsTryingEach(int seed) {
        DeviceTrace trace = Traces.small(seed);
        SplittableRandom random = RandomStreams.of(seed).stream("pairs");
        float[] lower = new float[12];
        float[] upper = new float[12];
        for (int i = 0; i < lower.length; i++) {
            float a = random.nextInt(11) / 10f;
            float b = random.nextInt(3) == 0 ? a : random.nextInt(11) / 10f;
            lower[i] = Math.min(a, b);
            upper[i] = Math.max(a, b);
        }
        for (long budget = 0; budget <= trace.size(); budget += 2) {
            int most = -1;
            int fewest = Integer.MAX_VALUE;
            for (int i = 0; i < lower.length; i++) {
                int[] counts = Traces.count(trace, lower[i], upper[i]);
                int offloads = counts[0] + counts[1];
                if (offloads <= budget && (counts[0] > most || counts[0] == most && offloads < fewest)) {
                    most = counts[0];
                    fewest = offloads;
                }
            }
            Frontier.Step best = PairSweep.best(trace, lower, upper, budget);
            assertEquals(most, best == null ? -1 : best.truePositives());
            if (best != null) {
                assertEquals(fewest, best.offloads());
                assertArrayEquals(
                        new int[] {best.truePositives(), best.falsePositives()},
                        Traces.count(
                                trace,
                                best.thresholds().lower(),
                                best.thresholds().upper()));
            }
        }
    }

    /** No baseline beats the exact search; the one-parameter families reach the best of their own, found by a fine scan. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noBaselineBeatsTheExactSearch(int seed) {
        DeviceTrace trace = Traces.small(seed);
        long budget = trace.size() / 3;
        int best = Frontier.of(trace).within(budget).truePositives();
        for (Baselines.Row result : Baselines.all(trace, budget)) {
            if (Boolean.TRUE.equals(result.withinBudget())) {
                assertTrue(result.truePositives() <= best, result.toString());
            }
        }
        int symmetric = 0;
        int upperOnly = 0;
        for (int i = 0; i <= 40_000; i++) {
            float u = i / 40_000f;
            int[] up = Traces.count(trace, 0, u);
            upperOnly = up[0] + up[1] <= budget ? Math.max(upperOnly, up[0]) : upperOnly;
            if (u >= 0.5f) {
                int[] counts = Traces.count(trace, 1 - u, u);
                symmetric = counts[0] + counts[1] <= budget ? Math.max(symmetric, counts[0]) : symmetric;
            }
            i += seed % 20 == 0 ? 0 : 12;
        }
        Thresholds ours = Baselines.symmetric(trace, budget);
        assertTrue(Confusion.of(trace, ours).truePositives() >= symmetric);
        assertTrue(ours.upper() == Thresholds.NEVER || ours.lower() == 1 - ours.upper());
        assertTrue(Confusion.of(trace, Baselines.upperOnly(trace, budget)).truePositives() >= upperOnly);
    }

    @Test
    void surrogateGradientEqualsFiniteDifferences() {
        DeviceTrace trace = Traces.large(3, 200, 3, 0.4, 0);
        double h = 1e-6;
        for (double[] at : new double[][] {{0.3, 0.7}, {0.1, 0.95}, {0.5, 0.5}}) {
            double[] g = SurrogateAscent.gradient(trace, at[0], at[1]);
            double dl = SurrogateAscent.gradient(trace, at[0] + h, at[1])[0]
                    - SurrogateAscent.gradient(trace, at[0] - h, at[1])[0];
            double du = SurrogateAscent.gradient(trace, at[0], at[1] + h)[0]
                    - SurrogateAscent.gradient(trace, at[0], at[1] - h)[0];
            assertEquals(dl / (2 * h), g[1], 1e-5);
            assertEquals(du / (2 * h), g[2], 1e-5);
        }
    }

    @Test
    void ascentRaisesThePublishedSurrogate() {
        DeviceTrace trace = Traces.large(3, 500, 3, 0.4, 0);
        double start = SurrogateAscent.gradient(trace, 0.25, 0.75)[0];
        for (SurrogateAscent.Rule rule : SurrogateAscent.Rule.values()) {
            Thresholds end = SurrogateAscent.published(trace, rule);
            assertTrue(SurrogateAscent.gradient(trace, end.lower(), end.upper())[0] > start + 0.01, rule.title());
        }
    }
}

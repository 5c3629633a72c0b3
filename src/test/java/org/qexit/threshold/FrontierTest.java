package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class FrontierTest {
    static java.util.stream.IntStream seeds() {
        return java.util.stream.IntStream.range(0, 1000);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsBruteForceOverAllPairs(int seed) {
        DeviceTrace trace = Traces.small(seed);
        for (int cap : new int[] {Integer.MAX_VALUE, 0, 1, 3}) {
            Frontier frontier = Frontier.of(trace, cap);
            int[] expected = Traces.bruteForce(trace, cap);
            int[] actual = new int[expected.length];
            for (int w = 0; w < actual.length; w++) {
                actual[w] = frontier.within(w).truePositives();
            }
            assertArrayEquals(expected, actual);
            stepsHold(trace, frontier, cap);
            budgetsAgree(trace, frontier, cap);
        }
    }

    /** The search for single and for several budgets finds the very steps of the frontier. */
    private static void budgetsAgree(DeviceTrace trace, Frontier frontier, int cap) {
        long[] budgets =
                java.util.stream.LongStream.rangeClosed(0, trace.size() + 1).toArray();
        BudgetSearch search = BudgetSearch.of(trace);
        java.util.List<Frontier.Step> together = search.within(budgets, cap);
        for (int w = 0; w < budgets.length; w++) {
            assertEquals(frontier.within(w), together.get(w));
            assertEquals(frontier.within(w), search.within(w, cap));
        }
    }

    /** Each corner's thresholds attain its counts, also after a way through text; the staircase rises strictly. */
    private static void stepsHold(DeviceTrace trace, Frontier frontier, int cap) {
        assertEquals(0, frontier.steps().get(0).offloads());
        Frontier.Step before = null;
        for (Frontier.Step step : frontier.steps()) {
            Thresholds pair = step.thresholds();
            float lower = Float.parseFloat(Float.toString(pair.lower()));
            float upper = Float.parseFloat(Float.toString(pair.upper()));
            assertArrayEquals(
                    new int[] {step.truePositives(), step.falsePositives()}, Traces.count(trace, lower, upper));
            assertEquals(step.offloads(), step.truePositives() + step.falsePositives());
            assertTrue(step.falsePositives() <= cap);
            if (before != null) {
                assertTrue(step.offloads() > before.offloads() && step.truePositives() > before.truePositives());
            }
            before = step;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 1000})
    void equalsBruteForceWhenBlocksMatter(int levels) {
        DeviceTrace trace = Traces.large(7 + levels, 700, 4, 0.5, levels);
        Frontier frontier = Frontier.of(trace);
        stepsHold(trace, frontier, Integer.MAX_VALUE);
        budgetsAgree(trace, frontier, Integer.MAX_VALUE);
        if (levels == 20) {
            int[] expected = Traces.bruteForce(trace, Integer.MAX_VALUE);
            for (int w = 0; w < expected.length; w++) {
                assertEquals(expected[w], frontier.within(w).truePositives());
            }
        }
    }

    /** Middle sizes against an O(S K log K) reference: for each u sort the events by M(u) and read off every prefix. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void equalsTheReferenceAtMiddleSizes(int variant) {
        DeviceTrace trace =
                Traces.large(variant, 1200, 2 + variant, variant % 2 == 0 ? 0.5 : 0.15, variant < 2 ? 0 : 300);
        int[] expected = Traces.byPrefixes(trace);
        Frontier frontier = Frontier.of(trace);
        for (int w = 0; w < expected.length; w++) {
            assertEquals(expected[w], frontier.within(w).truePositives());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void envelopeIsTheLeastConcaveBound(int seed) {
        Frontier frontier = Frontier.of(Traces.small(seed));
        java.util.List<Frontier.Step> hull = frontier.envelope();
        assertEquals(frontier.steps().get(0), hull.get(0));
        assertEquals(frontier.steps().get(frontier.steps().size() - 1), hull.get(hull.size() - 1));
        double slope = Double.POSITIVE_INFINITY;
        for (int i = 1; i < hull.size(); i++) {
            Frontier.Step a = hull.get(i - 1);
            Frontier.Step b = hull.get(i);
            double next = (b.truePositives() - a.truePositives()) / (double) (b.offloads() - a.offloads());
            assertTrue(next < slope);
            slope = next;
            for (Frontier.Step step : frontier.steps()) {
                assertTrue(step.truePositives() <= a.truePositives() + next * (step.offloads() - a.offloads()) + 1e-9);
            }
        }
    }

    /** Mid-gap: no observed score within the margin, and the margin is what the thresholds have. */
    @ParameterizedTest
    @MethodSource("seeds")
    void marginsAreTrue(int seed) {
        DeviceTrace trace = Traces.small(seed);
        for (Frontier.Step step : Frontier.of(trace).steps()) {
            for (float[] exit : trace.scores()) {
                for (float c : exit) {
                    if (step.offloads() > 0) {
                        assertTrue(Math.abs(c - step.thresholds().lower()) >= step.margin());
                        assertTrue(Math.abs(c - step.thresholds().upper()) >= step.margin());
                    }
                }
            }
        }
    }

    /** Neighbouring floats leave no middle: margin 0, decisions still right. */
    @Test
    void neighbouringFloatsAreToldApart() {
        float a = 0.5f;
        float b = Math.nextUp(a);
        float c = Math.nextUp(b);
        DeviceTrace trace = Traces.of(new int[] {0, 1, 0}, new float[][] {{a, c}, {b, c}, {c, a}});
        for (float[] scores : new float[][] {{a, b}, {b, a}, {c, a}}) {
            stepsHold(trace, Frontier.of(trace), Integer.MAX_VALUE);
            trace = Traces.of(new int[] {1, 0, 1}, new float[][] {scores, {a, c}, {b, b}});
            assertEquals(
                    Traces.bruteForce(trace, 9)[1], Frontier.of(trace).within(1).truePositives());
        }
    }

    /** -0 is a score like 0: never critical. */
    @Test
    void negativeZeroIsZero() {
        DeviceTrace trace = Traces.of(new int[] {1, 1}, new float[][] {{-0f, 1f}, {0f, 1f}});
        assertEquals(1, Frontier.of(trace).steps().size());
    }

    @Test
    void refusesNegativeBudgetsAndCaps() {
        DeviceTrace trace = Traces.small(1);
        assertThrows(IllegalArgumentException.class, () -> Frontier.of(trace, -1));
        assertThrows(IllegalArgumentException.class, () -> Frontier.of(trace).within(-1));
    }
}

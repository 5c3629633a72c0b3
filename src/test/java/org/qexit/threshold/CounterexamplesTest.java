package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** docs/maths.md §3: why the thresholds must be searched, and what monotonicity does not say. */
class CounterexamplesTest {
    private static double lnUtility(DeviceTrace trace, float lower, float upper) {
        return Math.log(Traces.count(trace, lower, upper)[0] / (double) trace.positives());
    }

    @Test
    void lnUtilityIsNotConcave() {
        DeviceTrace trace = Traces.of(new int[] {1, 1}, new float[][] {{0.3f}, {0.6f}});
        double start = lnUtility(trace, 0, 0.2f);
        double middle = lnUtility(trace, 0, 0.4f);
        double end = lnUtility(trace, 0, 0.6f);
        assertEquals(0, start);
        assertEquals(-Math.log(2), middle, 1e-12);
        assertEquals(-Math.log(2), end, 1e-12);
        assertTrue(middle < (start + end) / 2);
    }

    @Test
    void aLocalOptimumNeedNotBeGlobal() {
        DeviceTrace trace = Traces.of(
                new int[] {1, 1, 0, 1}, new float[][] {{0.7f, 0.8f}, {0.7f, 0.8f}, {0.4f, 0.9f}, {0.3f, 0.9f}});
        assertEquals(1, Traces.count(trace, 0, 0.9f)[0]);
        // Near (0, 0.9) every pair within the budget of 2 has at most one true positive ...
        for (float lower = 0; lower < 0.35f; lower += 0.01f) {
            for (float upper = 0.805f; upper <= 1; upper += 0.01f) {
                int[] counts = Traces.count(trace, lower, upper);
                assertTrue(counts[0] + counts[1] > 2 || counts[0] <= 1);
            }
        }
        // ... and yet two are possible.
        Frontier.Step best = Frontier.of(trace).within(2);
        assertEquals(2, best.truePositives());
        assertEquals(0.4f, Math.nextUp(best.thresholds().lower()), 0.2f);
        assertEquals(2, Traces.count(trace, 0.4f, 0.8f)[0]);
    }

    /** Two exits with independent uniform scores: offload rate (1-u)(1+u-l), both ends within 0.5, their middle beyond it. */
    @Test
    void theFeasibleSetIsNotConvex() {
        double[] a = {0.5, 0.5};
        double[] b = {0, Math.sqrt(0.5)};
        double[] middle = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2};
        assertTrue(rate(a) <= 0.5 + 1e-12 && rate(b) <= 0.5 + 1e-12);
        assertTrue(rate(middle) > 0.51);
    }

    private static double rate(double[] pair) {
        double undecided = pair[1] - pair[0];
        return (1 - pair[1]) * (1 + undecided);
    }

    /** Theorem 1: the critical set only shrinks when a threshold grows. */
    @Test
    void criticalSetsShrink() {
        for (int seed = 0; seed < 50; seed++) {
            DeviceTrace trace = Traces.small(seed);
            for (int l = 0; l <= 10; l++) {
                for (int u = l; u < 10; u++) {
                    Thresholds loose = new Thresholds(l / 10f, u / 10f);
                    Thresholds strict = new Thresholds(l / 10f, (u + 1) / 10f);
                    for (int k = 0; k < trace.size(); k++) {
                        boolean kept = strict.decide(trace.scores(), k).critical();
                        assertTrue(!kept || loose.decide(trace.scores(), k).critical());
                    }
                }
            }
        }
    }
}

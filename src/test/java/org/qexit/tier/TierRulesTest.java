package org.qexit.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.EventOrigins;

class TierRulesTest {
    @Test
    void theNodeDecidesEachEventOfATrace() {
        float[][][] probabilities = {
            {{0.9f, 0.2f, 0.4f}, {0.05f, 0.7f, 0.3f}, {0.05f, 0.1f, 0.3f}},
            {{0.9f, 0.2f, 0.3f}, {0.05f, 0.7f, 0.2f}, {0.05f, 0.1f, 0.5f}}
        };
        ClassTrace trace = new ClassTrace(
                "ue1",
                new long[] {0, 1, 2},
                new byte[] {0, 1, 1},
                probabilities,
                EventOrigins.of(new int[] {0, 1, 2}, new int[] {5, 6, 7}));
        ClassThresholds.Decision[] decisions =
                new NodeRule(new ClassThresholds(0.2f, 0.6f), List.of(1, 2)).decideAll(trace);
        assertEquals(
                List.of(
                        new ClassThresholds.Decision(0, ClassThresholds.FALSE_ALARM),
                        new ClassThresholds.Decision(0, 1),
                        new ClassThresholds.Decision(1, 2)),
                Arrays.asList(decisions));
        assertThrows(IllegalArgumentException.class, () -> new NodeRule(new ClassThresholds(0, 1), List.of()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 1, 3, 7.5, 60})
    void admissionKeepsToItsRateOverEveryWindow(double events) {
        SplittableRandom random = new SplittableRandom(7);
        Admission admission = new Admission(events, 100);
        double now = 0;
        double[] times = new double[20_000];
        int admitted = 0;
        for (int k = 0; k < times.length; k++) {
            now += random.nextInt(5) == 0 ? 50 * random.nextDouble() : random.nextDouble();
            double wait = admission.admit(now);
            if (wait == 0) {
                times[admitted++] = now;
            } else if (random.nextInt(10) == 0) {
                now += wait;
                assertEquals(0, admission.admit(now), "the wait was not enough");
                times[admitted++] = now;
            }
        }
        assertTrue(admitted > 100 * Math.min(1, events));
        for (int from = 0; from < admitted; from += 7) {
            for (int to = from; to < Math.min(admitted, from + 300); to++) {
                double most = Math.max(1, events) + events * (times[to] - times[from]) / 100;
                assertTrue(to - from + 1 <= most + 1e-6, "from " + times[from] + " to " + times[to]);
            }
        }
    }

    @Test
    void whoIsGrantedNothingWaitsForEver() {
        assertEquals(Double.POSITIVE_INFINITY, new Admission(0, 10).admit(1e6));
        assertEquals(0, new Admission(0.1, 10).admit(0));
        Admission a = new Admission(1, 10);
        assertEquals(0, a.admit(5));
        assertEquals(10, a.admit(5), 1e-9);
        Admission b = new Admission(1, 10);
        b.restore(a.state());
        assertEquals(a.admit(12), b.admit(12));
        assertThrows(IllegalArgumentException.class, () -> a.admit(11));
        assertThrows(IllegalArgumentException.class, () -> new Admission(-1, 10));
    }
}

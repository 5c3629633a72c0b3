package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class BootstrapTest {
    private static DeviceTrace draw(int events, int exits, double critical, long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("bootstrap test");
        byte[] labels = new byte[events];
        float[][] scores = new float[exits][events];
        long[] ids = new long[events];
        for (int k = 0; k < events; k++) {
            ids[k] = 7 * k;
            labels[k] = (byte) (random.nextDouble() < critical ? 1 : 0);
            for (float[] exit : scores) {
                exit[k] = Math.round(20 * (0.3 * labels[k] + 0.7 * random.nextDouble())) / 20f;
            }
        }
        return new DeviceTrace("ue 1", ids, labels, scores);
    }

    /** Eqs. (1) and (2) as they stand: at a confidence that both thresholds equal, normal. */
    private static boolean offloads(DeviceTrace trace, int k, double lower, double upper) {
        for (int q = 0; q < trace.exits(); q++) {
            if (trace.scores()[q][k] <= lower) {
                return false;
            }
            if (trace.scores()[q][k] >= upper) {
                return true;
            }
        }
        return false;
    }

    /** The pair that the search finds on a list of events, some of them several times. */
    private static Thresholds best(DeviceTrace trace, List<Integer> places, long budget) {
        byte[] labels = new byte[places.size()];
        float[][] scores = new float[trace.exits()][places.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = trace.labels()[places.get(i)];
            for (int q = 0; q < scores.length; q++) {
                scores[q][i] = trace.scores()[q][places.get(i)];
            }
        }
        return BudgetSearch.of(new DeviceTrace("other name", new long[labels.length], labels, scores))
                .within(budget)
                .thresholds();
    }

    private static Bootstrap.Interval summary(List<Double> rates) {
        if (rates.isEmpty()) {
            return null;
        }
        List<Double> sorted = new ArrayList<>(rates);
        Collections.sort(sorted);
        double[] ends = new double[2];
        for (int e = 0; e < 2; e++) {
            double at = (e == 0 ? 0.025 : 0.975) * (sorted.size() - 1);
            int below = (int) at;
            int above = Math.min(below + 1, sorted.size() - 1);
            ends[e] = sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
        }
        return new Bootstrap.Interval(rates.stream().mapToDouble(x -> x).sum() / rates.size(), ends[0], ends[1]);
    }

    private static void assertSame(Bootstrap.Interval expected, Bootstrap.Interval found) {
        if (expected == null) {
            assertNull(found);
            return;
        }
        assertEquals(expected.mean(), found.mean(), 1e-12);
        assertEquals(expected.low(), found.low(), 1e-12);
        assertEquals(expected.high(), found.high(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"40, 2, 0.3, 17", "3, 1, 0.5, 9", "1, 2, 0, 4", "60, 3, 0, 5", "25, 1, 1, 6", "50, 3, 0.1, 1"})
    void countsByHandSayTheSame(int events, int exits, double critical, int resamples) {
        DeviceTrace trace = draw(events, exits, critical, 3);
        ThresholdQuery query = query(resamples, 5);
        Bootstrap found = DeviceThresholds.of(trace, query).chosen().bootstrap();
        List<Double> tpr = new ArrayList<>();
        List<Double> fpr = new ArrayList<>();
        List<Double> ofr = new ArrayList<>();
        for (int b = 0; b < resamples; b++) {
            SplittableRandom random = RandomStreams.of(5).stream("bootstrap/ue 1/" + b);
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                places.add(random.nextInt(events));
            }
            Collections.sort(places);
            Thresholds pair = best(trace, places, (long) (0.2 * events));
            int[][] counts = new int[2][2];
            for (int k = 0; k < events; k++) {
                if (!places.contains(k)) {
                    boolean offloaded = offloads(trace, k, pair.lower(), pair.upper());
                    counts[trace.labels()[k]][offloaded ? 1 : 0]++;
                }
            }
            int critical1 = counts[1][0] + counts[1][1];
            int normal = counts[0][0] + counts[0][1];
            if (critical1 > 0) {
                tpr.add((double) counts[1][1] / critical1);
            }
            if (normal > 0) {
                fpr.add((double) counts[0][1] / normal);
            }
            if (critical1 + normal > 0) {
                ofr.add((double) (counts[0][1] + counts[1][1]) / (critical1 + normal));
            }
        }
        assertEquals(resamples, found.resamples());
        assertSame(summary(tpr), found.tpr());
        assertSame(summary(fpr), found.fpr());
        assertSame(summary(ofr), found.ofr());
    }

    private static ThresholdQuery query(int resamples, long seed) {
        return new ThresholdQuery(Budget.parse("20%"), null, null, false, false, seed, null, null, 0, resamples);
    }

    @Test
    void isAskedForAndRepeats() {
        DeviceTrace trace = draw(80, 2, 0.3, 4);
        Bootstrap once = DeviceThresholds.of(trace, query(50, 1)).chosen().bootstrap();
        assertEquals(once, DeviceThresholds.of(trace, query(50, 1)).chosen().bootstrap());
        assertNotEquals(once, DeviceThresholds.of(trace, query(50, 2)).chosen().bootstrap());
        assertNull(DeviceThresholds.of(trace, query(0, 1)).chosen().bootstrap());
        assertTrue(
                once.tpr().low() < once.tpr().mean()
                        && once.tpr().mean() < once.tpr().high(),
                once.toString());
        for (int resamples : new int[] {-1, Bootstrap.MOST + 1}) {
            assertThrows(IllegalArgumentException.class, () -> query(resamples, 1));
        }
        Budget budget = Budget.parse("20%");
        assertThrows(
                IllegalArgumentException.class,
                () -> new ThresholdQuery(budget, null, 0.1, false, false, 1, null, null, 0, 10));
    }
}

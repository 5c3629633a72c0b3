package org.qexit.threshold.exits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

class CostSurfaceTest {
    private static final List<BigDecimal> COSTS =
            List.of(new BigDecimal("1.5"), new BigDecimal("4"), new BigDecimal("10.25"));

    static IntStream seeds() {
        return IntStream.range(0, 30);
    }

    /** Every grid point by all pairs of observed confidences, walked event by event. */
    @ParameterizedTest
    @MethodSource("seeds")
    void isWhatAllPairsGive(int seed) {
        DeviceTrace trace = ExitSearchTest.tiny(seed);
        List<BigDecimal> costs = COSTS.subList(0, trace.exits());
        int cap = seed % 3 == 0 ? 1 : Integer.MAX_VALUE;
        CostSurface pairs = CostSurface.of(trace, RuleKind.PAIR, costs, cap);
        CostSurface each = CostSurface.of(trace, RuleKind.PER_EXIT, costs, cap);
        assertEquals(trace.size(), pairs.offloads()[pairs.offloads().length - 1]);
        assertEquals(costs.get(0), pairs.costs().get(0));
        assertEquals(
                0,
                costs.get(costs.size() - 1)
                        .compareTo(pairs.costs().get(pairs.costs().size() - 1)));
        for (int i = 0; i < pairs.offloads().length; i++) {
            for (int j = 0; j < pairs.costs().size(); j++) {
                int best = enumerate(
                        trace, costs, pairs.offloads()[i], cap, pairs.costs().get(j));
                assertEquals(best, pairs.truePositives()[i][j]);
                assertTrue(each.truePositives()[i][j] >= best);
                assertTrue(i == 0 || each.truePositives()[i][j] >= each.truePositives()[i - 1][j]);
                assertTrue(j == 0 || each.truePositives()[i][j] >= each.truePositives()[i][j - 1]);
            }
        }
    }

    private static int enumerate(DeviceTrace trace, List<BigDecimal> costs, int offloads, int cap, BigDecimal most) {
        TreeSet<Float> values = new TreeSet<>(List.of(0f, 1f));
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        int best = 0;
        for (float l : values) {
            TreeSet<Float> uppers = new TreeSet<>(values.tailSet(l));
            uppers.add(Thresholds.NEVER);
            for (float u : uppers) {
                int[] counts = new int[2];
                BigDecimal spent = BigDecimal.ZERO;
                for (int k = 0; k < trace.size(); k++) {
                    int q = 0;
                    while (q < trace.exits() - 1 && trace.scores()[q][k] > l && trace.scores()[q][k] < u) {
                        q++;
                    }
                    spent = spent.add(costs.get(q));
                    counts[trace.labels()[k]] += trace.scores()[q][k] > l && trace.scores()[q][k] >= u ? 1 : 0;
                }
                boolean paid = spent.compareTo(most.multiply(BigDecimal.valueOf(trace.size()))) <= 0;
                if (paid && counts[0] + counts[1] <= offloads && counts[0] <= cap) {
                    best = Math.max(best, counts[1]);
                }
            }
        }
        return best;
    }

    /** A cell per grid point with its count in words, also without events or with one level of cost. */
    @Test
    void isDrawn() {
        SurfacePlot plot = new SurfacePlot();
        DeviceTrace trace = ExitSearchTest.rising(3, 60, 3, 0.3);
        CostSurface surface = CostSurface.of(trace, RuleKind.PAIR, COSTS, Integer.MAX_VALUE);
        plot.add("ue1", surface);
        DeviceTrace none = new DeviceTrace("ue2", new long[0], new byte[0], new float[1][0]);
        plot.add("ue2", CostSurface.of(none, RuleKind.PAIR, List.of(BigDecimal.TEN), Integer.MAX_VALUE));
        String svg = plot.svg();
        int most = surface.truePositives()[surface.offloads().length - 1][
                surface.costs().size() - 1];
        assertEquals(trace.positives(), most);
        assertTrue(svg.contains("at most 60 offloads at a mean cost of at most 10.25: " + most + " of " + most), svg);
        assertTrue(svg.contains("50 %") && svg.contains("ue2") && !svg.contains("NaN"));
    }
}

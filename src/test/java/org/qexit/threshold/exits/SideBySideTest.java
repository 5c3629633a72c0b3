package org.qexit.threshold.exits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

class SideBySideTest {
    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    /** The best threshold of one exit by trying all: every event above it is offloaded, and all events get as far as that exit. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aSingleExitIsTheBestOfItsThresholds(int seed) {
        DeviceTrace trace = ExitSearchTest.tiny(seed);
        List<BigDecimal> costs =
                List.of(BigDecimal.ONE, BigDecimal.valueOf(3), BigDecimal.TEN).subList(0, trace.exits());
        for (int w = 0; w <= trace.size(); w++) {
            SideBySide.Costs known =
                    seed % 2 == 0 ? SideBySide.Costs.UNKNOWN : new SideBySide.Costs(costs, costs.get(0));
            List<SideBySide> rows = SideBySide.singles(trace, w, Integer.MAX_VALUE, known);
            assertEquals(trace.exits(), rows.size());
            for (int q = 0; q < trace.exits(); q++) {
                int best = 0;
                for (float least : trace.scores()[q]) {
                    int offloads = 0;
                    int found = 0;
                    for (int k = 0; k < trace.size(); k++) {
                        boolean above = trace.scores()[q][k] >= least && trace.scores()[q][k] > 0;
                        offloads += above ? 1 : 0;
                        found += above ? trace.labels()[k] : 0;
                    }
                    best = offloads <= w ? Math.max(best, found) : best;
                }
                SideBySide row = rows.get(q);
                assertEquals("exit " + (q + 1) + " alone", row.rule());
                assertEquals(best, row.truePositives());
                assertTrue(row.offloads() <= w);
                if (seed % 2 == 0 || trace.size() == 0) {
                    assertNull(row.meanCost());
                } else {
                    assertEquals(costs.get(q).doubleValue(), row.meanCost(), 1e-12);
                    assertEquals(q == 0, row.withinCost());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void thresholdsPerExitAreNeverBehind(int seed) {
        DeviceTrace trace = ExitSearchTest.tiny(seed);
        int offloads = trace.size() / 2;
        Map<String, Rule> rules = SideBySide.rules(trace, offloads, Integer.MAX_VALUE);
        int each = Confusion.of(trace, rules.get("per-exit")).truePositives();
        rules.forEach((name, rule) -> {
            Confusion counts = Confusion.of(trace, rule);
            assertTrue(counts.offloads() <= offloads);
            assertTrue(counts.truePositives() <= each, name);
        });
    }
}

package org.qexit.threshold.exits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.threshold.CostedPairSearch;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;

class ExitFrontierTest {
    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    private static LocalCost cost(SplittableRandom random, int exits) {
        List<BigDecimal> costs = List.of(new BigDecimal("1.5"), new BigDecimal("4"), new BigDecimal("10.25"))
                .subList(0, exits);
        return new LocalCost(costs, BigDecimal.valueOf(15 + random.nextInt(80), 1));
    }

    /** Every corner is what its rule does, the staircase rises, and it is nowhere below the pairs' nor above what is possible. */
    @ParameterizedTest
    @MethodSource("seeds")
    void liesBetweenThePairsAndTheProvenBest(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DeviceTrace trace = seed < 80 ? ExitSearchTest.tiny(seed) : ExitSearchTest.rising(seed, 30, 3, 0.3);
        int cap = seed % 3 == 0 ? random.nextInt(4) : Integer.MAX_VALUE;
        LocalCost cost = seed % 4 == 0 ? cost(random, trace.exits()) : null;
        List<ExitFrontier.Corner> corners = ExitFrontier.of(trace, cap, cost);
        for (int i = 0; i < corners.size(); i++) {
            ExitFrontier.Corner corner = corners.get(i);
            Confusion counts = Confusion.of(trace, corner.thresholds());
            assertEquals(counts.offloads(), corner.offloads());
            assertEquals(counts.truePositives(), corner.truePositives());
            assertEquals(counts.falsePositives(), corner.falsePositives());
            assertTrue(counts.falsePositives() <= cap && counts.truePositives() > 0);
            assertTrue(cost == null || cost.mean(counts) <= cost.cap().doubleValue() + 1e-9);
            assertTrue(i == 0
                    || corner.offloads() > corners.get(i - 1).offloads()
                            && corner.truePositives() > corners.get(i - 1).truePositives());
        }
        for (int w = 0; w <= trace.size(); w++) {
            ExitSearch.Limits limits = new ExitSearch.Limits(w, cap, cost);
            int offloads = w;
            int here = corners.stream()
                    .filter(corner -> corner.offloads() <= offloads)
                    .mapToInt(ExitFrontier.Corner::truePositives)
                    .max()
                    .orElse(0);
            assertTrue(here >= limits.pair(trace).truePositives());
            if (seed < 80) {
                ExitSearch.Found best = ExitSearch.of(trace, limits, ExitSearch.EFFORT);
                assertTrue(best.proven());
                // On traces so small nothing is missed.
                assertEquals(best.counts().truePositives(), here);
            }
        }
    }

    /** The pairs' staircase under a cap on the cost has exactly the steps of one search per budget. */
    @ParameterizedTest
    @MethodSource("seeds")
    void pairsWithACostAreExactAtEveryBudget(int seed) {
        DeviceTrace trace = seed < 80 ? ExitSearchTest.tiny(seed) : ExitSearchTest.rising(seed, 40, 3, 0.3);
        LocalCost cost = cost(new SplittableRandom(seed), trace.exits());
        List<ExitFrontier.Corner> corners = ExitFrontier.pairs(trace, Integer.MAX_VALUE, cost);
        int corner = -1;
        for (int w = 0; w <= trace.size(); w++) {
            Frontier.Step step = CostedPairSearch.within(trace, w, Integer.MAX_VALUE, cost);
            if (corner + 1 < corners.size() && corners.get(corner + 1).offloads() == w) {
                corner++;
            }
            assertEquals(
                    step.truePositives(), corner < 0 ? 0 : corners.get(corner).truePositives());
        }
        assertEquals(corners.size(), corner + 1);
    }

    @Test
    void findsMoreThanPairsWhereExitsDiffer() {
        DeviceTrace trace = ExitSearchTest.rising(100, 1000, 3, 0.12);
        List<ExitFrontier.Corner> each = ExitFrontier.of(trace, Integer.MAX_VALUE, null);
        List<ExitFrontier.Corner> again = ExitFrontier.of(trace, Integer.MAX_VALUE, null);
        assertEquals(each, again);
        int proven = ExitSearch.of(trace, new ExitSearch.Limits(100, Integer.MAX_VALUE, null), ExitSearch.EFFORT)
                .bound();
        int found = within(each, 100);
        assertTrue(found >= 1.5 * within(ExitFrontier.pairs(trace, Integer.MAX_VALUE, null), 100), found + "");
        assertTrue(found >= 0.97 * proven, found + " of " + proven);
    }

    private static int within(List<ExitFrontier.Corner> corners, int offloads) {
        return corners.stream()
                .filter(corner -> corner.offloads() <= offloads)
                .mapToInt(ExitFrontier.Corner::truePositives)
                .max()
                .orElse(0);
    }
}

package org.qexit.threshold.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.Budget;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.threshold.Traces;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

public class OffloadSearchTest {
    static IntStream seeds() {
        return IntStream.range(0, 320);
    }

    /** Offloads, true and false positives end to end of a pair, written out anew. */
    private static long[] count(DeviceTrace trace, NodeAnswers answers, OffloadMode mode, float lower, float upper) {
        long[] counts = new long[3];
        for (int k = 0; k < trace.size(); k++) {
            char device = 'u';
            for (int q = 0; q < trace.exits() && device == 'u'; q++) {
                float c = trace.scores()[q][k];
                device = c <= lower ? 'n' : c >= upper ? 'c' : 'u';
            }
            boolean sent = switch (mode) {
                case CRITICAL -> device == 'c';
                case UNDECIDED -> device == 'u';
                case BOTH -> device != 'n';
            };
            long alarm = sent ? answers.critical()[k] : device == 'c' ? answers.scale() : 0;
            counts[0] += sent ? 1 : 0;
            counts[trace.labels()[k] == 1 ? 1 : 2] += alarm;
        }
        return counts;
    }

    /** What every cell of the plane of pairs does. */
    private static List<long[]> enumerate(DeviceTrace trace, NodeAnswers answers, OffloadMode mode) {
        TreeSet<Float> values = new TreeSet<>(List.of(0f, 1f, Thresholds.NEVER));
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        List<long[]> cells = new ArrayList<>();
        for (float lower : values.headSet(1f, true)) {
            for (float upper : values.tailSet(lower)) {
                cells.add(count(trace, answers, mode, lower, upper));
            }
        }
        return cells;
    }

    /** Most true positives, then fewest offloads, then fewest false positives; "never" if none is found. */
    private static long[] best(List<long[]> cells, long offloads, long falsePositives) {
        long[] best = {0, 0, 0};
        for (long[] cell : cells) {
            if (cell[0] <= offloads && cell[2] <= falsePositives) {
                boolean better = cell[1] != best[1]
                        ? cell[1] > best[1]
                        : best[1] > 0 && (cell[0] != best[0] ? cell[0] < best[0] : cell[2] < best[2]);
                best = better ? cell : best;
            }
        }
        return best;
    }

    private static long[] counts(OffloadChoice.Found<?> found) {
        return new long[] {found.offloads(), found.truePositives(), found.falsePositives()};
    }

    public static NodeAnswers answers(DeviceTrace trace, int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("node");
        if (seed % 3 == 0) {
            String trueRate = new String[] {"0.95", "1", "0.5", "0"}[random.nextInt(4)];
            String falseRate = new String[] {"0", "0.1", "0.025", "1"}[random.nextInt(4)];
            return new NodeAnswers.Rates(new BigDecimal(trueRate), new BigDecimal(falseRate)).of(trace);
        }
        int[] critical = new int[trace.size()];
        double right = new double[] {1, 0.9, 0.6, 0}[random.nextInt(4)];
        Arrays.setAll(critical, k -> random.nextDouble() < right ? trace.labels()[k] : 1 - trace.labels()[k]);
        return new NodeAnswers(critical, 1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsTheBestOfAllCells(int seed) {
        DeviceTrace trace = Traces.small(seed);
        NodeAnswers answers = answers(trace, seed);
        OffloadSearch search = OffloadSearch.of(trace, answers);
        Long cap = seed % 2 == 0 ? null : (Long) (long) (answers.scale() * (seed % 5));
        OffloadFrontier frontier = OffloadFrontier.of(search, trace.size(), cap);
        SplittableRandom random = RandomStreams.of(seed).stream("caps");
        List<long[]> critical = enumerate(trace, answers, OffloadMode.CRITICAL);
        for (OffloadMode mode : OffloadMode.values()) {
            List<long[]> cells = enumerate(trace, answers, mode);
            for (int i = 0; i < 6; i++) {
                long offloads = i == 0 ? trace.size() : random.nextInt(trace.size() + 1);
                long falsePositives =
                        i < 2 ? Long.MAX_VALUE : (long) answers.scale() * random.nextInt(trace.size() + 1);
                OffloadChoice.Found<Thresholds> found = search.within(mode, offloads, falsePositives);
                assertArrayEquals(best(cells, offloads, falsePositives), counts(found), mode + " " + offloads);
                // The counts told are those of the thresholds told.
                Thresholds pair = found.thresholds();
                assertArrayEquals(counts(found), count(trace, answers, mode, pair.lower(), pair.upper()));
                if (answers.known()) {
                    EndToEndCounts counted = EndToEndCounts.of(trace, answers, mode, pair);
                    assertEquals(
                            new EndToEndCounts(
                                    trace.size(),
                                    trace.positives(),
                                    found.offloads(),
                                    (int) found.truePositives(),
                                    (int) found.falsePositives()),
                            counted);
                }
            }
            frontierHolds(frontier, mode, w -> best(cells, w, cap(mode, cap, critical, w)), trace.size());
        }
    }

    private static long cap(OffloadMode mode, Long cap, List<long[]> critical, long budget) {
        return cap != null
                ? cap
                : mode == OffloadMode.CRITICAL ? Long.MAX_VALUE : best(critical, budget, Long.MAX_VALUE)[2];
    }

    private static void frontierHolds(
            OffloadFrontier frontier, OffloadMode mode, IntFunction<long[]> oracle, int events) {
        List<OffloadFrontier.Corner> corners = frontier.corners(mode);
        assertEquals(0, corners.get(0).budget());
        for (int w = 0, at = 0; w <= events; w++) {
            while (at + 1 < corners.size() && corners.get(at + 1).budget() <= w) {
                at++;
            }
            assertArrayEquals(oracle.apply(w), counts(corners.get(at).found()), mode + " " + w);
            assertEquals(corners.get(at).found(), frontier.within(mode, w));
        }
    }

    /** A node that is always right changes nothing of what critical offloads find, but for the false alarms. */
    @Test
    void aPerfectNodeFindsWhatTheDeviceFinds() {
        DeviceTrace trace = Traces.large(3, 500, 3, 0.2, 40);
        OffloadSearch search =
                OffloadSearch.of(trace, new NodeAnswers.Rates(BigDecimal.ONE, BigDecimal.ZERO).of(trace));
        for (int w : new int[] {0, 10, 50, 500}) {
            OffloadChoice.Found<Thresholds> found = search.within(OffloadMode.CRITICAL, w, 0);
            assertEquals(BudgetSearch.of(trace).within(w).truePositives(), found.truePositives());
            assertEquals(BudgetSearch.of(trace).within(w).offloads(), found.offloads());
            assertEquals(0, found.falsePositives());
            assertTrue(search.within(OffloadMode.BOTH, w, 0).truePositives() >= 0);
        }
    }

    /** Exit 1 is sure of half the critical events: undecided ones alone go, and all are found with fewer offloads. */
    @Test
    void undecidedEventsMaySpareOffloads() {
        int[] labels = {1, 1, 1, 1, 0, 0, 0, 0};
        float[][] scores = {{.95f}, {.9f}, {.6f}, {.5f}, {.55f}, {.45f}, {.1f}, {.05f}};
        DeviceTrace trace = Traces.of(labels, scores);
        NodeAnswers answers = new NodeAnswers(new int[] {1, 1, 1, 1, 0, 0, 0, 0}, 1);
        ThresholdQuery query = new ThresholdQuery(new Budget(3L, null), null, null, false, false, 0, null);
        DeviceOffloads found = DeviceOffloads.of(
                trace, answers, query, OffloadMode.UNDECIDED, RuleKind.PAIR, OffloadSearch.of(trace, answers));
        assertEquals(
                List.of(3L, 4L, 3L),
                found.modes().stream()
                        .map(mode -> mode.chosen().point().truePositives())
                        .toList());
        assertEquals(found.modes().get(1).chosen(), found.chosen());
        assertEquals(2, found.chosen().point().offloads());
        assertEquals(0L, found.chosen().point().falsePositives());
    }

    @Test
    void refusesWhatIsNoAnswer() {
        DeviceTrace trace = Traces.of(new int[] {1}, new float[][] {{.5f}});
        assertThrows(IllegalArgumentException.class, () -> new NodeAnswers(new int[] {2}, 1));
        assertThrows(IllegalArgumentException.class, () -> OffloadSearch.of(trace, new NodeAnswers(new int[2], 1)));
        OffloadSearch search = OffloadSearch.of(trace, new NodeAnswers(new int[1], 1));
        assertThrows(IllegalArgumentException.class, () -> search.within(OffloadMode.BOTH, -1, 0));
        for (String rate : List.of("-0.1", "1.1", "0.0000000001")) {
            assertThrows(
                    IllegalArgumentException.class, () -> new NodeAnswers.Rates(new BigDecimal(rate), BigDecimal.ONE));
        }
        assertThrows(IllegalArgumentException.class, () -> OffloadMode.parse("all"));
    }
}

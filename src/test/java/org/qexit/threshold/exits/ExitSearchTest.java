package org.qexit.threshold.exits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.CostedPairSearch;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Thresholds;

class ExitSearchTest {
    private static final float NO = Float.NEGATIVE_INFINITY;
    private static final float ALL = Float.POSITIVE_INFINITY;
    private static final List<BigDecimal> COSTS =
            List.of(new BigDecimal("1.5"), new BigDecimal("4"), new BigDecimal("10.25"));

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    /** 1 to 3 exits, at most 8 events, confidences that tie. */
    static DeviceTrace tiny(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("tiny");
        int n = random.nextInt(9);
        int exits = 1 + random.nextInt(3);
        int levels = 1 + random.nextInt(exits == 3 ? 4 : 6);
        float[][] scores = new float[exits][n];
        byte[] labels = new byte[n];
        for (int k = 0; k < n; k++) {
            labels[k] = (byte) (random.nextDouble() < 0.45 ? 1 : 0);
            for (int q = 0; q < exits; q++) {
                scores[q][k] = Math.round((random.nextDouble() * 0.8 + 0.2 * labels[k]) * levels) / (float) levels;
            }
        }
        return new DeviceTrace("d", new long[n], labels, scores);
    }

    /** Scores of later exits tell more; what each exit sees differs. */
    static DeviceTrace rising(int seed, int n, int exits, double critical) {
        SplittableRandom random = RandomStreams.of(seed).stream("rising");
        float[][] scores = new float[exits][n];
        byte[] labels = new byte[n];
        for (int k = 0; k < n; k++) {
            labels[k] = (byte) (random.nextDouble() < critical ? 1 : 0);
            for (int q = 0; q < exits; q++) {
                double z = random.nextGaussian() + (0.3 + 0.35 * q) * (labels[k] == 1 ? 1 : -1) - 0.4 * q;
                scores[q][k] = (float) (1 / (1 + Math.exp(-z)));
            }
        }
        return new DeviceTrace("d", new long[n], labels, scores);
    }

    private record Oracle(int truePositives, int offloads) {}

    /** Tries all thresholds; the decision rule is written out anew. */
    private static Oracle enumerate(
            DeviceTrace trace, int offloads, int falsePositives, LocalCost cost, boolean pairs) {
        List<float[]> choices = new ArrayList<>();
        TreeSet<Float> values = new TreeSet<>(pairs ? List.of(0f, 1f, ALL) : List.of(NO, ALL));
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        for (float l : values) {
            for (float u : values.tailSet(l)) {
                if (!pairs || l <= 1) {
                    choices.add(new float[] {l, u});
                }
            }
        }
        int exits = trace.exits();
        int[] at = new int[exits];
        int best = -1;
        int fewest = 0;
        while (true) {
            int tp = 0;
            int fp = 0;
            BigDecimal spent = BigDecimal.ZERO;
            for (int k = 0; k < trace.size(); k++) {
                int stop = exits - 1;
                for (int q = 0; q < exits; q++) {
                    float[] pair = choices.get(pairs ? at[0] : at[q]);
                    float c = trace.scores()[q][k];
                    if (c <= pair[0] || c >= pair[1]) {
                        if (c > pair[0]) {
                            tp += trace.labels()[k];
                            fp += 1 - trace.labels()[k];
                        }
                        stop = q;
                        break;
                    }
                }
                spent = spent.add(COSTS.get(stop));
            }
            boolean paid = cost == null || spent.compareTo(cost.cap().multiply(BigDecimal.valueOf(trace.size()))) <= 0;
            if (paid && tp + fp <= offloads && fp <= falsePositives && (tp > best || tp == best && tp + fp < fewest)) {
                best = tp;
                fewest = tp + fp;
            }
            int q = 0;
            while (q < (pairs ? 1 : exits) && ++at[q] == choices.size()) {
                at[q++] = 0;
            }
            if (q == (pairs ? 1 : exits)) {
                return new Oracle(best, fewest);
            }
        }
    }

    private static void holds(ExitSearch.Found found, DeviceTrace trace, int offloads, int cap, LocalCost cost) {
        Confusion counts = Confusion.of(trace, found.thresholds());
        assertEquals(counts, found.counts());
        assertTrue(counts.offloads() <= offloads && counts.falsePositives() <= cap);
        assertTrue(cost == null
                || trace.size() == 0
                || cost.mean(counts) <= cost.cap().doubleValue() + 1e-9);
        assertTrue(found.bound() >= counts.truePositives());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsTheBestOfAllThresholds(int seed) {
        DeviceTrace trace = tiny(seed);
        int offloads = seed % 5;
        int cap = seed % 3 == 0 ? 1 : Integer.MAX_VALUE;
        Oracle oracle = enumerate(trace, offloads, cap, null, false);
        ExitSearch.Found found = ExitSearch.of(trace, new ExitSearch.Limits(offloads, cap, null), ExitSearch.EFFORT);
        holds(found, trace, offloads, cap, null);
        assertEquals(oracle.truePositives(), found.counts().truePositives());
        assertEquals(oracle.truePositives(), found.bound());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsTheBestOfAllThresholdsWithinACost(int seed) {
        DeviceTrace trace = tiny(seed);
        int offloads = 1 + seed % 4;
        int cap = seed % 3 == 0 ? 1 : Integer.MAX_VALUE;
        BigDecimal mean = new BigDecimal(new String[] {"1.5", "2.25", "3", "4.1", "6"}[seed % 5]);
        LocalCost cost = new LocalCost(COSTS.subList(0, trace.exits()), mean);
        Oracle oracle = enumerate(trace, offloads, cap, cost, false);
        ExitSearch.Found found = ExitSearch.of(trace, new ExitSearch.Limits(offloads, cap, cost), ExitSearch.EFFORT);
        holds(found, trace, offloads, cap, cost);
        assertEquals(oracle.truePositives(), found.counts().truePositives());
        assertEquals(oracle.truePositives(), found.bound());
        Oracle pairs = enumerate(trace, offloads, cap, cost, true);
        Frontier.Step step = CostedPairSearch.within(trace, offloads, cap, cost);
        assertEquals(pairs.truePositives(), step.truePositives());
        assertEquals(pairs.offloads(), step.offloads());
        Confusion counts = Confusion.of(trace, step.thresholds());
        assertEquals(step.truePositives(), counts.truePositives());
        assertEquals(step.offloads(), counts.offloads());
        assertTrue(trace.size() == 0 || cost.mean(counts) <= mean.doubleValue() + 1e-9);
    }

    /** The proof without any rule to begin with finds the optimum by itself, so its bounds are not just the search's values. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theProofAloneFindsTheBest(int seed) {
        DeviceTrace trace = tiny(seed);
        LocalCost cost = new LocalCost(COSTS.subList(0, trace.exits()), new BigDecimal("2.9"));
        boolean costed = seed % 2 == 0;
        int most = Math.min(1 + seed % 4, trace.size());
        Caps caps = costed ? new Caps(most, 2, cost.units(), cost.most(trace.size())) : new Caps(most, 2, null, 0);
        Ranks ranks = Ranks.of(trace, costed);
        Search none = new Search(ranks, caps);
        assertEquals(
                enumerate(trace, most, 2, costed ? cost : null, false).truePositives(),
                new Proof(ranks, caps, none).bound(ExitSearch.EFFORT));
    }

    /** Middle sizes: every threshold with two exits, thresholds at critical events' confidences alone with three. */
    @ParameterizedTest
    @CsvSource({
        "1, 24, 2, 0.4, 100, ",
        "2, 28, 2, 0.25, 1, ",
        "3, 24, 2, 0.6, 2, 2.1",
        "4, 28, 2, 0.4, 100, 2.4",
        "5, 70, 3, 0.2, 100, ",
        "6, 60, 3, 0.3, 2, ",
        "7, 90, 3, 0.15, 3, "
    })
    void theProofAloneAtMiddleSizes(int seed, int n, int exits, double critical, int falsePositives, BigDecimal mean) {
        DeviceTrace trace = rising(seed, n, exits, critical);
        int most = n / 6;
        LocalCost cost = mean == null ? null : new LocalCost(COSTS.subList(0, exits), mean);
        Caps caps = mean == null
                ? new Caps(most, falsePositives, null, 0)
                : new Caps(most, falsePositives, cost.units(), cost.most(n));
        Ranks ranks = Ranks.of(trace, mean != null);
        int expected = exits == 2
                ? enumerate(trace, most, falsePositives, cost, false).truePositives()
                : atCriticalConfidences(trace, most, falsePositives);
        Proof proof = new Proof(ranks, caps, new Search(ranks, caps));
        assertEquals(expected, proof.bound(ExitSearch.EFFORT));
    }

    private static int atCriticalConfidences(DeviceTrace trace, int offloads, int falsePositives) {
        List<List<float[]>> choices = new ArrayList<>();
        for (int q = 0; q < 3; q++) {
            TreeSet<Float> values = new TreeSet<>(List.of(ALL));
            for (int k = 0; k < trace.size(); k++) {
                if (trace.labels()[k] == 1) {
                    values.add(trace.scores()[q][k]);
                }
            }
            List<float[]> pairs = new ArrayList<>();
            for (float u : values) {
                for (float l : q == 2 ? new TreeSet<>(List.of(values.first())) : values.headSet(u, true)) {
                    pairs.add(new float[] {Math.nextDown(l), u});
                }
            }
            choices.add(pairs);
        }
        int best = 0;
        for (float[] first : choices.get(0)) {
            for (float[] second : choices.get(1)) {
                for (float[] third : choices.get(2)) {
                    best = Math.max(best, count(trace, offloads, falsePositives, new float[][] {first, second, third}));
                }
            }
        }
        return best;
    }

    private static int count(DeviceTrace trace, int offloads, int falsePositives, float[][] rule) {
        int critical = 0;
        int all = 0;
        for (int k = 0; k < trace.size() && all <= offloads; k++) {
            for (int q = 0; q < rule.length; q++) {
                float c = trace.scores()[q][k];
                if (c <= rule[q][0] || c >= rule[q][1]) {
                    all += c > rule[q][0] ? 1 : 0;
                    critical += c > rule[q][0] ? trace.labels()[k] : 0;
                    break;
                }
            }
        }
        return all <= offloads && all - critical <= falsePositives ? critical : -1;
    }

    /** A cap that does not bind changes nothing, and a rule per exit is never worse than the pair. */
    @ParameterizedTest
    @CsvSource({"1, 300, 3, 0.2", "2, 300, 2, 0.5", "3, 1000, 3, 0.12", "4, 200, 4, 0.2", "5, 250, 1, 0.3"})
    void middleSizes(int seed, int n, int exits, double critical) {
        DeviceTrace trace = rising(seed, n, exits, critical);
        int offloads = n / 10;
        LocalCost loose = new LocalCost(
                IntStream.rangeClosed(1, exits).mapToObj(BigDecimal::valueOf).toList(), BigDecimal.valueOf(exits));
        Frontier.Step pair = BudgetSearch.of(trace).within(offloads);
        Frontier.Step costed = CostedPairSearch.within(trace, offloads, Integer.MAX_VALUE, loose);
        assertEquals(pair.truePositives(), costed.truePositives());
        assertEquals(pair.offloads(), costed.offloads());
        ExitSearch.Limits limits = new ExitSearch.Limits(offloads, Integer.MAX_VALUE, null);
        ExitSearch.Found found = ExitSearch.of(trace, limits, ExitSearch.EFFORT / 20);
        holds(found, trace, offloads, Integer.MAX_VALUE, null);
        assertTrue(found.counts().truePositives() >= pair.truePositives());
        assertTrue(exits > 3 || found.proven(), found.toString());
        assertEquals(found, ExitSearch.of(trace, limits, ExitSearch.EFFORT / 20));
        ExitSearch.Found unproven = ExitSearch.of(trace, limits, 0);
        assertTrue(unproven.bound() >= found.bound());
    }

    /** Weak exits before a strong one: they are skipped, which no pair can do. */
    @Test
    void skipsExitsThatKnowNothing() {
        byte[] labels = {1, 0, 1, 0};
        float[][] scores = {{0.1f, 0.9f, 0.5f, 0.6f}, {0.9f, 0.1f, 0.8f, 0.2f}};
        DeviceTrace trace = new DeviceTrace("d", new long[4], labels, scores);
        ExitSearch.Found found = ExitSearch.of(trace, new ExitSearch.Limits(2, 4, null), ExitSearch.EFFORT);
        assertEquals(2, found.counts().truePositives());
        assertEquals(0, found.counts().falsePositives());
        assertTrue(BudgetSearch.of(trace).within(2).truePositives() < 2);
        assertEquals("never", found.thresholds().upperEntry().get(0));
        assertEquals(0.5f, (float) found.thresholds().upperEntry().get(1), 1e-6);
    }

    /** The pair's thresholds at every exit stay within what ranks can say. */
    @ParameterizedTest
    @MethodSource("seeds")
    void placesLoseNothingAgainstARule(int seed) {
        DeviceTrace trace = tiny(seed);
        SplittableRandom random = RandomStreams.of(seed).stream("rules");
        for (int i = 0; i < 10; i++) {
            float[] lower = new float[trace.exits()];
            float[] upper = new float[trace.exits()];
            for (int q = 0; q < lower.length; q++) {
                float[] two = {random.nextInt(9) / 8f, random.nextInt(9) / 8f};
                Arrays.sort(two);
                lower[q] = two[0];
                upper[q] = random.nextInt(5) == 0 ? ALL : two[1];
            }
            ExitThresholds rule = ExitThresholds.of(lower, upper);
            Confusion given = Confusion.of(trace, rule);
            Ranks critical = Ranks.of(trace, false);
            Confusion moved = Confusion.of(trace, critical.thresholds(critical.places(rule)));
            assertTrue(moved.truePositives() >= given.truePositives());
            assertTrue(moved.falsePositives() <= given.falsePositives());
            Ranks every = Ranks.of(trace, true);
            assertEquals(given, Confusion.of(trace, every.thresholds(every.places(rule))));
        }
        Ranks ranks = Ranks.of(trace, false);
        Thresholds never = new Thresholds(1, Thresholds.NEVER);
        assertEquals(
                0, Confusion.of(trace, ranks.thresholds(ranks.places(never))).offloads());
    }

    @Test
    void refusesCostsThatAreNone() {
        List<BigDecimal> falling = List.of(BigDecimal.TEN, BigDecimal.ONE);
        assertThrows(IllegalArgumentException.class, () -> new LocalCost(falling, BigDecimal.TEN));
        assertThrows(IllegalArgumentException.class, () -> new LocalCost(List.of(), BigDecimal.TEN));
        assertThrows(IllegalArgumentException.class, () -> new LocalCost(COSTS, BigDecimal.ONE));
        assertThrows(IllegalArgumentException.class, () -> new LocalCost(COSTS, BigDecimal.TEN).check(2));
        List<BigDecimal> wide = List.of(new BigDecimal("1e-9"), new BigDecimal("1e9"));
        assertThrows(IllegalArgumentException.class, () -> new LocalCost(wide, BigDecimal.TEN).units());
    }
}

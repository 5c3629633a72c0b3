package org.qexit.threshold.exits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.offload.EndToEndCounts;
import org.qexit.threshold.offload.NodeAnswers;
import org.qexit.threshold.offload.OffloadChoice;
import org.qexit.threshold.offload.OffloadMode;
import org.qexit.threshold.offload.OffloadSearch;
import org.qexit.threshold.offload.OffloadSearchTest;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;

class ExitOffloadSearchTest {
    private static final float NO = Float.NEGATIVE_INFINITY;
    private static final float ALL = Float.POSITIVE_INFINITY;

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private static long[] count(DeviceTrace trace, NodeAnswers answers, OffloadMode mode, float[][] pairs) {
        long[] counts = new long[3];
        for (int k = 0; k < trace.size(); k++) {
            char device = 'u';
            for (int q = 0; q < pairs.length && device == 'u'; q++) {
                float c = trace.scores()[q][k];
                device = c <= pairs[q][0] ? 'n' : c >= pairs[q][1] ? 'c' : 'u';
            }
            boolean sent =
                    device == 'c' && mode != OffloadMode.UNDECIDED || device == 'u' && mode != OffloadMode.CRITICAL;
            long alarm = sent ? answers.critical()[k] : device == 'c' ? answers.scale() : 0;
            counts[0] += sent ? 1 : 0;
            counts[trace.labels()[k] == 1 ? 1 : 2] += alarm;
        }
        return counts;
    }

    /** One exit more: what is best of all thresholds of a single exit must be found. */
    private static long bestOfOne(DeviceTrace trace, NodeAnswers answers, OffloadMode mode, long[] caps, int q) {
        TreeSet<Float> values = new TreeSet<>(List.of(NO, ALL));
        for (float c : trace.scores()[q]) {
            values.add(c);
        }
        long best = 0;
        for (float l : values) {
            for (float u : values.tailSet(l)) {
                float[][] pairs = new float[trace.exits()][];
                for (int t = 0; t < pairs.length; t++) {
                    pairs[t] = t == q ? new float[] {l, u} : new float[] {NO, ALL};
                }
                long[] counts = count(trace, answers, mode, pairs);
                if (counts[0] <= caps[0] && counts[2] <= caps[1]) {
                    best = Math.max(best, counts[1]);
                }
            }
        }
        return best;
    }

    private static long bestOfAll(DeviceTrace trace, NodeAnswers answers, OffloadMode mode, long[] caps) {
        List<List<float[]>> choices = new ArrayList<>();
        for (float[] exit : trace.scores()) {
            TreeSet<Float> values = new TreeSet<>(List.of(NO, ALL));
            for (float c : exit) {
                values.add(c);
            }
            List<float[]> own = new ArrayList<>();
            values.forEach(l -> values.tailSet(l).forEach(u -> own.add(new float[] {l, u})));
            choices.add(own);
        }
        int[] at = new int[choices.size()];
        long best = 0;
        while (true) {
            float[][] pairs = new float[at.length][];
            for (int q = 0; q < at.length; q++) {
                pairs[q] = choices.get(q).get(at[q]);
            }
            long[] counts = count(trace, answers, mode, pairs);
            if (counts[0] <= caps[0] && counts[2] <= caps[1]) {
                best = Math.max(best, counts[1]);
            }
            int q = 0;
            while (q < at.length && ++at[q] == choices.get(q).size()) {
                at[q++] = 0;
            }
            if (q == at.length) {
                return best;
            }
        }
    }

    /** Counts are those of the thresholds, within the caps, no worse than the pair and each exit alone; nearly always the best of all. */
    @Test
    void isNearlyAlwaysTheBest() {
        int tried = 0;
        int best = 0;
        for (int seed : seeds().toArray()) {
            DeviceTrace trace = ExitSearchTest.tiny(seed);
            NodeAnswers answers = OffloadSearchTest.answers(trace, seed);
            SplittableRandom random = RandomStreams.of(seed).stream("caps");
            ExitOffloadSearch search = ExitOffloadSearch.of(trace, answers);
            for (OffloadMode mode : OffloadMode.values()) {
                long[] caps = {
                    random.nextInt(trace.size() + 1), (long) answers.scale() * random.nextInt(trace.size() + 1)
                };
                OffloadChoice.Found<ExitThresholds> found = search.within(mode, caps[0], caps[1]);
                assertTrue(found.offloads() <= caps[0] && found.falsePositives() <= caps[1]);
                OffloadChoice.Found<?> pair = OffloadSearch.of(trace, answers).within(mode, caps[0], caps[1]);
                assertTrue(found.truePositives() >= pair.truePositives());
                float[][] pairs = new float[trace.exits()][];
                for (int q = 0; q < pairs.length; q++) {
                    pairs[q] = new float[] {
                        found.thresholds().lower(q), found.thresholds().upper(q)
                    };
                    assertTrue(found.truePositives() >= bestOfOne(trace, answers, mode, caps, q), mode + " " + seed);
                }
                long[] counts = count(trace, answers, mode, pairs);
                assertEquals(
                        List.of((long) found.offloads(), found.truePositives(), found.falsePositives()),
                        List.of(counts[0], counts[1], counts[2]));
                if (answers.known()) {
                    EndToEndCounts counted = EndToEndCounts.of(trace, answers, mode, found.thresholds());
                    assertEquals(found.truePositives(), counted.truePositives());
                    assertEquals(found.offloads(), counted.offloads());
                }
                if (trace.exits() < 3) {
                    tried++;
                    best += found.truePositives() == bestOfAll(trace, answers, mode, caps) ? 1 : 0;
                }
            }
        }
        assertTrue(tried > 400 && best >= 0.99 * tried, best + " of " + tried);
    }

    /** Later exits that tell more are worth thresholds of their own, whoever is offloaded. */
    @Test
    void findsMoreThanThePair() {
        DeviceTrace trace = ExitSearchTest.rising(100, 600, 3, 0.12);
        NodeAnswers answers = new NodeAnswers.Rates(new BigDecimal("0.95"), new BigDecimal("0.05")).of(trace);
        for (OffloadMode mode : OffloadMode.values()) {
            long most = 10L * answers.scale();
            long pair = OffloadSearch.of(trace, answers).within(mode, 60, most).truePositives();
            long each =
                    ExitOffloadSearch.of(trace, answers).within(mode, 60, most).truePositives();
            assertTrue(each > (mode == OffloadMode.BOTH ? 1.03 : 1.1) * pair, mode + ": " + pair + " and " + each);
        }
    }
}

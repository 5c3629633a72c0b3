package org.qexit.threshold.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Thresholds;

/** Against every pair of thresholds that matters, each tried on each event. */
class ClassFrontierTest {
    private static int truth(RandomClassTrace trace, int event) {
        return Arrays.binarySearch(trace.critical, trace.classes[event]) >= 0
                ? trace.classes[event]
                : ClassThresholds.FALSE_ALARM;
    }

    /** Right answers and cost of a pair, by the rule. */
    private static long[] outcome(RandomClassTrace trace, long[] costs, ClassThresholds thresholds) {
        long right = 0;
        long cost = 0;
        for (int k = 0; k < trace.classes.length; k++) {
            float[][] p = new float[costs.length][];
            for (int q = 0; q < p.length; q++) {
                p[q] = trace.probabilities[q][k];
            }
            ClassThresholds.Decision decision = thresholds.decide(p, trace.critical);
            right += decision.classId() == truth(trace, k) ? 1 : 0;
            cost += costs[decision.exit()];
        }
        return new long[] {right, cost};
    }

    /** By number of right answers or more, the least cost over all pairs of observed values. */
    private static long[] bruteForce(RandomClassTrace trace, long[] costs) {
        TreeSet<Float> lowers = new TreeSet<>(List.of(0f));
        TreeSet<Float> uppers = new TreeSet<>(List.of(0f, Thresholds.NEVER));
        for (float[][] exit : trace.probabilities) {
            for (float[] p : exit) {
                lowers.add(Math.min(1, ClassThresholds.sum(p, trace.critical)));
                for (int id : trace.critical) {
                    uppers.add(p[id]);
                }
            }
        }
        long[] least = new long[trace.classes.length + 1];
        Arrays.fill(least, Long.MAX_VALUE);
        for (float lower : lowers) {
            for (float upper : uppers) {
                long[] found = outcome(trace, costs, new ClassThresholds(lower, upper));
                for (int r = 0; r <= found[0]; r++) {
                    least[r] = Math.min(least[r], found[1]);
                }
            }
        }
        return least;
    }

    @Test
    void isTheFrontierOfAllPairs() {
        SplittableRandom random = new SplittableRandom(11);
        int corners = 0;
        for (int round = 0; round < 600; round++) {
            int exits = 1 + random.nextInt(4);
            int events = 1 + random.nextInt(14);
            int classes = 2 + random.nextInt(4);
            RandomClassTrace trace = new RandomClassTrace(
                    random, exits, events, classes, 1 + random.nextInt(classes - 1), random.nextInt(5));
            long[] costs = new long[exits];
            for (int q = 0; q < exits; q++) {
                // Two exits may cost the same.
                costs[q] = (q == 0 ? 1 : costs[q - 1]) + random.nextInt(3);
            }
            List<ClassFrontier.Corner> found = ClassFrontier.of(
                            CriticalScores.of(trace.probabilities, trace.classes, trace.critical), costs)
                    .corners();
            long[] least = bruteForce(trace, costs);
            int at = 0;
            for (ClassFrontier.Corner corner : found) {
                for (; at <= corner.right(); at++) {
                    assertEquals(least[at], corner.cost(), "round " + round + ", " + at + " right");
                }
                long[] outcome = outcome(trace, costs, corner.thresholds());
                assertEquals(corner.right(), outcome[0], "round " + round);
                assertEquals(corner.cost(), outcome[1], "round " + round);
            }
            for (; at < least.length; at++) {
                assertEquals(Long.MAX_VALUE, least[at], "round " + round + ": more right answers are possible");
            }
            corners += found.size();
        }
        assertTrue(corners > 1000, corners + " corners are too few to say anything");
    }

    /** Floats that round the sum of all probabilities above 1, and a trace of nothing but equal values. */
    @Test
    void bearsTheEndsOfTheScale() {
        float third = Math.nextUp(1 / 3f);
        RandomClassTrace trace = new RandomClassTrace(new SplittableRandom(1), 2, 3, 4, 3, 0);
        for (float[][] exit : trace.probabilities) {
            for (float[] p : exit) {
                Arrays.fill(p, 0);
                for (int id : trace.critical) {
                    p[id] = third;
                }
            }
        }
        assertTrue(ClassThresholds.sum(trace.probabilities[0][0], trace.critical) > 1);
        long[] costs = {2, 5};
        List<ClassFrontier.Corner> corners = ClassFrontier.of(
                        CriticalScores.of(trace.probabilities, trace.classes, trace.critical), costs)
                .corners();
        for (ClassFrontier.Corner corner : corners) {
            long[] outcome = outcome(trace, costs, corner.thresholds());
            assertEquals(corner.right(), outcome[0]);
            assertEquals(corner.cost(), outcome[1]);
        }
        assertEquals(6, corners.get(0).cost());
    }

    @Test
    @Timeout(20)
    void sweepsTenThousandEventsInSeconds() {
        RandomClassTrace trace = new RandomClassTrace(new SplittableRandom(2), 5, 10_000, 10, 3, 0);
        long[] costs = {100, 250, 600, 1100, 2000};
        List<ClassFrontier.Corner> corners = ClassFrontier.of(
                        CriticalScores.of(trace.probabilities, trace.classes, trace.critical), costs)
                .corners();
        assertTrue(corners.size() > 50);
        for (int i = 0; i < corners.size(); i += corners.size() / 20) {
            long[] outcome = outcome(trace, costs, corners.get(i).thresholds());
            assertEquals(corners.get(i).right(), outcome[0]);
            assertEquals(corners.get(i).cost(), outcome[1]);
        }
    }

    @Test
    void refusesCostsThatFall() {
        RandomClassTrace trace = new RandomClassTrace(new SplittableRandom(2), 2, 3, 3, 1, 0);
        CriticalScores scores = CriticalScores.of(trace.probabilities, trace.classes, trace.critical);
        assertThrows(IllegalArgumentException.class, () -> ClassFrontier.of(scores, new long[] {2, 1}));
        assertThrows(IllegalArgumentException.class, () -> ClassFrontier.of(scores, new long[] {2}));
        assertThrows(IllegalArgumentException.class, () -> new ClassThresholds(-0.1f, 0.5f));
        assertThrows(IllegalArgumentException.class, () -> new ClassThresholds(0.1f, Float.NaN));
    }
}

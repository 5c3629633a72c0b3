package org.qexit.threshold;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.qexit.common.RandomStreams;
import org.qexit.trace.DeviceTrace;

/** Random traces of odd shapes, and the brute-force oracle over all pairs of thresholds. */
public final class Traces {
    private Traces() {}

    public static DeviceTrace of(int[] labels, float[][] eventScores) {
        int n = labels.length;
        long[] events = new long[n];
        byte[] y = new byte[n];
        float[][] scores = new float[eventScores[0].length][n];
        for (int k = 0; k < n; k++) {
            events[k] = k;
            y[k] = (byte) labels[k];
            for (int q = 0; q < scores.length; q++) {
                scores[q][k] = eventScores[k][q];
            }
        }
        return new DeviceTrace("d", events, y, scores);
    }

    /** A small trace with 1 to 5 exits; most have heavy ties, some one class only, one event, all scores equal, 0 and 1. */
    public static DeviceTrace small(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("trace");
        int n = seed % 17 == 0 ? 1 : 1 + random.nextInt(24);
        int exits = 1 + random.nextInt(5);
        int levels = new int[] {1, 2, 3, 5, 10, 1000}[random.nextInt(6)];
        double critical = new double[] {0, 0.1, 0.5, 0.9, 1, 0.3}[random.nextInt(6)];
        int[] labels = new int[n];
        float[][] scores = new float[n][exits];
        float constant = random.nextInt(3) / 2f;
        for (int k = 0; k < n; k++) {
            labels[k] = random.nextDouble() < critical ? 1 : 0;
            for (int q = 0; q < exits; q++) {
                double signal = random.nextDouble() * 0.7 + 0.3 * labels[k];
                scores[k][q] = seed % 23 == 0 ? constant : (float) (Math.round(signal * levels) / (double) levels);
            }
        }
        return of(labels, scores);
    }

    /** A larger trace with scores that grow more telling from exit to exit. */
    public static DeviceTrace large(long seed, int n, int exits, double critical, int levels) {
        SplittableRandom random = RandomStreams.of(seed).stream("large");
        long[] events = new long[n];
        byte[] labels = new byte[n];
        float[][] scores = new float[exits][n];
        for (int k = 0; k < n; k++) {
            events[k] = k;
            labels[k] = (byte) (random.nextDouble() < critical ? 1 : 0);
            double hard = gaussian(random);
            for (int q = 0; q < exits; q++) {
                double separation = 1.5 * (q + 1) / exits * (labels[k] == 1 ? 1 : -1);
                double z = separation + 0.8 * hard * (1 - 0.5 * q / exits) + 0.6 * gaussian(random) - 0.8;
                double score = 1 / (1 + Math.exp(-1.6 * z));
                scores[q][k] = (float) (levels == 0 ? score : Math.round(score * levels) / (double) levels);
            }
        }
        return new DeviceTrace("d", events, labels, scores);
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** TP and FP by Eq. (2), written out anew. */
    static int[] count(DeviceTrace trace, float lower, float upper) {
        int[] counts = new int[2];
        for (int k = 0; k < trace.size(); k++) {
            for (int q = 0; q < trace.exits(); q++) {
                float c = trace.scores()[q][k];
                if (c <= lower) {
                    break;
                }
                if (c >= upper) {
                    counts[trace.labels()[k] == 1 ? 0 : 1]++;
                    break;
                }
            }
        }
        return counts;
    }

    /** Most true positives with at most w offloads and at most {@code maxFalsePositives}, {@code [w]}, by trying all pairs. */
    static int[] bruteForce(DeviceTrace trace, int maxFalsePositives) {
        TreeSet<Float> values = new TreeSet<>();
        values.add(0f);
        values.add(1f);
        values.add(Float.POSITIVE_INFINITY);
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        int[] best = new int[trace.size() + 1];
        for (float lower : values) {
            for (float upper : values.tailSet(lower)) {
                int[] counts = count(trace, lower, upper);
                if (counts[1] <= maxFalsePositives) {
                    int w = counts[0] + counts[1];
                    best[w] = Math.max(best[w], counts[0]);
                }
            }
        }
        for (int w = 1; w < best.length; w++) {
            best[w] = Math.max(best[w], best[w - 1]);
        }
        return best;
    }

    /** As {@link #bruteForce} without a cap: for each u the events sorted by M(u), every prefix that ends a group of ties. */
    static int[] byPrefixes(DeviceTrace trace) {
        TreeSet<Float> values = new TreeSet<>();
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        int[] best = new int[trace.size() + 1];
        for (float u : values) {
            // M(u) and label, packed so that sorting longs sorts by M.
            long[] order = new long[trace.size()];
            int n = 0;
            for (int k = 0; k < trace.size(); k++) {
                float m = Float.POSITIVE_INFINITY;
                int q = 0;
                while (q < trace.exits() && trace.scores()[q][k] < u) {
                    m = Math.min(m, trace.scores()[q][k]);
                    q++;
                }
                if (q < trace.exits() && m > 0) {
                    order[n++] = (long) Float.floatToIntBits(m) << 1 | trace.labels()[k];
                }
            }
            java.util.Arrays.sort(order, 0, n);
            int truePositives = 0;
            for (int i = n - 1; i >= 0; i--) {
                truePositives += (int) (order[i] & 1);
                if (i == 0 || order[i - 1] >> 1 != order[i] >> 1) {
                    best[n - i] = Math.max(best[n - i], truePositives);
                }
            }
        }
        for (int w = 1; w < best.length; w++) {
            best[w] = Math.max(best[w], best[w - 1]);
        }
        return best;
    }
}

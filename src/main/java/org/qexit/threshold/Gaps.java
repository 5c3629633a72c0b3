package org.qexit.threshold;

import java.util.Arrays;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * The gaps between neighbouring distinct observed scores, all exits pooled. Every pair of thresholds in the same two gaps
 * takes the same decisions on the trace, so each threshold is put in the middle of its gap (docs/maths.md §1).
 */
public final class Gaps {
    /** Float bits of the distinct scores above 0, ascending. */
    private final int[] scores;

    private Gaps(int[] scores) {
        this.scores = scores;
    }

    static Gaps of(DeviceTrace trace) {
        int n = trace.size();
        int[] pooled = new int[Math.multiplyExact(n, trace.exits())];
        for (int q = 0; q < trace.exits(); q++) {
            for (int k = 0; k < n; k++) {
                pooled[q * n + k] = Moves.bits(trace.scores()[q][k]);
            }
        }
        Arrays.sort(pooled);
        return new Gaps(distinct(pooled));
    }

    private static int[] distinct(int[] sorted) {
        int count = 0;
        for (int bits : sorted) {
            if (bits > 0 && (count == 0 || sorted[count - 1] != bits)) {
                sorted[count++] = bits;
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    /** The gaps under the given scores only: one pass over the trace and no sorting of it. */
    static Gaps under(DeviceTrace trace, int[] wanted) {
        int[] above = wanted.clone();
        Arrays.sort(above);
        int[] below = new int[above.length];
        for (float[] exit : trace.scores()) {
            for (float score : exit) {
                int bits = Moves.bits(score);
                int low = 0;
                int high = above.length;
                while (low < high) {
                    int middle = (low + high) >>> 1;
                    if (above[middle] <= bits) {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                if (low < above.length && below[low] < bits) {
                    below[low] = bits;
                }
            }
        }
        for (int i = 1; i < below.length; i++) {
            below[i] = Math.max(below[i], below[i - 1]);
        }
        return new Gaps(distinct(below));
    }

    /** The next smaller observed score, or 0. */
    private float below(int bits) {
        int at = Arrays.binarySearch(scores, bits);
        int below = (at >= 0 ? at : -at - 1) - 1;
        return below < 0 ? 0 : Float.intBitsToFloat(scores[below]);
    }

    /**
     * The step whose u lies in the gap under the score {@code upper} and whose l lies in the gap under the score
     * {@code lower}, or in u's own gap if {@code lower} is infinite.
     */
    Frontier.Step step(int truePositives, int falsePositives, int upper, int lower) {
        float c = Float.intBitsToFloat(upper);
        float u = upperIn(below(upper), c);
        float margin = margin(u, below(upper), c);
        int lowerScore = Math.min(lower, upper);
        float l = lowerIn(below(lowerScore), Float.intBitsToFloat(lowerScore));
        margin = Math.min(margin, margin(l, below(lowerScore), Float.intBitsToFloat(lowerScore)));
        return new Frontier.Step(
                truePositives + falsePositives, truePositives, falsePositives, new Thresholds(l, u), margin);
    }

    private static float margin(float threshold, float below, float above) {
        return Math.min(threshold - below, above - threshold);
    }

    /** Where u stands in a gap: the float nearest the middle of (below, above]; two neighbouring floats leave only {@code above}. */
    public static float upperIn(float below, float above) {
        float middle = (float) ((below + (double) above) / 2);
        return middle > below ? middle : above;
    }

    /** Where l stands in a gap: the float nearest the middle of [below, above); two neighbouring floats leave only {@code below}. */
    public static float lowerIn(float below, float above) {
        float middle = (float) ((below + (double) above) / 2);
        return middle < above ? middle : below;
    }
}

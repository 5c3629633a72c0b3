package org.qexit.threshold.exits;

import java.util.Arrays;
import org.qexit.threshold.Gaps;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * Confidences as ranks, exit by exit: places where a threshold can stand are numbered, and rank[q][k] = number of places at or below
 * C_q of event k. With the places 1..D of an exit, "normal" is rank &le; a with a = 0..D, "critical" is rank &ge; b with b = 1..D+1,
 * and a &lt; b.
 *
 * <p>Places are the distinct confidences of critical events: to move a threshold over normal events alone loses no true positive and
 * adds no offload, so some best rule has its u at, and its l just below, such a confidence. Where the local cost is capped, that
 * may cost computation, and every distinct confidence is a place.
 */
final class Ranks {
    /** {@code [exit][event]}. */
    final int[][] rank;

    final byte[] label;
    /** Number of places of each exit, {@code [exit]}. */
    final int[] places;

    private final DeviceTrace trace;
    /** The confidence at each place, ascending, {@code [exit][place - 1]}. */
    private final float[][] at;
    /** The greatest confidence of any event below each place, or negative infinity; one more for "above all". */
    private final float[][] below;

    private Ranks(DeviceTrace trace, boolean everyConfidence) {
        this.trace = trace;
        this.label = trace.labels();
        int exits = trace.exits();
        rank = new int[exits][trace.size()];
        places = new int[exits];
        at = new float[exits][];
        below = new float[exits][];
        for (int q = 0; q < exits; q++) {
            rank(q, everyConfidence);
        }
    }

    static Ranks of(DeviceTrace trace, boolean everyConfidence) {
        return new Ranks(trace, everyConfidence);
    }

    private void rank(int q, boolean everyConfidence) {
        int n = label.length;
        long[] order = new long[n];
        for (int k = 0; k < n; k++) {
            order[k] = (long) Float.floatToRawIntBits(trace.scores()[q][k] + 0f) << 32 | k;
        }
        Arrays.sort(order);
        float[] found = new float[n];
        float[] before = new float[n + 1];
        int count = 0;
        float last = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; ) {
            int bits = (int) (order[i] >>> 32);
            boolean place = everyConfidence;
            int end = i;
            for (; end < n && (int) (order[end] >>> 32) == bits; end++) {
                place |= label[(int) order[end]] == 1;
            }
            float confidence = Float.intBitsToFloat(bits);
            if (place) {
                found[count] = confidence;
                before[count++] = last;
            }
            for (; i < end; i++) {
                rank[q][(int) order[i]] = count;
            }
            last = confidence;
        }
        places[q] = count;
        at[q] = Arrays.copyOf(found, count);
        below[q] = Arrays.copyOf(before, count);
    }

    int exits() {
        return rank.length;
    }

    int events() {
        return label.length;
    }

    /** The nearest places that lose nothing against a rule; exact where every confidence is a place. */
    Places places(Rule rule) {
        Places found = new Places(exits());
        for (int q = 0; q < exits(); q++) {
            float lower = rule instanceof ExitThresholds each ? each.lower(q) : ((Thresholds) rule).lower();
            float upper = rule instanceof ExitThresholds each ? each.upper(q) : ((Thresholds) rule).upper();
            found.b[q] = count(at[q], upper, false) + 1;
            found.a[q] = Math.min(count(at[q], lower, true), places[q]);
            // Equality is normal: what is at or below l never reaches the test for u.
            found.b[q] = Math.max(found.b[q], found.a[q] + 1);
        }
        return found;
    }

    /** Values below {@code threshold}, or also those equal to it. */
    private static int count(float[] ascending, float threshold, boolean orEqual) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < threshold || orEqual && ascending[middle] == threshold) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Thresholds in the middle of their gaps between the exit's observed confidences. */
    ExitThresholds thresholds(Places chosen) {
        float[] lower = new float[exits()];
        float[] upper = new float[exits()];
        for (int q = 0; q < exits(); q++) {
            lower[q] = lower(q, chosen.a[q]);
            upper[q] = upper(q, chosen.b[q]);
        }
        return ExitThresholds.of(lower, upper);
    }

    private float lower(int q, int a) {
        if (a == places[q]) {
            return ExitThresholds.ABOVE_ALL;
        }
        float under = below[q][a];
        if (under == Float.NEGATIVE_INFINITY) {
            return ExitThresholds.BELOW_ALL;
        }
        return Gaps.lowerIn(under, at[q][a]);
    }

    private float upper(int q, int b) {
        if (b == places[q] + 1) {
            return ExitThresholds.ABOVE_ALL;
        }
        float under = below[q][b - 1];
        if (under == Float.NEGATIVE_INFINITY) {
            return ExitThresholds.BELOW_ALL;
        }
        return Gaps.upperIn(under, at[q][b - 1]);
    }

    /** Least distance between a finite threshold and a confidence of its exit; 1 if there is none. */
    float margin(ExitThresholds chosen) {
        float margin = 1;
        for (int q = 0; q < exits(); q++) {
            for (float threshold : new float[] {chosen.lower(q), chosen.upper(q)}) {
                for (int k = 0; !Float.isInfinite(threshold) && k < label.length; k++) {
                    margin = Math.min(margin, Math.abs(trace.scores()[q][k] - threshold));
                }
            }
        }
        return margin;
    }
}

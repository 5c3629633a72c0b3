package org.qexit.threshold;

import java.util.Arrays;
import org.qexit.trace.DeviceTrace;

/**
 * How the set of critical events grows as the thresholds fall (docs/maths.md §4).
 *
 * <p>For one event and one u let q* be the first exit with C_q &ge; u and M(u) = min of C_t over t &lt; q* (+&infin; if q* is
 * the first). The event is critical iff q* exists and l &lt; M(u). As u falls, M(u) rises only at the running-maximum records
 * of C_1..C_L. A <em>move</em> is one such rise: at u = {@code upper} the event's M goes from one position to another.
 *
 * <p>A <em>position</em> is a choice of l. Position 0 admits M = +&infin; only (l in u's own gap); position v &ge; 1 puts l just
 * below the v-th largest distinct finite M of the critical events. Values of l between those admit more normal events
 * and no critical one, so they never matter. An event at position b is admitted by every position &ge; b;
 * {@code positions} itself means "admitted by none". M = 0 admits no l and is left out.
 *
 * <p>At most K(&lfloor;L/2&rfloor; + 1) moves: M falls from one record to the next only if a new minimum stands between them.
 * Memory O(KL), time O(KL) by radix sorting.
 */
final class Moves {
    private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /** Number of moves. */
    final int size;
    /** Float bits of u at each move, descending. */
    final int[] upper;
    /** Position left and position reached, {@code to < from}. */
    final int[] from;

    final int[] to;
    /** Label of the event that moves. */
    final byte[] label;
    /** Number of positions. */
    final int positions;
    /** Float bits of M at each position; descending; +&infin; at position 0. */
    final int[] values;

    private Moves(int size, int[] upper, int[] from, int[] to, byte[] label, int[] values) {
        this.size = size;
        this.upper = upper;
        this.from = from;
        this.to = to;
        this.label = label;
        this.values = values;
        this.positions = values.length;
    }

    /** Positions for the searches, where only the critical events' values matter. */
    static Moves of(DeviceTrace trace) {
        return of(trace, 0, false);
    }

    /** As {@link #of(DeviceTrace)}, but only the moves at or above {@code least}: with the same result where lower u are not admissible. */
    static Moves above(DeviceTrace trace, int least) {
        return of(trace, least, false);
    }

    /** As {@link #of(DeviceTrace)}, but every finite M gets a position, so that counts are exact at every l. */
    static Moves ofEveryValue(DeviceTrace trace) {
        return of(trace, 0, true);
    }

    private static Moves of(DeviceTrace trace, int least, boolean everyValue) {
        int exits = trace.exits();
        int events = trace.size();
        int most = Math.multiplyExact(least == 0 ? events : reaching(trace, least), exits / 2 + 1);
        int[] u = new int[most];
        int[] m = new int[most];
        byte[] label = new byte[most];
        boolean[] first = new boolean[most];
        int[] recordUpper = new int[exits];
        int[] recordMin = new int[exits];
        float[][] scores = trace.scores();
        int size = 0;
        for (int k = 0; k < events; k++) {
            int records = 0;
            int max = 0;
            int min = INFINITE;
            for (int q = 0; q < exits; q++) {
                int c = bits(scores[q][k]);
                if (c > max) {
                    recordUpper[records] = c;
                    recordMin[records] = min;
                    records++;
                    max = c;
                }
                min = Math.min(min, c);
            }
            int current = 0;
            boolean start = true;
            for (int r = records - 1; r >= 0 && recordUpper[r] >= least; r--) {
                if (recordMin[r] > current) {
                    current = recordMin[r];
                    u[size] = recordUpper[r];
                    m[size] = current;
                    label[size] = trace.labels()[k];
                    first[size] = start;
                    start = false;
                    size++;
                }
            }
        }
        return arranged(size, u, m, label, first, everyValue);
    }

    /** Events with a score at or above {@code least} at some exit. */
    private static int reaching(DeviceTrace trace, int least) {
        int count = 0;
        for (int k = 0; k < trace.size(); k++) {
            int max = 0;
            for (float[] exit : trace.scores()) {
                max = Math.max(max, bits(exit[k]));
            }
            if (max >= least) {
                count++;
            }
        }
        return count;
    }

    /** The bits of a score; those of -0 are those of 0. */
    static int bits(float score) {
        return Float.floatToRawIntBits(score + 0f);
    }

    /** Turns M values into positions and sorts the moves by u. */
    private static Moves arranged(int size, int[] u, int[] m, byte[] label, boolean[] first, boolean everyValue) {
        long[] pairs = new long[size];
        int finite = 0;
        for (int i = 0; i < size; i++) {
            if (m[i] != INFINITE) {
                pairs[finite++] = Radix.pack(m[i], i);
            }
        }
        long[] spare = new long[size];
        long[] sorted = Radix.sort(pairs, spare, finite);
        int[] position = new int[size];
        int[] values = new int[finite + 1];
        values[0] = INFINITE;
        int count = 1;
        for (int end = finite - 1; end >= 0; ) {
            int value = Radix.key(sorted[end]);
            int start = end;
            boolean critical = everyValue;
            for (; start >= 0 && Radix.key(sorted[start]) == value; start--) {
                critical |= label[(int) sorted[start]] == 1;
            }
            for (int i = start + 1; i <= end; i++) {
                position[(int) sorted[i]] = count;
            }
            if (critical) {
                values[count++] = value;
            }
            end = start;
        }
        for (int i = 0; i < size; i++) {
            pairs[i] = Radix.pack(u[i], i);
        }
        sorted = Radix.sort(pairs, spare, size);
        int[] upper = new int[size];
        int[] from = new int[size];
        int[] to = new int[size];
        byte[] moved = new byte[size];
        int kept = 0;
        for (int s = size - 1; s >= 0; s--) {
            int i = (int) sorted[s];
            int left = first[i] ? count : position[i - 1];
            if (position[i] < left) {
                upper[kept] = u[i];
                from[kept] = left;
                to[kept] = position[i];
                moved[kept] = label[i];
                kept++;
            }
        }
        return new Moves(kept, upper, from, to, moved, Arrays.copyOf(values, count));
    }
}

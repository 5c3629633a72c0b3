package org.qexit.threshold;

import java.util.Arrays;
import org.qexit.trace.DeviceTrace;

/**
 * The best pair of thresholds under a cap on the mean local cost, exactly: most true positives with at most w offloads, f false
 * positives and the cost, and among those the fewest offloads; docs/maths.md §11.
 *
 * <p>For fixed u the offloads and the cost fall as l rises, and the true positives never rise: the smallest l within the caps is best. As u
 * falls, the smallest l within the offloads only rises and the smallest l within the cost only falls: two pointers, one sweep. l stands at
 * any observed confidence, for an event stops at exit 1, 2, ... as l passes the running minima of its confidences. O(KL log K + KL²).
 */
public final class CostedPairSearch {
    private final DeviceTrace trace;
    private final int exits;
    private final long[] cost;
    private final long mostCost;
    private final int mostOffloads;
    private final int mostFalsePositives;
    /** Float bits of 0 and of the distinct confidences above it, ascending: the places of l. */
    private final int[] values;
    /** {@code [exit][event]}: place of the confidence. */
    private final int[][] place;
    /** The exits that become the first to reach u as u falls: place of u, event and exit, sorted by place, upwards. */
    private final long[] records;

    private long[] spared;
    private long endCost;
    private int[] standing;
    private int[] standingCritical;
    private int[] reached;

    private CostedPairSearch(DeviceTrace trace, long offloads, int maxFalsePositives, LocalCost local) {
        this.trace = trace;
        exits = trace.exits();
        cost = local.check(exits).units();
        mostCost = local.most(trace.size());
        mostOffloads = (int) Math.min(offloads, trace.size());
        mostFalsePositives = maxFalsePositives;
        int n = trace.size();
        int[] pooled = new int[n * exits + 1];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < n; k++) {
                pooled[q * n + k] = Moves.bits(trace.scores()[q][k]);
            }
        }
        Arrays.sort(pooled);
        values = Arrays.stream(pooled).distinct().toArray();
        place = new int[exits][n];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < n; k++) {
                place[q][k] = Arrays.binarySearch(values, Moves.bits(trace.scores()[q][k]));
            }
        }
        records = records();
    }

    /** The best step; "never" if no pair finds a critical event within the caps. */
    public static Frontier.Step within(DeviceTrace trace, long offloads, int maxFalsePositives, LocalCost local) {
        if (offloads < 0 || maxFalsePositives < 0) {
            throw new IllegalArgumentException(
                    "caps are " + offloads + " and " + maxFalsePositives + "; expected >= 0");
        }
        return new CostedPairSearch(trace, offloads, maxFalsePositives, local).step();
    }

    private long[] records() {
        int n = trace.size();
        long[] found = new long[Math.multiplyExact(n, exits)];
        int count = 0;
        for (int k = 0; k < n; k++) {
            int max = 0;
            for (int q = 0; q < exits; q++) {
                if (place[q][k] > max) {
                    max = place[q][k];
                    found[count++] = Radix.pack(max, k * exits + q);
                }
            }
        }
        return Radix.sort(Arrays.copyOf(found, count), count);
    }

    private Frontier.Step step() {
        int[] most = sweep(0);
        if (most[0] == 0) {
            return Frontier.never();
        }
        int[] least = sweep(most[0]);
        int lower = least[2] + 1 < values.length ? values[least[2] + 1] : Integer.MAX_VALUE;
        return Gaps.of(trace).step(most[0], least[0] - most[0], values[least[1]], lower);
    }

    /**
     * One way down.
     *
     * @param target 0: most true positives; else the fewest offloads with so many true positives
     * @return what was sought, place of u, place of l
     */
    private int[] sweep(int target) {
        begin();
        int top = values.length - 1;
        Pointer cheap = new Pointer(top);
        long paid = endCost - Arrays.stream(spared).sum();
        Pointer other = new Pointer(0);
        int[] best = {target == 0 ? 0 : Integer.MAX_VALUE, 0, 0};
        for (int i = records.length - 1; ; ) {
            while (cheap.at > 0 && paid + spared[cheap.at] <= mostCost) {
                paid += spared[cheap.at];
                cheap.down();
            }
            if (i < 0) {
                return best;
            }
            int u = Radix.key(records[i]);
            for (; i >= 0 && Radix.key(records[i]) == u; i--) {
                int k = (int) records[i] / exits;
                paid += move(k, (int) records[i] % exits, cheap, other);
            }
            while (cheap.at > 0 && paid + spared[cheap.at] <= mostCost) {
                paid += spared[cheap.at];
                cheap.down();
            }
            if (target == 0) {
                while (other.at < top && !other.within()) {
                    other.up();
                }
                Pointer at = other.at >= cheap.at ? other : cheap;
                if (at.within() && at.critical > best[0]) {
                    best = new int[] {at.critical, u, Math.min(at.at, u - 1)};
                }
            } else {
                while (other.at < top && other.critical - other.criticalAt(other.at + 1) >= target) {
                    other.up();
                }
                if (other.critical >= target && other.at >= cheap.at && other.within() && other.all < best[0]) {
                    best = new int[] {other.all, u, Math.min(other.at, u - 1)};
                }
            }
        }
    }

    private void begin() {
        spared = new long[values.length];
        standing = new int[values.length + 1];
        standingCritical = new int[values.length + 1];
        reached = new int[trace.size()];
        Arrays.fill(reached, exits);
        endCost = trace.size() * cost[exits - 1];
        for (int k = 0; k < trace.size(); k++) {
            stops(k, 1, -1);
        }
    }

    /** Adds (or takes back) what is spared of an event's cost as l passes its running minima; returns the part at places &le; {@code at}. */
    private long stops(int k, int sign, int at) {
        int end = reached[k];
        long dearest = cost[Math.min(end, exits - 1)];
        int min = Integer.MAX_VALUE;
        int last = -1;
        long part = 0;
        for (int t = 0; t < end; t++) {
            if (place[t][k] < min) {
                if (last >= 0) {
                    part += spare(place[last][k], sign * (cost[t] - cost[last]), at);
                }
                last = t;
                min = place[t][k];
            }
        }
        return last < 0 ? part : part + spare(place[last][k], sign * (dearest - cost[last]), at);
    }

    private long spare(int where, long amount, int at) {
        spared[where] += amount;
        return where <= at ? amount : 0;
    }

    /** Exit {@code q} is the first of event {@code k} to reach u now; returns by how much the cost at the cheap pointer changes. */
    private long move(int k, int q, Pointer cheap, Pointer other) {
        long change = -stops(k, -1, cheap.at);
        stand(k, -1, cheap, other);
        change += cost[q] - cost[Math.min(reached[k], exits - 1)];
        reached[k] = q;
        stand(k, 1, cheap, other);
        return change - stops(k, 1, cheap.at);
    }

    /** Adds an event that reaches u where its M stands. */
    private void stand(int k, int sign, Pointer cheap, Pointer other) {
        if (reached[k] == exits) {
            return;
        }
        int m = values.length;
        for (int t = 0; t < reached[k]; t++) {
            m = Math.min(m, place[t][k]);
        }
        standing[m] += sign;
        standingCritical[m] += sign * trace.labels()[k];
        cheap.moved(m, sign, trace.labels()[k]);
        other.moved(m, sign, trace.labels()[k]);
    }

    /** A place of l, and what is offloaded there: the events whose M is above it. */
    private final class Pointer {
        private int at;
        private int all;
        private int critical;

        Pointer(int at) {
            this.at = at;
        }

        void moved(int m, int sign, int label) {
            if (m > at) {
                all += sign;
                critical += sign * label;
            }
        }

        int criticalAt(int where) {
            return standingCritical[where];
        }

        void up() {
            at++;
            all -= standing[at];
            critical -= standingCritical[at];
        }

        void down() {
            all += standing[at];
            critical += standingCritical[at];
            at--;
        }

        boolean within() {
            return all <= mostOffloads && all - critical <= mostFalsePositives;
        }
    }
}

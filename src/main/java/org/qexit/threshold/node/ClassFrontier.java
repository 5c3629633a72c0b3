package org.qexit.threshold.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Thresholds;

/**
 * For every number of right answers the least computation with which some pair (l', u') reaches it: exact over all pairs.
 *
 * <p>One event: for a given u' let q* be the first exit with m_q ≥ u', the last one if there is none. Then the event gets q*'s answer for
 * l' &lt; M = min over t ≤ q* of s_t, and is a false alarm for l' ≥ M, at the first exit with s_t ≤ l'. So its right answers and its cost
 * are steps over l', one and at most q*, whose places are the running minima of s. As u' falls, q* falls at the running maxima of m, at most
 * L times.
 *
 * <p>The search sweeps u' downwards over the observed m and keeps both sums over all events in a {@link PrefixTree} over the observed s. At
 * every u' it looks for positions that no pair found so far dominates, passing over every part of the tree whose most right answers and
 * least cost are dominated together. O(n L² log(n L)) for the sums, n events; what the looking costs depends on how often the frontier moves.
 */
public final class ClassFrontier {
    private final CriticalScores scores;
    private final long[] costs;
    private final float[] lowers;
    private final float[] uppers;
    private final PrefixTree tree;
    private final int[] firstAbove;
    /** By number of right answers or more: the least cost, and the pair that has it. */
    private final long[] leastCost;

    private final int[] lowerAt;
    private final int[] upperAt;

    /**
     * A corner of the frontier.
     *
     * @param right events with the right answer
     * @param cost multiply-accumulates over all events
     * @param thresholds a pair that does it, each in the middle of a gap between observed values
     */
    public record Corner(int right, long cost, ClassThresholds thresholds) {}

    private ClassFrontier(CriticalScores scores, long[] costs) {
        this.scores = scores;
        this.costs = costs;
        float[] sums = scores.distinctSums();
        int kept = sums.length;
        // A threshold is at most 1; a float sum may be a hair above.
        while (sums[kept - 1] > 1) {
            kept--;
        }
        this.lowers = Arrays.copyOf(sums, kept);
        this.uppers = scores.distinctTops();
        this.tree = new PrefixTree(lowers.length);
        this.firstAbove = new int[scores.events()];
        this.leastCost = new long[scores.events() + 1];
        this.lowerAt = new int[scores.events() + 1];
        this.upperAt = new int[scores.events() + 1];
        Arrays.fill(leastCost, Long.MAX_VALUE);
    }

    /**
     * @param costs multiply-accumulates of an event up to each exit, not descending, {@code [exit]}
     */
    static ClassFrontier of(CriticalScores scores, long[] costs) {
        if (costs.length != scores.exits()) {
            throw new IllegalArgumentException(costs.length + " costs for " + scores.exits() + " exits");
        }
        for (int q = 0; q < costs.length; q++) {
            Checks.within("cost of exit " + (q + 1), costs[q], q == 0 ? 0 : costs[q - 1], Long.MAX_VALUE / 4.0);
        }
        ClassFrontier frontier = new ClassFrontier(scores, costs);
        frontier.sweep();
        return frontier;
    }

    private void sweep() {
        int events = scores.events();
        int exits = scores.exits();
        tree.add(lowers.length, 0, events * costs[0]);
        for (int k = 0; k < events; k++) {
            tree.add(lowers.length, normal(k), 0);
            firstAbove[k] = exits;
            apply(k, 1);
        }
        look(uppers.length);
        long[] order = movesDownwards();
        int next = 0;
        for (int u = uppers.length - 1; u >= 0; u--) {
            while (next < order.length && upperOf(order[next]) == u) {
                int q = (int) (order[next] % exits);
                int k = (int) (order[next] / exits % events);
                if (q < firstAbove[k]) {
                    apply(k, -1);
                    firstAbove[k] = q;
                    apply(k, 1);
                }
                next++;
            }
            look(u);
        }
    }

    /** All (m's place, event, exit), the largest m first, packed into numbers. */
    private long[] movesDownwards() {
        int events = scores.events();
        int exits = scores.exits();
        long[] packed = new long[events * exits];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < events; k++) {
                long place = uppers.length - 1L - Arrays.binarySearch(uppers, scores.tops()[q][k] + 0f);
                packed[q * events + k] = (place * events + k) * exits + q;
            }
        }
        Arrays.sort(packed);
        return packed;
    }

    private int upperOf(long packed) {
        return uppers.length - 1 - (int) (packed / scores.exits() / scores.events());
    }

    private int normal(int event) {
        return scores.truth()[event] == ClassThresholds.FALSE_ALARM ? 1 : 0;
    }

    /** Adds an event's steps over l' to the tree, or takes them away. */
    private void apply(int event, int sign) {
        int exits = scores.exits();
        int last = Math.min(firstAbove[event], exits - 1);
        float least = Float.POSITIVE_INFINITY;
        int record = 0;
        int position = 0;
        for (int q = 0; q <= last; q++) {
            float s = scores.sums()[q][event];
            if (s < least) {
                if (q > 0) {
                    // Below the minimum before, the event comes as far as this exit at least.
                    tree.add(position, 0, sign * (costs[q] - costs[record]));
                }
                least = s;
                record = q;
                position = firstAtLeast(s);
            }
        }
        int answer = scores.classes()[last][event];
        if (firstAbove[event] == exits && scores.sums()[last][event] <= ClassThresholds.EVEN) {
            answer = ClassThresholds.FALSE_ALARM;
        }
        int right = answer == scores.truth()[event] ? 1 : 0;
        tree.add(position, sign * (right - normal(event)), sign * (costs[last] - costs[record]));
    }

    /** The first position whose threshold reaches a sum; beyond the last where none does. */
    private int firstAtLeast(float sum) {
        int at = Arrays.binarySearch(lowers, sum + 0f);
        return at >= 0 ? at : -at - 1;
    }

    private void look(int upper) {
        tree.visit(new PrefixTree.Visitor() {
            @Override
            public boolean wants(int right, long cost) {
                return right >= 0 && leastCost[right] > cost;
            }

            @Override
            public void accept(int position, int right, long cost) {
                for (int r = right; r >= 0 && leastCost[r] > cost; r--) {
                    leastCost[r] = cost;
                    lowerAt[r] = position;
                    upperAt[r] = upper;
                }
            }
        });
    }

    /** The corners, with ever more right answers at ever more cost; at least one. */
    public List<Corner> corners() {
        List<Corner> corners = new ArrayList<>();
        for (int r = 0; r < leastCost.length; r++) {
            boolean last = r + 1 == leastCost.length || leastCost[r + 1] > leastCost[r];
            if (last && leastCost[r] < Long.MAX_VALUE) {
                corners.add(new Corner(r, leastCost[r], thresholds(r)));
            }
        }
        return corners;
    }

    private ClassThresholds thresholds(int right) {
        int at = lowerAt[right];
        int under = upperAt[right];
        return new ClassThresholds(
                fromUpTo(lowers[at], at + 1 < lowers.length ? lowers[at + 1] : 1),
                under == uppers.length
                        ? Thresholds.NEVER
                        : aboveUpTo(under > 0 ? uppers[under - 1] : 0, uppers[under]));
    }

    /** The float nearest the middle of [low, high); two neighbouring floats leave only {@code low}. */
    private static float fromUpTo(float low, float high) {
        float middle = (float) ((low + (double) high) / 2);
        return middle < high ? middle : low;
    }

    /** The float nearest the middle of (low, high]; two neighbouring floats leave only {@code high}. */
    private static float aboveUpTo(float low, float high) {
        float middle = (float) ((low + (double) high) / 2);
        return middle > low ? middle : high;
    }
}

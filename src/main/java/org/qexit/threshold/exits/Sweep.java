package org.qexit.threshold.exits;

import java.util.Arrays;

/**
 * The best thresholds of one exit when those of the others are given, exactly, in O(KL + D) for K events and D places, docs/maths.md §11.
 * The others may be given as a {@link Box} instead: then the result bounds what any rule in the box can reach.
 *
 * <p>Under all rules of a box an event ends as normal, as critical, or either. A positive that may end as critical counts as
 * one, a normal event only if it must: with P possible true positives and F unavoidable false ones no rule has more than
 * {@code min(P, offloads - F)}. As a rises and as b rises both only fall. So, with b going down, the least a within the caps and the a where
 * the two arguments cross only go up, and the best a is at one of them.
 */
final class Sweep {
    private static final int NORMAL = 1;
    private static final int CRITICAL = 2;
    /** Counts kept per place: possible true positives, unavoidable false ones, unavoidable offloads; from a middle to a low rank, and to a high. */
    private static final int WIDTH = 6;

    private final Ranks ranks;
    private final Caps caps;
    private final int[] table;
    private final long[] costs;
    private final int[] same;
    /** Events that the box leaves open at each exit, by a and by b: {@code [2 exit]}, {@code [2 exit + 1]}. */
    final int[] unsettled;

    private int swept;
    private int possible;
    private int falses;
    private int offloads;
    private long cost;

    /** The outcome of the last {@link #best} or {@link #priced}. */
    int bestA;

    int bestB;
    /** True positives, or the bound on them; -1 if nothing meets the caps. */
    int value;
    /** Offloads of the best, if all is settled. */
    int used;

    Sweep(Ranks ranks, Caps caps) {
        this.ranks = ranks;
        this.caps = caps;
        int most = Arrays.stream(ranks.places).max().orElse(0);
        table = new int[WIDTH * (most + 2)];
        costs = new long[most + 2];
        same = new int[most + 2];
        unsettled = new int[2 * ranks.exits()];
    }

    /** Goes over the events. */
    private void count(Box box, int q) {
        swept = q;
        int places = ranks.places[q];
        Arrays.fill(table, 0, WIDTH * (places + 2), 0);
        Arrays.fill(costs, 0, places + 2, 0);
        Arrays.fill(unsettled, 0);
        possible = 0;
        falses = 0;
        offloads = 0;
        cost = 0;
        for (int k = 0; k < ranks.events(); k++) {
            event(box, q, k);
        }
        for (int i = WIDTH; i < WIDTH * (places + 1); i++) {
            table[i] += table[i - WIDTH];
        }
        for (int r = 1; r <= places; r++) {
            costs[r] += costs[r - 1];
        }
    }

    private void event(Box box, int q, int k) {
        int label = ranks.label[k];
        int prior = 0;
        int first = -1;
        for (int t = 0; t < q; t++) {
            int r = ranks.rank[t][k];
            int here = outcomes(box, t, r);
            if (here != 0 && first < 0) {
                first = t;
            }
            prior |= here;
            if (r <= box.aLow[t] || r >= box.bHigh[t]) {
                settle(label, prior, first);
                return;
            }
        }
        int r = ranks.rank[q][k];
        if (r == 0) {
            settle(label, prior | NORMAL, first < 0 ? q : first);
            return;
        }
        int last = ranks.exits() - 1;
        int middle = prior;
        int then = -1;
        int t = q + 1;
        for (; t <= last; t++) {
            int c = ranks.rank[t][k];
            int here = outcomes(box, t, c);
            if (here != 0 && then < 0) {
                then = t;
            }
            middle |= here;
            if (c <= box.aLow[t] || c >= box.bHigh[t]) {
                break;
            }
        }
        if (t > last) {
            middle |= NORMAL;
            then = then < 0 ? last : then;
        }
        settle(label, middle, first < 0 ? then : first);
        differ(WIDTH * r, label, middle, prior | NORMAL);
        differ(WIDTH * r + WIDTH / 2, label, middle, prior | CRITICAL);
        if (caps.costed() && first < 0) {
            costs[r] += caps.costs()[then] - caps.costs()[q];
        }
    }

    private int outcomes(Box box, int t, int r) {
        if (r <= box.aLow[t]) {
            return NORMAL;
        }
        if (r >= box.bHigh[t]) {
            return CRITICAL;
        }
        int outcomes = 0;
        if (r <= box.aHigh[t]) {
            unsettled[2 * t]++;
            outcomes = NORMAL;
        }
        if (r >= box.bLow[t]) {
            unsettled[2 * t + 1]++;
            outcomes |= CRITICAL;
        }
        return outcomes;
    }

    private void settle(int label, int outcomes, int exit) {
        int sure = outcomes == CRITICAL ? 1 : 0;
        possible += label & outcomes >> 1;
        falses += sure & ~label;
        offloads += sure;
        if (caps.costed()) {
            cost += caps.costs()[exit];
        }
    }

    /** What an event takes away (from a middle to a low rank) or adds (to a high one). */
    private void differ(int at, int label, int middle, int other) {
        int sure = (other == CRITICAL ? 1 : 0) - (middle == CRITICAL ? 1 : 0);
        table[at] += label * ((other >> 1) - (middle >> 1));
        table[at + 1] += label == 0 ? sure : 0;
        table[at + 2] += sure;
    }

    private int at(int count, int base, int a, int b) {
        int high = WIDTH / 2 + count;
        return base
                + table[WIDTH * a + count]
                + table[WIDTH * ranks.places[swept] + high]
                - table[WIDTH * (b - 1) + high];
    }

    private boolean within(int a, int b) {
        return at(2, offloads, a, b) <= caps.offloads() && at(1, falses, a, b) <= caps.falsePositives();
    }

    private boolean affordable(int a, int b) {
        // To stop at a low rank and to stop at a high one spare the same.
        return !caps.costed() || cost - costs[a] - (costs[ranks.places[swept]] - costs[b - 1]) <= caps.cost();
    }

    /**
     * The best thresholds of exit {@code q}: most true positives, then fewest offloads if the box is one rule (but for exit q).
     *
     * @param settled whether it is
     */
    void best(Box box, int q, boolean settled) {
        count(box, q);
        value = -1;
        used = Integer.MAX_VALUE;
        int places = ranks.places[q];
        if (settled) {
            markEqual(places);
        }
        int cheap = 0;
        while (caps.costed() && cheap < places && !affordable(cheap, places + 1)) {
            cheap++;
        }
        int a = 0;
        int crossing = 0;
        for (int b = places + 1; b >= 1; b--) {
            while (a < b && !within(a, b)) {
                a++;
            }
            if (a >= b) {
                break;
            }
            while (cheap > 0 && affordable(cheap - 1, b)) {
                cheap--;
            }
            int least = Math.max(a, cheap);
            if (least >= b || !affordable(least, b)) {
                continue;
            }
            while (crossing < b - 1 && at(0, possible, crossing, b) > caps.offloads() - at(1, falses, crossing, b)) {
                crossing++;
            }
            int from = Math.min(Math.max(least, crossing), b - 1);
            take(settled ? Math.min(same[from], b - 1) : from, b);
            if (from > least) {
                take(from - 1, b);
            }
        }
    }

    private void take(int a, int b) {
        int most = Math.min(at(0, possible, a, b), caps.offloads() - at(1, falses, a, b));
        int uses = at(2, offloads, a, b);
        if (most > value || most == value && uses < used) {
            value = most;
            used = uses;
            bestA = a;
            bestB = b;
        }
    }

    /** For each a the last one with as many true positives. */
    private void markEqual(int places) {
        same[places] = places;
        for (int a = places - 1; a >= 0; a--) {
            same[a] = table[WIDTH * a] == table[WIDTH * (a + 1)] ? same[a + 1] : a;
        }
    }

    /**
     * What is paid for, in true positives.
     *
     * @param offload of an offload
     * @param falsePositive of one that is normal, besides
     * @param cost of a unit of local cost
     */
    record Prices(double offload, double falsePositive, double cost) {
        private double of(int[] counts, int at) {
            return counts[at] - offload * counts[at + 2] - falsePositive * counts[at + 1];
        }
    }

    /** The thresholds of exit {@code q} with most true positives less the prices, without caps; the others are one rule. */
    void priced(Box box, int q, Prices prices) {
        count(box, q);
        int places = ranks.places[q];
        double greatest = Double.NEGATIVE_INFINITY;
        double[] low = new double[places + 1];
        int[] from = new int[places + 1];
        for (int a = 0; a <= places; a++) {
            low[a] = prices.of(table, WIDTH * a) + prices.cost() * costs[a];
            from[a] = a;
            if (a > 0 && low[a] < low[a - 1]) {
                low[a] = low[a - 1];
                from[a] = from[a - 1];
            }
        }
        for (int b = places + 1; b >= 1; b--) {
            double high = prices.of(table, WIDTH * places + WIDTH / 2)
                    - prices.of(table, WIDTH * (b - 1) + WIDTH / 2)
                    + prices.cost() * (costs[places] - costs[b - 1]);
            if (low[b - 1] + high > greatest) {
                greatest = low[b - 1] + high;
                bestA = from[b - 1];
                bestB = b;
            }
        }
        value = at(0, possible, bestA, bestB);
        used = at(2, offloads, bestA, bestB);
    }
}

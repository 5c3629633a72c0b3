package org.qexit.threshold.exits;

import java.util.ArrayList;
import java.util.List;
import org.qexit.threshold.offload.NodeAnswers;
import org.qexit.threshold.offload.OffloadChoice;
import org.qexit.threshold.offload.OffloadMode;
import org.qexit.threshold.offload.OffloadSearch;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;

/**
 * Thresholds per exit in each {@linkplain OffloadMode mode} of offloading, judged by what device and edge node say together: never worse than
 * the best pair at the same caps, docs/maths.md §12. One exit's thresholds are found exactly while the others stand; exit after exit until
 * none improves, from the best pair and from sets of exits with the others skipped.
 *
 * <p>With all exits but q fixed, an event that reaches q is normal here, critical here, or what it becomes if it goes on. As in the search for
 * a pair, offloads and both kinds of positives only fall as l rises; as u falls positives only rise, offloads too where critical events are
 * offloaded, and else they only fall. Prepared once for all modes and caps; for one thread at a time.
 */
public final class ExitOffloadSearch implements OffloadChoice {
    /** Exits up to which all their subsets are starts. */
    private static final int MOST_SUBSETS = 4;

    private static final int MOST_ROUNDS = 50;

    private final DeviceTrace trace;
    private final NodeAnswers answers;
    private final OffloadSearch pairs;
    private final Ranks ranks;

    private ExitOffloadSearch(DeviceTrace trace, NodeAnswers answers) {
        this.trace = trace;
        this.answers = answers;
        pairs = OffloadSearch.of(trace, answers);
        ranks = Ranks.of(trace, true);
    }

    /** Prepares (sorts) a trace. */
    public static ExitOffloadSearch of(DeviceTrace trace, NodeAnswers answers) {
        return new ExitOffloadSearch(trace, answers);
    }

    @Override
    public Found<ExitThresholds> within(OffloadMode mode, long offloads, long falsePositives) {
        Places pair = ranks.places(pairs.within(mode, offloads, falsePositives).thresholds());
        Ascent best = new Ascent(mode, offloads, falsePositives, pair);
        for (boolean[] set : sets(ranks.exits())) {
            Places start = pair.copy();
            for (int q = 0; q < set.length; q++) {
                if (!set[q]) {
                    start.a[q] = 0;
                    start.b[q] = ranks.places[q] + 1;
                }
            }
            Ascent other = new Ascent(mode, offloads, falsePositives, start);
            best = other.sums != null && other.isBetter(best.sums) ? other : best;
        }
        ExitThresholds thresholds = ranks.thresholds(best.places);
        return new Found<>((int) best.sums[0], best.sums[1], best.sums[2], thresholds, ranks.margin(thresholds));
    }

    private static List<boolean[]> sets(int exits) {
        List<boolean[]> sets = new ArrayList<>();
        boolean all = exits <= MOST_SUBSETS;
        for (int i = 1; i < (all ? 1 << exits : exits + 1); i++) {
            boolean[] set = new boolean[exits];
            for (int q = 0; q < exits; q++) {
                set[q] = all ? (i >> q & 1) == 1 : q == i - 1;
            }
            sets.add(set);
        }
        return sets;
    }

    /** Sweeps exit after exit from a start until none improves. Sums are offloads, true and false positives. */
    private final class Ascent {
        private static final int WIDTH = 3;

        private final OffloadMode mode;
        private final long mostOffloads;
        private final long mostFalsePositives;
        private final Places places;
        /** Of the best met; null if nothing meets the caps. */
        private long[] sums;

        /** Per rank: what the events there count if they go on, and how much more if they are critical. */
        private long[] onward;

        private long[] more;
        private long[] settled;

        Ascent(OffloadMode mode, long mostOffloads, long mostFalsePositives, Places start) {
            this.mode = mode;
            this.mostOffloads = mostOffloads;
            this.mostFalsePositives = mostFalsePositives;
            places = start.copy();
            int exits = ranks.exits();
            int q = exits - 1;
            for (int i = 0, unchanged = 0; i < MOST_ROUNDS * exits && unchanged < exits; i++) {
                unchanged = sweep(q) ? 1 : unchanged + 1;
                q = q == 0 ? exits - 1 : q - 1;
            }
        }

        boolean isBetter(long[] than) {
            return than == null || better(sums, than);
        }

        private static boolean better(long[] a, long[] b) {
            return a[1] != b[1] ? a[1] > b[1] : a[0] != b[0] ? a[0] < b[0] : a[2] < b[2];
        }

        /** Adds what an event counts that ends critical, or undecided after the last exit. */
        private void add(long[] to, int at, int k, boolean critical, int sign) {
            boolean sent = critical ? mode.sendsCritical() : mode.sendsUndecided();
            long alarm = sent ? answers.critical()[k] : critical ? answers.scale() : 0;
            to[at] += sent ? sign : 0;
            to[at + 2 - trace.labels()[k]] += sign * alarm;
        }

        private void count(int q) {
            onward = new long[WIDTH * (ranks.places[q] + 2)];
            more = new long[WIDTH * (ranks.places[q] + 2)];
            settled = new long[WIDTH];
            for (int k = 0; k < ranks.events(); k++) {
                int first = end(k, 0, q);
                if (first < q) {
                    if (ranks.rank[first][k] >= places.b[first]) {
                        add(settled, 0, k, true, 1);
                    }
                    continue;
                }
                int at = WIDTH * ranks.rank[q][k];
                int last = end(k, q + 1, ranks.exits());
                boolean critical = last < ranks.exits() && ranks.rank[last][k] >= places.b[last];
                if (critical || last == ranks.exits()) {
                    add(onward, at, k, critical, 1);
                    add(more, at, k, critical, -1);
                }
                add(more, at, k, true, 1);
            }
        }

        /** The first of some exits that decides an event, or the end of them. */
        private int end(int k, int from, int to) {
            int t = from;
            while (t < to && ranks.rank[t][k] > places.a[t] && ranks.rank[t][k] < places.b[t]) {
                t++;
            }
            return t;
        }

        /** The best thresholds of one exit; whether they are better than all before. */
        private boolean sweep(int q) {
            count(q);
            int top = ranks.places[q];
            // From here on of all ranks at or above one, not of one.
            for (int i = WIDTH * (top + 1) - 1; i >= 0; i--) {
                onward[i] += onward[i + WIDTH];
                more[i] += more[i + WIDTH];
            }
            int[] same = same(top);
            boolean offloadsFall = !mode.sendsCritical();
            boolean improved = false;
            int up = 0;
            int down = top;
            for (int b = top + 1; b >= 1; b--) {
                while (up < b
                        && !(of(up, b, 2) <= mostFalsePositives && (offloadsFall || of(up, b, 0) <= mostOffloads))) {
                    up++;
                }
                while (offloadsFall && down > 0 && of(down - 1, b, 0) <= mostOffloads) {
                    down--;
                }
                int a = offloadsFall ? Math.max(up, down) : up;
                if (a < b) {
                    improved |= take(q, Math.min(same[a], b - 1), b);
                }
            }
            return improved;
        }

        /** A sum where ranks up to {@code a} are normal and those from {@code b} on critical. */
        private long of(int a, int b, int count) {
            return settled[count] + onward[WIDTH * (a + 1) + count] + more[WIDTH * b + count];
        }

        private boolean take(int q, int a, int b) {
            long[] found = {of(a, b, 0), of(a, b, 1), of(a, b, 2)};
            if (found[0] > mostOffloads || found[2] > mostFalsePositives || !(sums == null || better(found, sums))) {
                return false;
            }
            sums = found;
            places.a[q] = a;
            places.b[q] = b;
            return true;
        }

        /** For each a the last one that loses no true positive. */
        private int[] same(int top) {
            int[] same = new int[top + 1];
            same[top] = top;
            for (int a = top - 1; a >= 0; a--) {
                same[a] = onward[WIDTH * (a + 1) + 1] == onward[WIDTH * (a + 2) + 1] ? same[a + 1] : a;
            }
            return same;
        }
    }
}

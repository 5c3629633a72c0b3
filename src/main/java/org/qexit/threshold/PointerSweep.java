package org.qexit.threshold;

import java.util.Arrays;

/**
 * Sweeps u downwards with one pointer per query, a position that only falls (see {@link Moves}): queries are ascending, so
 * their pointers are too, and a move changes the counts of the queries in one contiguous range.
 *
 * <p>With S moves, D positions and n queries: O(S (log n + r) + n D), r the queries a move touches on average; a few
 * nanoseconds per move when n = 1.
 */
final class PointerSweep {
    private final Moves moves;
    private final int queries;
    /** Last position admitted, {@code [query]}; -1 once even position 0 admits too much. */
    private final int[] pointer;
    /** Offloads and true positives of the position {@code pointer}, {@code [query]}. */
    private final int[] offloads;

    private final int[] truePositives;
    /** Events that stand at each position now, and the critical ones among them. */
    private final int[] standing;

    private final int[] standingCritical;
    private final int[] bestUpper;
    private final int[] bestPosition;

    PointerSweep(Moves moves, int queries) {
        this.moves = moves;
        this.queries = queries;
        pointer = new int[queries];
        Arrays.fill(pointer, moves.positions - 1);
        offloads = new int[queries];
        truePositives = new int[queries];
        standing = new int[moves.positions + 1];
        standingCritical = new int[moves.positions + 1];
        bestUpper = new int[queries];
        bestPosition = new int[queries];
    }

    /** Most true positives with at most {@code budgets[i]} offloads and at most {@code maxFalsePositives}. */
    int[] mostTruePositives(int[] budgets, int maxFalsePositives) {
        int[] best = new int[queries];
        for (int i = 0; i < moves.size; ) {
            int end = group(i);
            for (int n = touchedFrom; n < touchedTo; n++) {
                int p = pointer[n];
                int w = offloads[n];
                int t = truePositives[n];
                while (w > budgets[n] || w - t > maxFalsePositives) {
                    w -= standing[p];
                    t -= standingCritical[p];
                    p--;
                }
                pointer[n] = p;
                offloads[n] = w;
                truePositives[n] = t;
                best[n] = Math.max(best[n], t);
            }
            i = end;
        }
        return best;
    }

    /** Fewest offloads with at least {@code targets[i]} true positives, which must be attainable; 0 for target 0. */
    int[] fewestOffloads(int[] targets) {
        int[] best = new int[queries];
        Arrays.fill(best, Integer.MAX_VALUE);
        for (int i = 0; i < moves.size; ) {
            int end = group(i);
            for (int n = touchedFrom; n < touchedTo; n++) {
                int p = pointer[n];
                int w = offloads[n];
                int t = truePositives[n];
                if (t < targets[n]) {
                    continue;
                }
                while (p > 0 && t - standingCritical[p] >= targets[n]) {
                    w -= standing[p];
                    t -= standingCritical[p];
                    p--;
                }
                pointer[n] = p;
                offloads[n] = w;
                truePositives[n] = t;
                if (w < best[n]) {
                    best[n] = w;
                    bestUpper[n] = moves.upper[i];
                    bestPosition[n] = p;
                }
            }
            i = end;
        }
        return best;
    }

    private int touchedFrom;
    private int touchedTo;

    /** Makes all moves of the same u from index {@code i} on; says which queries changed; returns the index after them. */
    private int group(int i) {
        int upper = moves.upper[i];
        touchedFrom = queries;
        touchedTo = 0;
        int at = i;
        for (; at < moves.size && moves.upper[at] == upper; at++) {
            int from = moves.from[at];
            int to = moves.to[at];
            int label = moves.label[at];
            standing[from]--;
            standing[to]++;
            standingCritical[from] -= label;
            standingCritical[to] += label;
            int first = firstAtLeast(to);
            int end = firstAtLeast(from);
            for (int n = first; n < end; n++) {
                offloads[n]++;
            }
            if (label == 1) {
                for (int n = first; n < end; n++) {
                    truePositives[n]++;
                }
            }
            // A pointer that stands where a critical event left counts as touched: it may be able to fall.
            int touched = label == 1 ? firstAtLeast(from + 1) : end;
            if (first < touched) {
                touchedFrom = Math.min(touchedFrom, first);
                touchedTo = Math.max(touchedTo, touched);
            }
        }
        return at;
    }

    /** The first query whose pointer is {@code >= position}. */
    private int firstAtLeast(int position) {
        int low = 0;
        int high = queries;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pointer[middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Float bits of the score just above u of the {@link #fewestOffloads} of a query. */
    int upper(int query) {
        return bestUpper[query];
    }

    /** Float bits of the score just above l of the {@link #fewestOffloads} of a query. */
    int lower(int query) {
        return moves.values[bestPosition[query]];
    }
}

package org.qexit.threshold;

/**
 * All budgets at once. u sweeps down over the moves; for every position v the offloads W(v) and true positives T(v) of the
 * current u are kept, and best(w) = most true positives met so far with at most w offloads.
 *
 * <p>A move from a to b adds 1 to W, and for a critical event to T, on [b, a). Its deficit best(W(v)) - T(v) is what
 * position v lacks to improve on best. best is non-decreasing in w and over time, so a normal event's move never lowers a
 * deficit and a critical one's lowers it by at most 1. Positions stand in blocks with one lazy addend for W, one for T and a
 * lower bound on the least deficit; a block is looked through only when its bound falls below 0, which also makes the
 * bound exact again. So nothing that could improve is ever missed, and most blocks are never looked at.
 *
 * <p>With S moves and D positions: O(S (D/B + B)) for the lazy additions, and at worst O(S D) for looking through blocks; far
 * less in practice. Memory O(K + D).
 */
final class FrontierSweep {
    private static final int SHIFT = 7;
    /** Block length: a partial block costs as much as a few hundred whole ones, and 2^17 positions make 1024 blocks. */
    private static final int BLOCK = 1 << SHIFT;

    private final Moves moves;
    private final int maxFalsePositives;
    /** Within a block, {@code [position]}; to be added to the block's own. */
    private final int[] offloads;

    private final int[] truePositives;
    private final int[] blockOffloads;
    private final int[] blockTruePositives;
    private final int[] leastDeficit;

    /** Most true positives with at most w offloads, {@code [w]}, filled up to {@code filled}. */
    private final int[] best;

    private final int[] bestUpper;
    private final int[] bestPosition;
    private int filled;

    FrontierSweep(Moves moves, int events, int maxFalsePositives) {
        this.moves = moves;
        this.maxFalsePositives = maxFalsePositives;
        int blocks = (moves.positions + BLOCK - 1) >> SHIFT;
        offloads = new int[moves.positions];
        truePositives = new int[moves.positions];
        blockOffloads = new int[blocks];
        blockTruePositives = new int[blocks];
        leastDeficit = new int[blocks];
        best = new int[events + 1];
        bestUpper = new int[events + 1];
        bestPosition = new int[events + 1];
    }

    void run() {
        int last = moves.positions - 1;
        for (int i = 0; i < moves.size; ) {
            int upper = moves.upper[i];
            int low = Integer.MAX_VALUE;
            int high = 0;
            for (; i < moves.size && moves.upper[i] == upper; i++) {
                int to = moves.to[i];
                int from = moves.from[i];
                if (moves.label[i] == 1) {
                    addCritical(to, from);
                    low = Math.min(low, to);
                    high = Math.max(high, from);
                } else {
                    addNormal(to, from);
                }
            }
            int end = offloads[last] + blockOffloads[last >> SHIFT];
            while (filled < end) {
                best[filled + 1] = best[filled];
                filled++;
            }
            for (int b = low >> SHIFT; b << SHIFT < high; b++) {
                if (leastDeficit[b] < 0) {
                    lookThrough(b, upper);
                }
            }
        }
        while (filled < best.length - 1) {
            best[filled + 1] = best[filled];
            filled++;
        }
    }

    private void addNormal(int from, int to) {
        int first = from >> SHIFT;
        int end = to >> SHIFT;
        if (first == end) {
            add(offloads, from, to);
            return;
        }
        add(offloads, from, (first + 1) << SHIFT);
        add(blockOffloads, first + 1, end);
        add(offloads, end << SHIFT, to);
    }

    private void addCritical(int from, int to) {
        addNormal(from, to);
        int first = from >> SHIFT;
        int end = to >> SHIFT;
        if (first == end) {
            add(truePositives, from, to);
        } else {
            add(truePositives, from, (first + 1) << SHIFT);
            add(blockTruePositives, first + 1, end);
            add(truePositives, end << SHIFT, to);
        }
        for (int b = first; b << SHIFT < to; b++) {
            leastDeficit[b]--;
        }
    }

    private static void add(int[] counts, int from, int to) {
        for (int v = from; v < to; v++) {
            counts[v]++;
        }
    }

    private void lookThrough(int block, int upper) {
        int addedOffloads = blockOffloads[block];
        int addedTruePositives = blockTruePositives[block];
        int end = Math.min((block + 1) << SHIFT, moves.positions);
        int least = Integer.MAX_VALUE;
        for (int v = block << SHIFT; v < end; v++) {
            int w = addedOffloads + offloads[v];
            int t = addedTruePositives + truePositives[v];
            if (w - t > maxFalsePositives) {
                break;
            }
            int deficit = best[w] - t;
            if (deficit < 0) {
                bestUpper[w] = upper;
                bestPosition[w] = v;
                for (int x = w; x <= filled && best[x] < t; x++) {
                    best[x] = t;
                }
                deficit = 0;
            }
            least = Math.min(least, deficit);
        }
        leastDeficit[block] = least;
    }

    /** Most true positives with at most {@code w} offloads. */
    int best(int w) {
        return best[w];
    }

    /** Float bits of the score just above u, where {@code best(w) > best(w - 1)}. */
    int upper(int w) {
        return bestUpper[w];
    }

    /** Float bits of the score just above l, where {@code best(w) > best(w - 1)}. */
    int lower(int w) {
        return moves.values[bestPosition[w]];
    }
}

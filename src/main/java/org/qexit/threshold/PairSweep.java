package org.qexit.threshold;

import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * Counts offloads and true positives of many given pairs of thresholds in one sweep over u, with two Fenwick trees over l:
 * O((S + n) log D) for n pairs, S moves and D positions, where trying each pair on each event costs O(n KL).
 */
final class PairSweep {
    private final Moves moves;
    private final int[] offloadTree;
    private final int[] truePositiveTree;
    private int made;

    private PairSweep(Moves moves) {
        this.moves = moves;
        offloadTree = new int[moves.positions + 1];
        truePositiveTree = new int[moves.positions + 1];
    }

    /**
     * The pair with most true positives among those with at most {@code budget} offloads; fewest offloads, then the earliest
     * pair among equals; null if none is within the budget.
     *
     * @param lower l of each pair, {@code [pair]}
     * @param upper u of each pair, {@code [pair]}, finite
     */
    static Frontier.Step best(DeviceTrace trace, float[] lower, float[] upper, long budget) {
        PairSweep sweep = new PairSweep(Moves.ofEveryValue(trace));
        long[] order = new long[upper.length];
        for (int i = 0; i < order.length; i++) {
            // Ascending keys walk u downwards; of equal u, pairs with l = u come first.
            int key = 2 * (Moves.bits(1f) - Moves.bits(upper[i])) + (lower[i] == upper[i] ? 0 : 1);
            order[i] = Radix.pack(key, i);
        }
        int best = -1;
        int mostTruePositives = -1;
        int leastOffloads = 0;
        for (long pair : Radix.sort(order, order.length)) {
            int i = (int) pair;
            boolean equal = lower[i] == upper[i];
            sweep.descend(Moves.bits(upper[i]), equal);
            int position = sweep.lastAbove(Moves.bits(lower[i]));
            int w = sum(sweep.offloadTree, position);
            int t = sum(sweep.truePositiveTree, position);
            if (w <= budget && (t > mostTruePositives || t == mostTruePositives && w < leastOffloads)) {
                best = i;
                mostTruePositives = t;
                leastOffloads = w;
            }
        }
        return best < 0
                ? null
                : new Frontier.Step(
                        leastOffloads,
                        mostTruePositives,
                        leastOffloads - mostTruePositives,
                        new Thresholds(lower[best], upper[best]),
                        0);
    }

    /** Makes the moves with u at or above {@code upper}; if l = u, only those above: equality is normal, Eq. (2). */
    private void descend(int upper, boolean above) {
        while (made < moves.size && (above ? moves.upper[made] > upper : moves.upper[made] >= upper)) {
            int label = moves.label[made];
            add(moves.from[made], -1, -label);
            add(moves.to[made], 1, label);
            made++;
        }
    }

    private void add(int position, int offloads, int truePositives) {
        for (int i = position + 1; i < offloadTree.length; i += i & -i) {
            offloadTree[i] += offloads;
            truePositiveTree[i] += truePositives;
        }
    }

    private static int sum(int[] tree, int position) {
        int total = 0;
        for (int i = position + 1; i > 0; i -= i & -i) {
            total += tree[i];
        }
        return total;
    }

    /** The last position whose M exceeds l. */
    private int lastAbove(int lower) {
        int low = 0;
        int high = moves.positions - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (moves.values[middle] > lower) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}

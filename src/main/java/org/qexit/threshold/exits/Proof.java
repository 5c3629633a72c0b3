package org.qexit.threshold.exits;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * An upper bound on the true positives of any thresholds per exit within the caps: branch and bound on boxes of thresholds, best bound
 * first. The thresholds of the exit before the last are not branched on: {@link Sweep} finds the best of them for the whole box at
 * once. A box whose events are all settled by it is solved. Better rules that are met on the way are kept.
 */
final class Proof {
    /** Boxes kept at most; each takes some 200 bytes. */
    private static final int MOST_OPEN = 500_000;
    /** An ascent is tried from the middle of every so many boxes. */
    private static final int TRY_EVERY = 256;

    private final Ranks ranks;
    private final Search search;
    private final Sweep sweep;
    private final int swept;
    private final PriorityQueue<Node> open = new PriorityQueue<>(
            Comparator.comparingInt((Node node) -> -node.bound).thenComparingInt(node -> -node.depth));
    private long work;

    private record Node(Box box, int bound, int dimension, int depth) {}

    Proof(Ranks ranks, Caps caps, Search search) {
        this.ranks = ranks;
        this.search = search;
        this.sweep = new Sweep(ranks, caps);
        this.swept = Math.max(0, ranks.exits() - 2);
    }

    /**
     * The bound.
     *
     * @param most confidences looked at before it gives up and returns what is proven by then
     * @return -1 if nothing meets the caps
     */
    int bound(long most) {
        add(Box.all(ranks), 0);
        int popped = 0;
        while (!open.isEmpty()) {
            Node node = open.peek();
            if (node.bound <= search.value()) {
                return search.value();
            }
            if (work >= most || open.size() >= MOST_OPEN) {
                return node.bound;
            }
            open.remove();
            if (++popped % TRY_EVERY == 0) {
                search.ascend(node.box.centre());
                work += 10L * ranks.events() * ranks.exits();
            }
            add(node.box.half(node.dimension, false), node.depth + 1);
            add(node.box.half(node.dimension, true), node.depth + 1);
        }
        return search.value();
    }

    private void add(Box box, int depth) {
        work += (long) ranks.events() * ranks.exits();
        sweep.best(box, swept, false);
        if (sweep.value <= search.value()) {
            return;
        }
        int widest = 0;
        for (int d = 1; d < sweep.unsettled.length; d++) {
            widest = sweep.unsettled[d] > sweep.unsettled[widest] ? d : widest;
        }
        if (sweep.unsettled[widest] > 0) {
            open.add(new Node(box, sweep.value, widest, depth));
        } else {
            Places solved = box.centre();
            solved.a[swept] = sweep.bestA;
            solved.b[swept] = sweep.bestB;
            search.ascend(solved);
        }
    }
}

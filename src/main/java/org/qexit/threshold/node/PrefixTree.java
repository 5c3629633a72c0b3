package org.qexit.threshold.node;

/**
 * Right answers and cost at every position of a lower threshold, under additions to all positions before one. A binary tree in which every
 * node keeps, relative to its parent, the most right answers and the least cost below it; O(log n) per addition. Position 0 is the smallest
 * threshold.
 */
final class PrefixTree {
    private final int leaves;
    private final int[] mostRight;
    private final long[] leastCost;

    /** @param positions at least 1 */
    PrefixTree(int positions) {
        leaves = Math.max(1, Integer.highestOneBit(Math.max(1, positions - 1)) << (positions > 1 ? 1 : 0));
        mostRight = new int[2 * leaves];
        leastCost = new long[2 * leaves];
        // Positions beyond the last are never chosen.
        for (int i = positions; i < leaves; i++) {
            mostRight[leaves + i] = Integer.MIN_VALUE / 2;
            leastCost[leaves + i] = Long.MAX_VALUE / 2;
        }
        for (int i = leaves - 1; i >= 1; i--) {
            pull(i, mostRight[i], leastCost[i]);
        }
    }

    /** What a node keeps for itself is what was added to all below it; the best of its children comes on top. */
    private void pull(int node, int ownRight, long ownCost) {
        mostRight[node] = ownRight + Math.max(mostRight[2 * node], mostRight[2 * node + 1]);
        leastCost[node] = ownCost + Math.min(leastCost[2 * node], leastCost[2 * node + 1]);
    }

    /** Adds to the positions below {@code end}. */
    void add(int end, int right, long cost) {
        if (end > 0) {
            add(1, 0, leaves, end, right, cost);
        }
    }

    private void add(int node, int from, int to, int end, int right, long cost) {
        if (to <= end) {
            mostRight[node] += right;
            leastCost[node] += cost;
            return;
        }
        int ownRight = mostRight[node] - Math.max(mostRight[2 * node], mostRight[2 * node + 1]);
        long ownCost = leastCost[node] - Math.min(leastCost[2 * node], leastCost[2 * node + 1]);
        int middle = (from + to) >>> 1;
        add(2 * node, from, middle, end, right, cost);
        if (middle < end) {
            add(2 * node + 1, middle, to, end, right, cost);
        }
        pull(node, ownRight, ownCost);
    }

    /** Hears of positions, in ascending order. */
    interface Visitor {
        /** Whether a position with at most this many right answers and at least this cost would be new. */
        boolean wants(int right, long cost);

        void accept(int position, int right, long cost);
    }

    /** Shows the visitor every position that it wants; it need not look below a node that it does not want. */
    void visit(Visitor visitor) {
        visit(visitor, 1, 0, leaves, 0, 0);
    }

    private void visit(Visitor visitor, int node, int from, int to, int right, long cost) {
        int most = right + mostRight[node];
        long least = cost + leastCost[node];
        if (!visitor.wants(most, least)) {
            return;
        }
        if (to - from == 1) {
            visitor.accept(from, most, least);
            return;
        }
        int ownRight = right + mostRight[node] - Math.max(mostRight[2 * node], mostRight[2 * node + 1]);
        long ownCost = cost + leastCost[node] - Math.min(leastCost[2 * node], leastCost[2 * node + 1]);
        int middle = (from + to) >>> 1;
        visit(visitor, 2 * node, from, middle, ownRight, ownCost);
        visit(visitor, 2 * node + 1, middle, to, ownRight, ownCost);
    }
}

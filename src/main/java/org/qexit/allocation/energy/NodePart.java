package org.qexit.allocation.energy;

/**
 * A part of what can be served at a node: devices that must be in a set, that cannot be, and that may; and a range of steps for each. What its
 * prices prove is kept with it.
 */
final class NodePart {
    static final byte FREE = 0;
    static final byte IN = 1;
    static final byte OUT = 2;

    /** {@code [item]}. */
    final byte[] mode;
    /** {@code [item]}: first and last position among the item's steps. */
    final int[] low;

    final int[] high;
    /** At the best prices. */
    NodeTrial trial;
    /** On either side of the best price of compute, or where compute is not scarce of bandwidth; null without two sides. */
    NodeTrial less;

    NodeTrial more;
    /** No set of this part earns more. */
    double bound = Double.POSITIVE_INFINITY;

    NodePart(int items) {
        mode = new byte[items];
        low = new int[items];
        high = new int[items];
    }

    NodePart copy() {
        NodePart copy = new NodePart(mode.length);
        System.arraycopy(mode, 0, copy.mode, 0, mode.length);
        System.arraycopy(low, 0, copy.low, 0, low.length);
        System.arraycopy(high, 0, copy.high, 0, high.length);
        copy.bound = bound;
        return copy;
    }
}

package org.qexit.allocation.energy;

import org.qexit.allocation.problem.Assignment;

/** Where devices are, with the sets of the nodes and what each set scores: what local searches change. */
final class Placed {
    /** Node per device: the caller's array, which follows. */
    final int[] placement;
    /** {@code [node]}: increasing devices. */
    final int[][] members;
    /** {@code [node]}: the caller's. */
    final double[] score;

    Placed(int[] placement, int nodes) {
        this.placement = placement;
        this.members = Assignment.members(nodes, placement);
        this.score = new double[nodes];
    }

    /**
     * A device goes to another node, alone or in exchange.
     *
     * @param other who comes back, or -1
     * @param here the set then at the node that is left
     * @param there the set then at the other node
     */
    record Exchange(int device, int from, int to, int other, int[] here, int[] there) {}

    /** @param other a device at {@code to}, or -1 */
    Exchange exchange(int device, int to, int other) {
        int from = placement[device];
        int[] here = Sets.without(members[from], device);
        int[] there = other < 0 ? members[to] : Sets.without(members[to], other);
        return new Exchange(
                device, from, to, other, other < 0 ? here : Sets.with(here, other), Sets.with(there, device));
    }

    void take(Exchange exchange, double scoreHere, double scoreThere) {
        members[exchange.from] = exchange.here;
        members[exchange.to] = exchange.there;
        score[exchange.from] = scoreHere;
        score[exchange.to] = scoreThere;
        placement[exchange.device] = exchange.to;
        if (exchange.other >= 0) {
            placement[exchange.other] = exchange.from;
        }
    }
}

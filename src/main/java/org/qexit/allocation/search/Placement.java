package org.qexit.allocation.search;

import java.util.Arrays;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;

/**
 * Which devices stand at which node while a local search moves them: lists that change in O(1), and the bandwidth in use. The arrays are
 * read freely and changed by {@link #set} and {@link #move} alone.
 */
public final class Placement {
    /** {@code [device]}: the node it stands at. */
    public final int[] node;
    /** {@code [node][i]} for i below {@link #count}: its devices, in no order. */
    public final int[][] members;
    /** {@code [node]}. */
    public final int[] count;
    /** {@code [device]}: where in its node's members it stands. */
    public final int[] place;
    /** {@code [node]}, Hz: the least bandwidths of its devices together; +∞ where a pair cannot work. */
    public final double[] usedB;

    private final JointModel model;

    /** Nobody stands anywhere until {@link #set}. */
    public Placement(JointModel model) {
        this.model = model;
        node = new int[model.devices];
        place = new int[model.devices];
        members = new int[model.nodes][];
        count = new int[model.nodes];
        usedB = new double[model.nodes];
    }

    /** @param start {@code [device]}: the node of each */
    public void set(int[] start) {
        int[][] initial = Assignment.members(model.nodes, start);
        System.arraycopy(start, 0, node, 0, node.length);
        for (int j = 0; j < model.nodes; j++) {
            members[j] = Arrays.copyOf(initial[j], Math.max(4, 2 * initial[j].length));
            count[j] = initial[j].length;
            usedB[j] = 0;
            for (int i = 0; i < count[j]; i++) {
                place[members[j][i]] = i;
                usedB[j] += model.need[members[j][i]][j];
            }
        }
    }

    /** Puts device a at node {@code to}, and device b of that node, unless it is -1, where a was. */
    public void move(int a, int b, int to) {
        int from = node[a];
        detach(a);
        if (b >= 0) {
            detach(b);
            attach(b, from);
        }
        attach(a, to);
    }

    private void detach(int n) {
        int j = node[n];
        int last = members[j][--count[j]];
        members[j][place[n]] = last;
        place[last] = place[n];
        usedB[j] -= model.need[n][j];
    }

    private void attach(int n, int j) {
        node[n] = j;
        if (count[j] == members[j].length) {
            members[j] = Arrays.copyOf(members[j], 2 * count[j]);
        }
        place[n] = count[j];
        members[j][count[j]++] = n;
        usedB[j] += model.need[n][j];
    }
}

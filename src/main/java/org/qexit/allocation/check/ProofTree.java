package org.qexit.allocation.check;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Instance;

/** Walks the search tree of a certificate. As every decision splits its plans in two, the leaves cover them all. */
final class ProofTree {
    private ProofTree() {}

    /**
     * A leaf with the pairs that its decisions leave.
     *
     * @param step without a decision
     * @param allowed {@code [device][node]}
     */
    record Leaf(Certificate.ProofStep step, boolean[][] allowed) {}

    /**
     * The largest bound among the leaves.
     *
     * @throws IllegalArgumentException if the steps are not one whole tree of this instance
     */
    static double largest(Instance instance, List<Certificate.ProofStep> steps, ToDoubleFunction<Leaf> bound) {
        Map<String, Integer> deviceIndex = new HashMap<>();
        Map<String, Integer> nodeIndex = new HashMap<>();
        instance.devices().forEach(device -> deviceIndex.put(device.id(), deviceIndex.size()));
        instance.nodes().forEach(node -> nodeIndex.put(node.id(), nodeIndex.size()));
        Deque<boolean[][]> open = new ArrayDeque<>();
        boolean[][] all = new boolean[deviceIndex.size()][nodeIndex.size()];
        for (boolean[] row : all) {
            Arrays.fill(row, true);
        }
        open.push(all);
        double largest = Double.NEGATIVE_INFINITY;
        for (Certificate.ProofStep step : steps) {
            if (open.isEmpty()) {
                throw new IllegalArgumentException("has steps behind its last leaf");
            }
            boolean[][] allowed = open.pop();
            if (!step.isDecision()) {
                largest = Math.max(largest, bound.applyAsDouble(new Leaf(step, allowed)));
                continue;
            }
            Integer n = deviceIndex.get(step.device());
            Integer j = nodeIndex.get(step.node());
            if (n == null || j == null) {
                throw new IllegalArgumentException("decides on device " + step.device() + " and node " + step.node()
                        + ", which are not both here");
            }
            boolean[][] without = allowed.clone();
            without[n] = allowed[n].clone();
            without[n][j] = false;
            boolean[][] with = allowed.clone();
            with[n] = new boolean[nodeIndex.size()];
            with[n][j] = allowed[n][j];
            open.push(without);
            open.push(with);
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("ends before its last leaf");
        }
        return largest;
    }
}

package org.qexit.allocation.search;

import java.util.Arrays;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.JointModel;

/** A subproblem of the search tree: which pairs of device and node are still allowed, and the bound known for it. */
public final class Branch {
    private final JointModel model;
    /** {@code [device][node]}. */
    private final boolean[][] allowed;

    private int[][] candidates;
    double bound;
    double[] prices;
    int depth;
    /** Keeps the proof of its bound, or null where bounds only steer. */
    BoundTree proof;

    private Branch(JointModel model, boolean[][] allowed) {
        this.model = model;
        this.allowed = allowed;
    }

    static Branch root(JointModel model) {
        boolean[][] allowed = new boolean[model.devices][model.nodes];
        for (int n = 0; n < model.devices; n++) {
            for (int j : model.allowed[n]) {
                allowed[n][j] = true;
            }
        }
        Branch root = new Branch(model, allowed);
        root.bound = Double.POSITIVE_INFINITY;
        root.proof = new BoundTree(model);
        return root;
    }

    /** The same subproblem, one level deeper. */
    Branch child() {
        boolean[][] copy = new boolean[allowed.length][];
        for (int n = 0; n < copy.length; n++) {
            copy[n] = allowed[n].clone();
        }
        Branch child = new Branch(model, copy);
        child.bound = bound;
        child.prices = prices;
        child.depth = depth + 1;
        return child;
    }

    Branch with(int device, int node) {
        Branch child = child();
        Arrays.fill(child.allowed[device], false);
        child.allowed[device][node] = true;
        return child;
    }

    Branch without(int device, int node) {
        Branch child = child();
        child.allowed[device][node] = false;
        return child;
    }

    /** Bounds the branch by an argument of the search's own, of which prices of the nodes alone prove {@code priced}. */
    public void settle(Certificate.NodePrices prices, double value, double priced) {
        bound = Math.min(bound, value);
        if (proof != null) {
            proof.settle(prices, value, priced);
        }
    }

    /** Takes a pair away for good in this subproblem and all below it. */
    void forbid(int device, int node) {
        allowed[device][node] = false;
        candidates = null;
    }

    /** The device's node where it has one only; else -1. */
    public int only(int device) {
        int found = -1;
        for (int j = 0; j < allowed[device].length; j++) {
            if (allowed[device][j]) {
                if (found >= 0) {
                    return -1;
                }
                found = j;
            }
        }
        return found;
    }

    /** The devices that may only be at this node, increasing. */
    public int[] placed(int node) {
        return Arrays.stream(candidates(node)).filter(n -> options(n) == 1).toArray();
    }

    boolean allows(int device, int node) {
        return allowed[device][node];
    }

    int options(int device) {
        int count = 0;
        for (boolean a : allowed[device]) {
            count += a ? 1 : 0;
        }
        return count;
    }

    /** Whether some device still has a choice of nodes. */
    boolean isOpen() {
        for (int n = 0; n < model.devices; n++) {
            if (options(n) > 1) {
                return true;
            }
        }
        return false;
    }

    public boolean admits(Column column) {
        for (int n : column.devices()) {
            if (!allowed[n][column.node()]) {
                return false;
            }
        }
        return true;
    }

    /** Devices that node j may serve. */
    public int[] candidates(int j) {
        if (candidates == null) {
            int[][] lists = new int[model.nodes][];
            for (int k = 0; k < model.nodes; k++) {
                int[] list = new int[model.devices];
                int count = 0;
                for (int n = 0; n < model.devices; n++) {
                    if (allowed[n][k]) {
                        list[count++] = n;
                    }
                }
                lists[k] = Arrays.copyOf(list, count);
            }
            candidates = lists;
        }
        return candidates[j];
    }
}

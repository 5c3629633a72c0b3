package org.qexit.allocation.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;

/**
 * What a search tree proves, kept for the certificate: the decisions on single pairs of device and node, and for every subproblem
 * the device prices y with the least bound found there. A subproblem that could not be closed is a leaf like any other. Not
 * thread-safe.
 */
public final class BoundTree {
    private final JointModel model;
    /** y per device of {@link NodePricing#bound}, or null before the first. */
    private double[] prices;

    /** What each node earned at those prices: an aim for whoever recomputes the bound. */
    private double[] nodeProfits;

    /** The bound at those prices: no assignment of this subproblem has a larger value. */
    private double bound = Double.POSITIVE_INFINITY;

    private int device = -1;
    private int node = -1;
    private BoundTree with;
    private BoundTree without;

    BoundTree(JointModel model) {
        this.model = model;
    }

    void offer(double[] newPrices, double value, double[] profits) {
        if (value < bound) {
            prices = newPrices;
            nodeProfits = profits.clone();
            bound = value;
        }
    }

    /** Decides a pair: the parent's prices hold for both children until they find better ones. */
    void split(int decidedDevice, int decidedNode) {
        device = decidedDevice;
        node = decidedNode;
        with = inherited();
        without = inherited();
    }

    private BoundTree inherited() {
        BoundTree child = new BoundTree(model);
        child.prices = prices;
        child.nodeProfits = nodeProfits;
        child.bound = bound;
        return child;
    }

    BoundTree with() {
        return with;
    }

    BoundTree without() {
        return without;
    }

    /** The largest bound among the leaves. */
    public double provenBound() {
        double largest = Double.NEGATIVE_INFINITY;
        Deque<BoundTree> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            BoundTree tree = open.pop();
            if (tree.with == null) {
                largest = Math.max(largest, tree.bound);
            } else {
                open.push(tree.with);
                open.push(tree.without);
            }
        }
        return Math.min(bound, largest);
    }

    /**
     * The proof of {@code claim}, a bound on the true objective, in preorder and no deeper than needed; null if a leaf has no prices.
     *
     * @param numbersLimit null is returned if there are more prices than this
     */
    public List<Certificate.ProofStep> steps(PlanningProblem problem, double claim, long numbersLimit) {
        List<Certificate.ProofStep> steps = new ArrayList<>();
        Deque<BoundTree> open = new ArrayDeque<>();
        open.push(this);
        double enough = claim - model.offset + 1e-12 * Math.abs(claim);
        long numbers = 0;
        while (!open.isEmpty()) {
            BoundTree tree = open.pop();
            if (tree.with == null || tree.bound <= enough) {
                if (tree.prices == null) {
                    return null;
                }
                numbers += tree.prices.length + tree.nodeProfits.length;
                if (numbers > numbersLimit) {
                    return null;
                }
                double[] shifted = new double[tree.prices.length];
                for (int n = 0; n < shifted.length; n++) {
                    shifted[n] = tree.prices[n] - model.top[n];
                }
                steps.add(new Certificate.ProofStep(null, null, shifted, tree.nodeProfits));
            } else {
                steps.add(new Certificate.ProofStep(
                        problem.user(tree.device).id(),
                        problem.instance().nodes().get(tree.node).id(),
                        null,
                        null));
                open.push(tree.without);
                open.push(tree.with);
            }
        }
        return steps;
    }
}

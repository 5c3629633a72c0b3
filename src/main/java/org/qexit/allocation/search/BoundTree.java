package org.qexit.allocation.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;

/**
 * What a search tree proves, kept for the certificate: the decisions on single pairs of device and node, and for every subproblem
 * the device prices y with the least bound found there. A subproblem that could not be closed is a leaf like any other. Not
 * thread-safe.
 */
public final class BoundTree {
    /** Profit and prices. */
    private static final int NUMBERS_PER_NODE = 5;

    private final JointModel model;
    /** y per device of {@link NodePricing#bound}, or null before the first. */
    private double[] prices;

    /** What each node earned at those prices: an aim for whoever recomputes the bound. */
    private double[] nodeProfits;

    /** What else its recomputation needs, or null. */
    private Certificate.NodePrices nodePrices;

    /** The bound at those prices: no assignment of this subproblem has a larger value. */
    private double bound = Double.POSITIVE_INFINITY;

    /** The bound that whoever recomputes it from the prices finds: larger where the search proved more than prices can. */
    private double recomputed = Double.POSITIVE_INFINITY;

    private int device = -1;
    private int node = -1;
    private BoundTree with;
    private BoundTree without;

    BoundTree(JointModel model) {
        this.model = model;
    }

    void offer(double[] newPrices, double value, double[] profits, Certificate.NodePrices also) {
        if (value < bound) {
            prices = newPrices;
            nodeProfits = profits.clone();
            nodePrices = also;
            bound = value;
            recomputed = value;
        }
    }

    /** A bound of the search's own, of which prices of the nodes prove {@code priced} without any of the devices. */
    void settle(Certificate.NodePrices alone, double value, double priced) {
        bound = Math.min(bound, value);
        if (priced < recomputed) {
            prices = null;
            nodeProfits = null;
            nodePrices = alone;
            recomputed = priced;
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
        child.nodePrices = nodePrices;
        child.bound = bound;
        child.recomputed = recomputed;
        return child;
    }

    BoundTree with() {
        return with;
    }

    BoundTree without() {
        return without;
    }

    /** With the same prices of the nodes at all leaves. */
    public BoundTree with(Certificate.NodePrices all) {
        Deque<BoundTree> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            BoundTree tree = open.pop();
            tree.nodePrices = all;
            if (tree.with != null) {
                open.push(tree.with);
                open.push(tree.without);
            }
        }
        return this;
    }

    /** What prices prove of the true objective. */
    public double recomputedBound() {
        return Math.min(recomputed, largest(tree -> tree.recomputed)) + model.offset;
    }

    /** The largest bound among the leaves. */
    public double provenBound() {
        return Math.min(bound, largest(tree -> tree.bound));
    }

    private double largest(ToDoubleFunction<BoundTree> value) {
        double largest = Double.NEGATIVE_INFINITY;
        Deque<BoundTree> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            BoundTree tree = open.pop();
            if (tree.with == null) {
                largest = Math.max(largest, value.applyAsDouble(tree));
            } else {
                open.push(tree.with);
                open.push(tree.without);
            }
        }
        return largest;
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
            if (tree.with == null || tree.recomputed <= enough) {
                if (tree.prices == null && tree.nodePrices == null) {
                    return null;
                }
                steps.add(tree.leaf());
                numbers += (long) model.nodes * (tree.nodePrices == null ? 1 : NUMBERS_PER_NODE)
                        + (tree.prices == null ? 0 : model.devices);
                if (numbers > numbersLimit) {
                    return null;
                }
            } else {
                steps.add(new Certificate.ProofStep(
                        problem.user(tree.device).id(),
                        problem.instance().nodes().get(tree.node).id(),
                        null,
                        null,
                        null));
                open.push(tree.without);
                open.push(tree.with);
            }
        }
        return steps;
    }

    private Certificate.ProofStep leaf() {
        double[] shifted = null;
        if (prices != null) {
            shifted = prices.clone();
            for (int n = 0; n < shifted.length; n++) {
                shifted[n] -= model.top[n];
            }
        }
        return new Certificate.ProofStep(null, null, shifted, nodeProfits, nodePrices);
    }
}

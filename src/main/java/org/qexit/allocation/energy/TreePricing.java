package org.qexit.allocation.energy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.search.Branch;
import org.qexit.allocation.search.Column;

/** Node pricing where energy has a weight: {@link NodeTree} bounds every node. */
final class TreePricing extends NodeSets {
    /** Effort in labels per part of a node's tree. */
    private static final int LABELS_PER_PART = 25;

    private static final int LEAST_PARTS = 20;
    private static final int MOST_PARTS = 20_000;

    /** {@code [node]}. */
    private final NodeTree[] trees;

    /** Starts from the prices of a Lagrangian bound. */
    TreePricing(EnergyModel energy, JointModel relaxed, NodeEnergy nodes, EnergyPrices start, Deadline deadline) {
        super(energy, relaxed, nodes);
        int[][] hull = energy.hull();
        trees = new NodeTree[energy.nodes];
        for (int j = 0; j < trees.length; j++) {
            trees[j] =
                    new NodeTree(energy, j, hull, new double[] {start.alpha[j], start.beta[j], start.nu[j]}, deadline);
        }
    }

    @Override
    protected List<Column> price(int j, double[] y, Branch branch, int limit) {
        double floor = known(j, y, branch);
        double[] worth = new double[y.length];
        for (int n = 0; n < worth.length; n++) {
            worth[n] = y[n] - model.top[n];
        }
        int parts = limit >= LABELS ? MOST_PARTS : Math.max(LEAST_PARTS, limit / LABELS_PER_PART);
        List<Column> found = new ArrayList<>();
        double bound = trees[j].bound(branch.candidates(j), worth, worthwhile(floor), parts, set -> {
            Column column = fitting(j, set, y);
            if (column == null) {
                return Double.NEGATIVE_INFINITY;
            }
            double profit = column.profit(y);
            if (found.isEmpty() || profit > worthwhile(floor)) {
                found.removeIf(other -> Arrays.equals(other.devices(), column.devices()));
                found.add(column);
            }
            return profit;
        });
        nodeBound[j] = Math.max(floor, bound);
        return taken(j, y, floor, found);
    }

    @Override
    protected Certificate.NodePrices parameters() {
        double[][] prices = new double[3][trees.length];
        for (int r = 0; r < prices.length; r++) {
            for (int j = 0; j < trees.length; j++) {
                prices[r][j] = trees[j].price(r);
            }
        }
        return new Certificate.NodePrices(prices[0], prices[1], prices[2], null, null);
    }
}

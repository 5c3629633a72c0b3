package org.qexit.allocation.energy;

import java.util.ArrayList;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.search.Branch;
import org.qexit.allocation.search.Column;

/** Node pricing where energy has a weight: {@link NodeCells} bounds every node. */
final class CellPricing extends NodeSets {
    /** Effort in labels up to which few prices are tried. */
    private static final int FIRST = 1000;
    /** Cells keep bandwidth whole, so that its price need only charge what they round away. */
    private static final double CELLS_HELP = 0.2;

    private final NodeCells[] cells;
    /** {@code [node]}. */
    private final SetValue[] values;

    /** Starts from the prices of a Lagrangian bound. */
    CellPricing(EnergyModel energy, JointModel relaxed, NodeEnergy nodes, EnergyPrices start) {
        super(energy, relaxed, nodes);
        int[][] hull = energy.hull();
        cells = new NodeCells[energy.nodes];
        values = new SetValue[energy.nodes];
        for (int j = 0; j < cells.length; j++) {
            cells[j] = new NodeCells(
                    energy, j, hull, new double[] {CELLS_HELP * start.alpha[j], start.beta[j], start.nu[j]});
            values[j] = new SetValue(energy, hull);
        }
    }

    @Override
    protected List<Column> price(int j, double[] y, Branch branch, int limit) {
        double floor = known(j, y, branch);
        double[] worth = new double[y.length];
        for (int n = 0; n < worth.length; n++) {
            worth[n] = y[n] - model.top[n];
        }
        boolean coarse = limit <= FIRST;
        boolean fine = limit >= LABELS;
        int count = fine ? NodeCells.CELLS : NodeCells.CELLS / 4;
        int attempts = coarse ? 3 : fine ? 10 : 6;
        nodeBound[j] = Math.max(floor, cells[j].bound(branch.candidates(j), worth, count, attempts));
        List<Column> found = new ArrayList<>();
        for (int[] set : cells[j].sets()) {
            Column column = fitting(j, set, y);
            if (column != null) {
                found.add(column);
            }
        }
        return taken(j, y, floor, found);
    }

    /** By the bound of the set alone where that is quick: it steers as the nodes' bounds do. */
    @Override
    protected double value(int j, int[] members) {
        return energy.power[j] == Double.POSITIVE_INFINITY ? values[j].of(j, members) : super.value(j, members);
    }

    @Override
    protected Certificate.NodePrices parameters() {
        double[][] prices = new double[3][cells.length];
        for (int r = 0; r < prices.length; r++) {
            for (int j = 0; j < cells.length; j++) {
                prices[r][j] = cells[j].price(r);
            }
        }
        return new Certificate.NodePrices(prices[0], prices[1], prices[2], null, null);
    }
}

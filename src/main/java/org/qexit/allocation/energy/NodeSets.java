package org.qexit.allocation.energy;

import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.search.Branch;
import org.qexit.allocation.search.Column;
import org.qexit.allocation.search.NodePricing;
import org.qexit.edge.DeadlineCurve;

/** {@link NodePricing} whose sets are worth what {@link NodeEnergy} finds for them; bounds are the subclass's. */
abstract class NodeSets extends NodePricing {
    protected final EnergyModel energy;
    protected final NodeEnergy nodes;

    /** @param relaxed of {@code energy}, whose shifted values the search sees */
    NodeSets(EnergyModel energy, JointModel relaxed, NodeEnergy nodes) {
        super(relaxed);
        this.energy = energy;
        this.nodes = nodes;
    }

    @Override
    protected double worstValue() {
        return energy.worstValue() - model.offset - 1e-6 * Math.abs(energy.worstValue());
    }

    /** Energies differ so much among devices that their mean says little. */
    @Override
    protected double dear() {
        double most = 0;
        for (int n = 0; n < energy.devices; n++) {
            most = Math.max(most, model.top[n] - energy.worstValue(n));
        }
        return 2 * most;
    }

    @Override
    protected void offer(Assignment assignment) {
        int[][] members = Assignment.members(model.nodes, assignment.node());
        for (int j = 0; j < model.nodes; j++) {
            Column column = column(j, members[j]);
            if (column != null) {
                offer(column);
            }
        }
    }

    /** What a set is worth, in shifted values; null if it does not fit or is empty. */
    protected Column column(int j, int[] members) {
        if (members.length == 0) {
            return null;
        }
        if (!energy.fits(j, members)) {
            return null;
        }
        double value = value(j, members);
        for (int n : members) {
            value -= model.top[n];
        }
        return new Column(j, members, new int[members.length], value);
    }

    /** What a set that fits is worth. */
    protected double value(int j, int[] members) {
        return nodes.quick(j, members).value();
    }

    /** As many devices of a set as fit, those that earn least at prices y left out first. */
    protected Column fitting(int j, int[] members, double[] y) {
        int[] some = members;
        while (some.length > 0 && !energy.fits(j, some)) {
            int worst = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int m = 0; m < some.length; m++) {
                double perHz = y[some[m]] / energy.curves[some[m]][energy.linkTo[some[m]][j]].leastHz();
                if (perHz < least) {
                    least = perHz;
                    worst = m;
                }
            }
            int[] fewer = new int[some.length - 1];
            System.arraycopy(some, 0, fewer, 0, worst);
            System.arraycopy(some, worst + 1, fewer, worst, fewer.length - worst);
            some = fewer;
        }
        return column(j, some);
    }

    /** The sets that are worth having, after the node's best one is known among them and the pool's. */
    protected List<Column> taken(int j, double[] y, double floor, List<Column> found) {
        double best = floor;
        for (Column column : found) {
            if (column.profit(y) > best) {
                best = column.profit(y);
                bestColumn[j] = column;
            }
        }
        return found.stream().filter(column -> column.profit(y) > worthwhile(0)).toList();
    }

    @Override
    protected void settle(Branch branch) {
        double bound = -model.offset;
        double priced = -model.offset;
        double[] lambda = new double[model.nodes];
        double[] nu = new double[model.nodes];
        for (int j = 0; j < model.nodes; j++) {
            int[] members = branch.placed(j);
            NodeEnergy.Choice choice = nodes.solve(j, members);
            if (!choice.fits()) {
                refuse(branch, j, members);
                return;
            }
            bound += choice.bound();
            priced += choice.priced();
            lambda[j] = choice.bandwidthPrice();
            nu[j] = choice.powerPrice();
        }
        branch.settle(new Certificate.NodePrices(lambda, null, nu, null, null), bound, priced);
    }

    @Override
    protected boolean fits(Branch branch, int node) {
        int[] members = branch.placed(node);
        boolean fits = energy.fits(node, members);
        if (!fits) {
            refuse(branch, node, members);
        }
        return fits;
    }

    private void refuse(Branch branch, int node, int[] members) {
        double[] rate = new double[model.nodes];
        rate[node] = rate(node, members);
        String id = energy.problem.instance().nodes().get(node).id();
        double none = Double.NEGATIVE_INFINITY;
        branch.settle(new Certificate.NodePrices(null, null, null, rate, id), none, none);
    }

    /** The rate [Hz/W] at which a node's devices would exchange power for bandwidth. */
    protected double rate(int node, int[] members) {
        if (energy.power[node] == Double.POSITIVE_INFINITY || members.length == 0) {
            return 0;
        }
        DeadlineCurve[] curves = energy.curvesAt(node, members);
        NodeRadio least = NodeRadio.leastBandwidth(curves, energy.power[node]);
        return least != null
                ? least.powerPrice()
                : 1
                        / Arrays.stream(curves)
                                .mapToDouble(DeadlineCurve::slopeAtMostHz)
                                .min()
                                .orElse(1);
    }
}

package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;

/**
 * The bound that keeps each node's choice of devices whole: for any device prices y ≥ 0,
 *
 * <pre>  optimum ≤ −Σ_n y_n + Σ_j max_{sets at j} (Σ_{n in set} y_n + value of the set)</pre>
 *
 * and the columns that its subproblems produce. What a set is worth, and how the maximum is bounded, is the subclass's. Nodes are solved in
 * parallel, results are taken in their order.
 */
public abstract class NodePricing {
    /** A column that earns this much more than the best one known is worth having: each node's bound is off by as much. */
    private static final double MARGIN = 1e-10;
    /** Below that the sums of profits round. */
    private static final double LEAST_MARGIN = 1e-14;

    /** Effort of a bound, in labels alive at once: it must be exact where it can be, so more than a division gets. */
    public static final int LABELS = 100_000;
    /** Effort where a good set is enough. */
    public static final int QUICK = 64;

    protected final JointModel model;
    private double margin = MARGIN;
    private final List<List<Column>> pool;
    /** {@code [node]}: where in the pool a set is. */
    private final List<Map<List<Integer>, Integer>> known;
    /** {@code [node]}: profit bound of each node in the last {@link #bound}. */
    protected final double[] nodeBound;
    /** {@code [node]}: the best set found there in the last {@link #bound}, or null for none. */
    protected final Column[] bestColumn;

    protected NodePricing(JointModel model) {
        this.model = model;
        this.pool = new ArrayList<>();
        this.known = new ArrayList<>();
        this.nodeBound = new double[model.nodes];
        this.bestColumn = new Column[model.nodes];
        for (int j = 0; j < model.nodes; j++) {
            pool.add(new ArrayList<>());
            known.add(new HashMap<>());
        }
    }

    protected List<Column> pool(int j) {
        return pool.get(j);
    }

    int poolSize() {
        return pool.stream().mapToInt(List::size).sum();
    }

    /** Adds a column unless the pool has its set already with as much value: few labels can miss a set's best steps. */
    protected boolean offer(Column column) {
        if (column.devices().length == 0) {
            return false;
        }
        List<Integer> key = IntStream.of(column.devices()).boxed().toList();
        List<Column> sets = pool.get(column.node());
        Integer place = known.get(column.node()).putIfAbsent(key, sets.size());
        if (place == null) {
            sets.add(column);
            return true;
        }
        if (column.value() <= sets.get(place).value()) {
            return false;
        }
        sets.set(place, column);
        return true;
    }

    /** Takes the sets of an assignment into the pool. */
    protected abstract void offer(Assignment assignment);

    /** The bound at prices y under the branch's restrictions; new columns go to {@code fresh} and to the pool. */
    double bound(double[] y, Branch branch, List<Column> fresh) {
        return bound(y, branch, fresh, LABELS);
    }

    /** The same with at most {@code limit} labels alive per node: quicker and weaker; {@link #blur} says by how much at most. */
    double bound(double[] y, Branch branch, List<Column> fresh, int limit) {
        List<List<Column>> found = new ArrayList<>(Collections.nCopies(model.nodes, List.of()));
        IntStream.range(0, model.nodes).parallel().forEach(j -> found.set(j, price(j, y, branch, limit)));
        double total = 0;
        for (double price : y) {
            total -= price;
        }
        for (int j = 0; j < model.nodes; j++) {
            total += nodeBound[j];
            found.get(j).stream().filter(this::offer).forEach(fresh::add);
        }
        return total;
    }

    /** Looks for columns so fine that what all nodes overlook takes at most half of this slack of the objective. */
    void refine(double slack) {
        margin = Math.max(LEAST_MARGIN, Math.min(MARGIN, slack / (2 * model.nodes)));
    }

    /** How far the last {@link #bound}, at these prices, is above what its best sets earn: what more labels could still take off. */
    double blur(double[] y) {
        double sum = 0;
        for (int j = 0; j < model.nodes; j++) {
            sum += nodeBound[j] - (bestColumn[j] == null ? 0 : bestColumn[j].profit(y));
        }
        return sum;
    }

    /** What a set must earn to be worth having beside one that earns {@code floor}. */
    protected double worthwhile(double floor) {
        return floor + margin;
    }

    /** The best set of the pool that the branch admits, kept as the node's best; returns its profit, 0 for none. */
    protected double known(int j, double[] y, Branch branch) {
        double floor = 0;
        bestColumn[j] = null;
        for (Column column : pool.get(j)) {
            double profit = column.profit(y);
            if (profit > floor && branch.admits(column)) {
                floor = profit;
                bestColumn[j] = column;
            }
        }
        return floor;
    }

    /** Bounds node j's problem and keeps its best set; returns the sets worth having, the best one last. */
    protected abstract List<Column> price(int j, double[] y, Branch branch, int limit);

    /** No assignment is worth less. */
    protected double worstValue() {
        return model.worstValue();
    }

    /** A price that a device is hardly worth. */
    protected double dear() {
        return -2 * worstValue() / model.devices;
    }

    /** What beside device prices the recomputation of the last bound needs, or null. */
    protected Certificate.NodePrices parameters() {
        return null;
    }

    /** Settles a branch where every device has one node: proves its bound as well as it can be. */
    protected void settle(Branch branch) {}

    /** False if the devices that may only be at this node do not fit there; then the branch's proof says so. */
    protected boolean fits(Branch branch, int node) {
        return true;
    }
}

package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/**
 * The bound that keeps each node's two-resource knapsack whole: for any device prices y ≥ 0,
 *
 * <pre>  optimum ≤ −Σ_n y_n + Σ_j max_{sets at j} Σ_{n in set} (y_n + value_n)</pre>
 *
 * and the columns that its subproblems produce. Nodes are solved in parallel, results are taken in their order.
 */
final class NodePricing {
    /** A column that earns this much more than the best one known is worth having: each node's bound is off by as much. */
    private static final double MARGIN = 1e-10;
    /** Below that the sums of profits round. */
    private static final double LEAST_MARGIN = 1e-14;

    /** Labels alive at once: a bound must be exact where it can be, so more than a division gets. */
    static final int LABELS = 100_000;
    /** Sets that one solution of a node's problem gives at most. */
    private static final int SETS = 4;
    /** Labels alive at once where a good set is enough. */
    static final int QUICK = 64;

    private final JointModel model;
    private double margin = MARGIN;
    private final ThreadLocal<NodeKnapsack> knapsacks;
    private final List<List<Column>> pool;
    /** {@code [node]}: where in the pool a set is. */
    private final List<Map<List<Integer>, Integer>> known;
    /** {@code [node]}: profit bound of each node in the last {@link #bound}. */
    final double[] nodeBound;
    /** {@code [node]}: the best set found there in the last {@link #bound}, or null for none. */
    final Column[] bestColumn;

    NodePricing(JointModel model, Deadline deadline) {
        this.model = model;
        this.knapsacks = ThreadLocal.withInitial(() -> new NodeKnapsack(model, LABELS).within(deadline));
        this.pool = new ArrayList<>();
        this.known = new ArrayList<>();
        this.nodeBound = new double[model.nodes];
        this.bestColumn = new Column[model.nodes];
        for (int j = 0; j < model.nodes; j++) {
            pool.add(new ArrayList<>());
            known.add(new HashMap<>());
        }
    }

    List<Column> pool(int j) {
        return pool.get(j);
    }

    int poolSize() {
        return pool.stream().mapToInt(List::size).sum();
    }

    /** Adds a column unless the pool has its set already with as much value: few labels can miss a set's best steps. */
    boolean offer(Column column) {
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

    void offer(Assignment assignment) {
        int[][] members = Assignment.members(model.nodes, assignment.node());
        for (int j = 0; j < model.nodes; j++) {
            int[] steps = new int[members[j].length];
            double value = 0;
            for (int i = 0; i < steps.length; i++) {
                steps[i] = assignment.step()[members[j][i]];
                value += model.value[members[j][i]][steps[i]] - model.penalty(members[j][i], j);
            }
            offer(new Column(j, members[j], steps, value));
        }
    }

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

    /** Solves node j's problem; returns the sets worth having, the best one last. */
    private List<Column> price(int j, double[] y, Branch branch, int limit) {
        double floor = 0;
        bestColumn[j] = null;
        for (Column column : pool.get(j)) {
            double profit = column.profit(y);
            if (profit > floor && branch.admits(column)) {
                floor = profit;
                bestColumn[j] = column;
            }
        }
        NodeKnapsack knapsack = knapsacks.get();
        knapsack.begin(j);
        for (int n : branch.candidates(j)) {
            double reward = y[n] - model.penalty(n, j);
            if (reward > 0) {
                knapsack.add(n, model.need[n][j], reward, false);
            }
        }
        boolean better = knapsack.solve(floor + margin, limit);
        nodeBound[j] = Math.max(floor, knapsack.bound());
        if (!better) {
            return List.of();
        }
        List<NodeKnapsack.Choice> choices = knapsack.choices();
        List<Column> sets = choices.subList(Math.max(0, choices.size() - SETS), choices.size()).stream()
                .map(choice -> Column.of(model, j, choice))
                .toList();
        bestColumn[j] = sets.get(sets.size() - 1);
        return sets;
    }
}

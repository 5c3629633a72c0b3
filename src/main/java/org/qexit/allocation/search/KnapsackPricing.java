package org.qexit.allocation.search;

import java.util.List;
import java.util.function.Supplier;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/** {@link NodePricing} where a node's problem is a knapsack over bandwidth and compute, {@link NodeKnapsack}. */
final class KnapsackPricing extends NodePricing {
    /** Sets that one solution of a node's problem gives at most. */
    private static final int SETS = 4;

    private final int sets;
    private final ThreadLocal<NodeKnapsack> knapsacks;

    /** @param several whether a node's problem may give several sets at once */
    KnapsackPricing(JointModel model, boolean several, Deadline deadline) {
        this(model, several, () -> new NodeKnapsack(model, LABELS).within(deadline));
    }

    private KnapsackPricing(JointModel model, boolean several, Supplier<NodeKnapsack> knapsacks) {
        super(model);
        this.sets = several ? SETS : 1;
        this.knapsacks = ThreadLocal.withInitial(knapsacks);
    }

    /** For bounds that only steer. */
    static KnapsackPricing quick(JointModel model, Deadline deadline) {
        return new KnapsackPricing(
                model,
                true,
                () -> new NodeKnapsack(model, QUICK).within(deadline).coarse());
    }

    @Override
    protected void offer(Assignment assignment) {
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

    @Override
    protected List<Column> price(int j, double[] y, Branch branch, int limit) {
        double floor = known(j, y, branch);
        NodeKnapsack knapsack = knapsacks.get();
        knapsack.begin(j);
        for (int n : branch.candidates(j)) {
            double reward = y[n] - model.penalty(n, j);
            if (reward > 0) {
                knapsack.add(n, model.need[n][j], reward, false);
            }
        }
        boolean better = knapsack.solve(worthwhile(floor), limit);
        nodeBound[j] = Math.max(floor, knapsack.bound());
        if (!better) {
            return List.of();
        }
        List<NodeKnapsack.Choice> choices = knapsack.choices();
        List<Column> found = choices.subList(Math.max(0, choices.size() - sets), choices.size()).stream()
                .map(choice -> Column.of(model, j, choice))
                .toList();
        bestColumn[j] = found.get(found.size() - 1);
        return found;
    }
}

package org.qexit.allocation.problem;

/**
 * A complete answer to {@link JointModel}.
 *
 * @param node {@code [device]}
 * @param step {@code [device]}
 * @param value Σ value, without the model's offset
 */
public record Assignment(int[] node, int[] step, double value) {

    /** Divides each node's compute exactly among the devices that {@code node} puts there; null if they do not fit. */
    public static Assignment divide(JointModel model, int[] node, NodeKnapsack knapsack) {
        int[] step = new int[model.devices];
        double total = 0;
        int[][] members = members(model.nodes, node);
        for (int j = 0; j < model.nodes; j++) {
            if (members[j].length == 0) {
                continue;
            }
            knapsack.begin(j);
            for (int n : members[j]) {
                if (!model.canServe(n, j)) {
                    return null;
                }
                knapsack.add(n, model.need[n][j], 0, true);
            }
            if (!knapsack.solve(Double.NEGATIVE_INFINITY)) {
                return null;
            }
            for (int i = 0; i < knapsack.chosen(); i++) {
                step[knapsack.chosenDevice(i)] = knapsack.chosenStep(i);
            }
        }
        for (int n = 0; n < model.devices; n++) {
            total += model.value[n][step[n]] - model.penalty(n, node[n]);
        }
        return new Assignment(node.clone(), step, total);
    }

    public static int[][] members(int nodes, int[] node) {
        int[] count = new int[nodes];
        for (int j : node) {
            count[j]++;
        }
        int[][] members = new int[nodes][];
        for (int j = 0; j < nodes; j++) {
            members[j] = new int[count[j]];
        }
        java.util.Arrays.fill(count, 0);
        for (int n = 0; n < node.length; n++) {
            members[node[n]][count[node[n]]++] = n;
        }
        return members;
    }
}

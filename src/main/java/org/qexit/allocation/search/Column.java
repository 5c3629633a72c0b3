package org.qexit.allocation.search;

import java.util.Arrays;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/**
 * A set of devices that one node can serve together, with the best steps for them.
 *
 * @param node the node
 * @param devices increasing
 * @param steps {@code [position in devices]}
 * @param value Σ value ≤ 0
 */
public record Column(int node, int[] devices, int[] steps, double value) {

    static Column of(JointModel model, int node, NodeKnapsack.Choice choice) {
        int size = choice.devices().length;
        long[] pairs = new long[size];
        for (int i = 0; i < size; i++) {
            pairs[i] = (long) choice.devices()[i] << 32 | choice.steps()[i];
        }
        Arrays.sort(pairs);
        int[] devices = new int[size];
        int[] steps = new int[size];
        double value = 0;
        for (int i = 0; i < size; i++) {
            devices[i] = (int) (pairs[i] >> 32);
            steps[i] = (int) pairs[i];
            value += model.value[devices[i]][steps[i]] - model.penalty(devices[i], node);
        }
        return new Column(node, devices, steps, value);
    }

    /** Profit at device prices y: Σ y + value. */
    public double profit(double[] price) {
        double sum = value;
        for (int n : devices) {
            sum += price[n];
        }
        return sum;
    }
}

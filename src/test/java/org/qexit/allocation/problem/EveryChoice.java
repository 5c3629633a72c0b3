package org.qexit.allocation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.qexit.allocation.Exhaustive;

/** What trying every node and every step of every device says of a {@link JointModel}: the oracle of the inner searches. */
public final class EveryChoice {
    private final JointModel model;
    private final int device;
    private final int node;
    private final double[] freeHz;
    private final double[] freeUnits;
    private double best = Double.NEGATIVE_INFINITY;

    private EveryChoice(JointModel model, int device, int node) {
        this.model = model;
        this.device = device;
        this.node = node;
        this.freeHz = model.bandwidth.clone();
        this.freeUnits = model.compute.clone();
    }

    /** The fairness model of a random fleet with room, or null if a device cannot be served. */
    public static JointModel model(long seed, int devices, int nodes) {
        PlanningProblem problem = PlanningProblem.of(Exhaustive.fleet(seed, devices, nodes));
        return problem.unservable().isEmpty() ? problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS) : null;
    }

    /** The largest value, −∞ if nothing fits. */
    public static double best(JointModel model) {
        return best(model, -1, -1);
    }

    /** The largest value where {@code device} is at {@code node}. */
    public static double best(JointModel model, int device, int node) {
        EveryChoice search = new EveryChoice(model, device, node);
        search.place(0, 0);
        return search.best;
    }

    private void place(int n, double value) {
        if (n == model.devices) {
            best = Math.max(best, value);
            return;
        }
        for (int j : model.allowed[n]) {
            if (n == device && j != node || model.need[n][j] > freeHz[j]) {
                continue;
            }
            freeHz[j] -= model.need[n][j];
            for (int s = 0; s < model.load[n].length && model.load[n][s] <= freeUnits[j]; s++) {
                freeUnits[j] -= model.load[n][s];
                place(n + 1, value + model.value[n][s] - model.penalty(n, j));
                freeUnits[j] += model.load[n][s];
            }
            freeHz[j] += model.need[n][j];
        }
    }

    /** Sums of the raw data stay within the capacities, and the value is what the steps are worth. */
    public static void assertHolds(JointModel model, Assignment assignment) {
        double[] hz = new double[model.nodes];
        double[] units = new double[model.nodes];
        double value = 0;
        for (int n = 0; n < model.devices; n++) {
            int j = assignment.node()[n];
            int s = assignment.step()[n];
            hz[j] += model.need[n][j];
            units[j] += model.load[n][s];
            value += model.value[n][s] - model.penalty(n, j);
        }
        for (int j = 0; j < model.nodes; j++) {
            assertTrue(hz[j] <= model.bandwidth[j] * (1 + 1e-12), hz[j] + " Hz of " + model.bandwidth[j]);
            assertTrue(units[j] <= model.compute[j] * (1 + 1e-12), units[j] + " units of " + model.compute[j]);
        }
        assertEquals(value, assignment.value(), 1e-9);
    }
}

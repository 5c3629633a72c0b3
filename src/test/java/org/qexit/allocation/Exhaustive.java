package org.qexit.allocation;

import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.edge.EdgeNode;

/** An oracle that tries every node and step of every device, for any value: no pruning, small fleets only. */
public final class Exhaustive {
    /** What serving a device at a node with a step is worth. */
    public interface Worth {
        double of(int device, int node, int step);
    }

    private final PlanningProblem problem;
    private final Worth worth;
    private final double[] freeHz;
    private final double[] freeUnits;
    private double best = Double.NEGATIVE_INFINITY;

    private Exhaustive(PlanningProblem problem, Worth worth) {
        this.problem = problem;
        this.worth = worth;
        this.freeHz = problem.instance().nodes().stream()
                .mapToDouble(EdgeNode::bandwidthHz)
                .toArray();
        this.freeUnits = problem.instance().nodes().stream()
                .mapToDouble(EdgeNode::computeUnits)
                .toArray();
    }

    /** The largest total, −∞ if nothing fits. */
    public static double best(PlanningProblem problem, Worth worth) {
        if (!problem.unservable().isEmpty()) {
            return Double.NEGATIVE_INFINITY;
        }
        Exhaustive search = new Exhaustive(problem, worth);
        search.place(0, 0);
        return search.best;
    }

    /** A random fleet with room, so that most have a plan. */
    public static Instance fleet(long seed, int devices, int nodes) {
        Instance tight = Fleets.random(seed, devices, nodes);
        return new Instance(
                Instance.FORMAT,
                tight.name(),
                tight.radio(),
                tight.devices(),
                tight.nodes().stream()
                        .map(node ->
                                new EdgeNode(node.id(), node.bandwidthHz() * 1.7, node.computeUnits() + 2, 1, null))
                        .toList(),
                tight.links(),
                null,
                null);
    }

    private void place(int n, double total) {
        if (n == problem.devices()) {
            best = Math.max(best, total);
            return;
        }
        Staircase stairs = problem.staircase(n);
        for (int j = 0; j < freeHz.length; j++) {
            double need = problem.needHz(n, j);
            if (need > freeHz[j]) {
                continue;
            }
            freeHz[j] -= need;
            for (int s = 0; s < stairs.corners(); s++) {
                Double perEvent = problem.instance().nodes().get(j).unitsPerEvent();
                double load = stairs.loads()[s] * (perEvent == null ? 1 : perEvent);
                if (load <= freeUnits[j] + 1e-9) {
                    freeUnits[j] -= load;
                    place(n + 1, total + worth.of(n, j, s));
                    freeUnits[j] += load;
                }
            }
            freeHz[j] += need;
        }
    }
}

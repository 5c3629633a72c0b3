package org.qexit.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.common.RandomStreams;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

/** Small random fleets and an oracle that tries everything. */
public final class Fleets {
    private Fleets() {}

    /** Tight enough that about one in five does not fit. Some devices have caps and rates of their own. */
    public static Instance random(long seed, int devices, int nodes) {
        SplittableRandom random = RandomStreams.of(seed).stream("fleet");
        List<Instance.Device> list = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int n = 0; n < devices; n++) {
            int events = random.nextInt(6, 14);
            int[] labels = new int[events];
            float[][] scores = new float[events][2];
            for (int k = 0; k < events; k++) {
                labels[k] = random.nextInt(3) == 0 ? 1 : 0;
                for (int q = 0; q < 2; q++) {
                    // A coarse grid makes ties frequent.
                    scores[k][q] = Math.round((0.3 * labels[k] + 0.7 * random.nextDouble()) * 10) / 10f;
                }
            }
            labels[0] = 1;
            Double period = random.nextInt(3) == 0 ? Double.valueOf(events * random.nextDouble(0.5, 2)) : null;
            Double cap = random.nextInt(4) == 0 ? Double.valueOf(random.nextDouble(0.2, 0.9)) : null;
            list.add(new Instance.Device(
                    "ue" + n,
                    random.nextDouble(0.5, 2),
                    random.nextInt(1, 3),
                    1e5,
                    0.1,
                    null,
                    null,
                    new Eavesdropper(1e-14, null),
                    new Instance.Trace(labels, scores, null),
                    period,
                    cap));
            for (int j = 0; j < nodes; j++) {
                if (random.nextInt(6) > 0) {
                    links.add(new Link("ue" + n, "en" + j, Math.pow(10, random.nextDouble(-13.5, -11))));
                }
            }
        }
        List<EdgeNode> places = new ArrayList<>();
        for (int j = 0; j < nodes; j++) {
            places.add(new EdgeNode(
                    "en" + j,
                    random.nextDouble(0.5, 1.4) * 2e5 * devices / nodes,
                    Math.floor(random.nextDouble(2, 7) * devices / nodes),
                    random.nextInt(1, 3),
                    null));
        }
        return new Instance(
                Instance.FORMAT, "random" + seed, new Radio(2e7, 0.2, 4e-21), list, places, links, null, null);
    }

    /** The same fleet where every node has a power budget of {@code share} of what its part of the devices would use at most. */
    public static Instance withPowerBudgets(Instance fleet, double share) {
        double watts = share
                * fleet.radio().powerMaxWatts()
                * fleet.devices().size()
                / fleet.nodes().size();
        List<EdgeNode> nodes = fleet.nodes().stream()
                .map(j -> new EdgeNode(j.id(), j.bandwidthHz(), j.computeUnits(), j.securityLevel(), watts))
                .toList();
        return new Instance(
                fleet.format(), fleet.name(), fleet.radio(), fleet.devices(), nodes, fleet.links(), null, null);
    }

    /** The best objective over all assignments and steps by plain recursion, −∞ if there is none. */
    public static double enumerate(PlanningProblem problem) {
        if (!problem.unservable().isEmpty()) {
            return Double.NEGATIVE_INFINITY;
        }
        double[] freeB = problem.instance().nodes().stream()
                .mapToDouble(EdgeNode::bandwidthHz)
                .toArray();
        double[] freeW = problem.instance().nodes().stream()
                .mapToDouble(EdgeNode::computeUnits)
                .toArray();
        return enumerate(problem, 0, freeB, freeW, 0, new double[] {Double.NEGATIVE_INFINITY});
    }

    private static double enumerate(
            PlanningProblem problem, int n, double[] freeB, double[] freeW, double value, double[] best) {
        // Logarithms of utilities are ≤ 0: a partial value below the best cannot recover.
        if (value <= best[0]) {
            return best[0];
        }
        if (n == problem.devices()) {
            best[0] = value;
            return value;
        }
        Staircase stairs = problem.staircase(n);
        for (int j = 0; j < freeB.length; j++) {
            double need = problem.needHz(n, j);
            if (need > freeB[j]) {
                continue;
            }
            freeB[j] -= need;
            for (int s = stairs.corners() - 1; s >= 0; s--) {
                double load = stairs.loads()[s];
                if (load <= freeW[j] + 1e-9) {
                    freeW[j] -= load;
                    double gain = problem.user(n).weight() * Math.log(stairs.utility(s));
                    enumerate(problem, n + 1, freeB, freeW, value + gain, best);
                    freeW[j] += load;
                }
            }
            freeB[j] += need;
        }
        return best[0];
    }
}

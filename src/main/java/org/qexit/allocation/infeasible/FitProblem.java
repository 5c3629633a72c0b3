package org.qexit.allocation.infeasible;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.edge.BandwidthNeed;
import org.qexit.edge.DeadlineCurve;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.SecrecyLink;
import org.qexit.edge.UserDevice;

/**
 * Whether a fleet fits at all: every device at the smallest load that gives a true positive. Unlike {@link PlanningProblem} it keeps pairs
 * that only a capacity forbids, so that capacities and deadlines can be changed cheaply.
 */
final class FitProblem {
    /** As in {@link PlanningProblem}: the least bandwidth holds for a checker with another formula, too. */
    private static final double MARGIN = 1e-12;

    final List<UserDevice> users;
    final List<EdgeNode> nodes;
    /** {@code [device]}. */
    final double[] load;
    /** {@code [device][node]}: γ, 0 without a link. */
    private final double[][] gain;
    /** {@code [device][node]}: least bandwidth, +∞ where level, secrecy, deadline or power forbid the pair, whatever the capacities. */
    final double[][] need;

    private FitProblem(List<UserDevice> users, List<EdgeNode> nodes, double[] load, double[][] gain, double[][] need) {
        this.users = users;
        this.nodes = nodes;
        this.load = load;
        this.gain = gain;
        this.need = need;
    }

    /** @return null if a device has no thresholds that give a true positive: no capacity helps it */
    static FitProblem of(PlanningProblem problem) {
        int count = problem.devices();
        double[] load = new double[count];
        double[][] gain = new double[count][problem.nodes()];
        double[][] need = new double[count][problem.nodes()];
        List<UserDevice> users = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            if (problem.staircase(n).corners() == 0) {
                return null;
            }
            users.add(problem.user(n));
            load[n] = problem.staircase(n).loads()[0];
            for (int j = 0; j < problem.nodes(); j++) {
                gain[n][j] = problem.gainPerNoise(n, j);
                need[n][j] = need(users.get(n), problem.instance().nodes().get(j), gain[n][j]);
            }
        }
        return new FitProblem(List.copyOf(users), problem.instance().nodes(), load, gain, need);
    }

    private static double need(UserDevice user, EdgeNode node, double gain) {
        return SecrecyLink.need(user, node, gain) instanceof BandwidthNeed.Least least
                ? Math.min(least.hz() * (1 + MARGIN), user.bandwidthMaxHz())
                : Double.POSITIVE_INFINITY;
    }

    int devices() {
        return load.length;
    }

    /** These devices alone, in this order. */
    FitProblem only(List<Integer> devices) {
        int[] index = devices.stream().mapToInt(n -> n).toArray();
        return new FitProblem(
                devices.stream().map(users::get).toList(),
                nodes,
                IntStream.of(index).mapToDouble(n -> load[n]).toArray(),
                IntStream.of(index).mapToObj(n -> gain[n]).toArray(double[][]::new),
                IntStream.of(index).mapToObj(n -> need[n]).toArray(double[][]::new));
    }

    FitProblem withNode(int j, EdgeNode node) {
        List<EdgeNode> changed = new ArrayList<>(nodes);
        changed.set(j, node);
        double[][] needs = new double[need.length][];
        for (int n = 0; n < needs.length; n++) {
            needs[n] = need[n].clone();
            needs[n][j] = need(users.get(n), node, gain[n][j]);
        }
        return new FitProblem(users, changed, load, gain, needs);
    }

    FitProblem withUser(int n, UserDevice user) {
        List<UserDevice> changed = new ArrayList<>(users);
        changed.set(n, user);
        double[][] needs = need.clone();
        needs[n] = new double[nodes.size()];
        for (int j = 0; j < nodes.size(); j++) {
            needs[n][j] = need(user, nodes.get(j), gain[n][j]);
        }
        return new FitProblem(changed, nodes, load, gain, needs);
    }

    boolean hasBudget(int j) {
        return nodes.get(j).powerWatts() != null;
    }

    SecrecyLink link(int n, int j) {
        return new SecrecyLink(gain[n][j], users.get(n).eavesdropperGainPerNoise());
    }

    boolean pairFits(int n, int j) {
        return need[n][j] <= nodes.get(j).bandwidthHz()
                && load[n] <= nodes.get(j).eventsPerPeriod();
    }

    /** The least bandwidth that serves a set at node j within its power budget; +∞ if none does. */
    double leastHz(int j, List<Integer> members) {
        double sum = 0;
        for (int n : members) {
            sum += need[n][j];
        }
        if (!hasBudget(j) || sum == Double.POSITIVE_INFINITY || members.isEmpty()) {
            return sum;
        }
        DeadlineCurve[] curves = new DeadlineCurve[members.size()];
        for (int m = 0; m < curves.length; m++) {
            int n = members.get(m);
            double most = Math.min(
                    users.get(n).bandwidthMaxHz(),
                    Math.max(need[n][j], nodes.get(j).bandwidthHz()));
            curves[m] = DeadlineCurve.of(
                    link(n, j),
                    users.get(n).requiredBitsPerSecond(),
                    need[n][j],
                    most,
                    SecrecyLink.powerMaxWatts(users.get(n), nodes.get(j)));
        }
        NodeRadio radio = NodeRadio.leastBandwidth(curves, nodes.get(j).powerWatts());
        return radio == null
                ? Double.POSITIVE_INFINITY
                : java.util.Arrays.stream(radio.hz()).sum();
    }

    /** The same question for {@link ExactSearch}; power budgets are left out, which only makes fitting easier. */
    JointModel smallest() {
        double[][] loads = new double[devices()][1];
        double[][] needs = new double[devices()][nodes.size()];
        for (int n = 0; n < loads.length; n++) {
            loads[n][0] = load[n];
            for (int j = 0; j < nodes.size(); j++) {
                needs[n][j] = pairFits(n, j) ? need[n][j] : Double.POSITIVE_INFINITY;
            }
        }
        return new JointModel(
                needs,
                loads,
                new double[devices()][1],
                nodes.stream().mapToDouble(EdgeNode::bandwidthHz).toArray(),
                nodes.stream().mapToDouble(EdgeNode::eventsPerPeriod).toArray());
    }
}

package org.qexit.allocation.fleet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.allocation.Instance;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.SecrecyLink;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/**
 * Some devices of a fleet, projected (docs/maths.md §8) onto flat arrays: for each the nodes that can serve it with the least bandwidth
 * there, and its staircase. About 0.2 kB and 30 bytes per corner a device.
 */
public final class FleetBlock implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of a device's preferences; less is as good as none. */
    private static final double LEAST_SHARE = 0.01;

    private final int devices;
    private final String[] ids;
    private final double[] weights;
    /** {@code [device + 1]}: where the device's links begin. */
    private final int[] links;

    private final int[] node;
    private final double[] need;
    private final double[] watts;
    /** {@code [device + 1]}: where its steps begin. */
    private final int[] steps;

    private final double[] load;
    private final double[] value;
    private final int[] truePositives;
    private final int[] falsePositives;
    private final float[] lower;
    private final float[] upper;
    private final int[] positives;
    /** {@code [device + 1]}: where its steps on the concave envelope begin. */
    private final int[] hulls;

    private final int[] hull;
    /** {@code [node]}. */
    private final double[] capacityHertz;

    private final double[] capacityUnits;

    private FleetBlock(Instance shell, List<Projected> all) {
        capacityHertz =
                shell.nodes().stream().mapToDouble(EdgeNode::bandwidthHz).toArray();
        capacityUnits =
                shell.nodes().stream().mapToDouble(EdgeNode::eventsPerPeriod).toArray();
        devices = all.size();
        ids = new String[devices];
        weights = new double[devices];
        positives = new int[devices];
        links = new int[devices + 1];
        steps = new int[devices + 1];
        hulls = new int[devices + 1];
        for (int n = 0; n < devices; n++) {
            Projected own = all.get(n);
            links[n + 1] = links[n] + own.node.length;
            steps[n + 1] = steps[n] + own.stairs.corners();
            hulls[n + 1] = hulls[n] + own.hull.length;
        }
        node = new int[links[devices]];
        need = new double[links[devices]];
        watts = new double[links[devices]];
        load = new double[steps[devices]];
        value = new double[steps[devices]];
        truePositives = new int[steps[devices]];
        falsePositives = new int[steps[devices]];
        lower = new float[steps[devices]];
        upper = new float[steps[devices]];
        hull = new int[hulls[devices]];
        for (int n = 0; n < devices; n++) {
            Projected own = all.get(n);
            ids[n] = own.id;
            weights[n] = own.weight;
            positives[n] = own.stairs.positives();
            System.arraycopy(own.node, 0, node, links[n], own.node.length);
            System.arraycopy(own.need, 0, need, links[n], own.need.length);
            System.arraycopy(own.watts, 0, watts, links[n], own.watts.length);
            int corners = own.stairs.corners();
            System.arraycopy(own.stairs.loads(), 0, load, steps[n], corners);
            System.arraycopy(own.value, 0, value, steps[n], corners);
            System.arraycopy(own.stairs.truePositives(), 0, truePositives, steps[n], corners);
            System.arraycopy(own.stairs.falsePositives(), 0, falsePositives, steps[n], corners);
            for (int s = 0; s < corners; s++) {
                Thresholds pair = (Thresholds) own.stairs.thresholds()[s];
                lower[steps[n] + s] = pair.lower();
                upper[steps[n] + s] = pair.upper();
            }
            for (int h = 0; h < own.hull.length; h++) {
                hull[hulls[n] + h] = steps[n] + own.hull[h];
            }
        }
    }

    private record Projected(
            String id,
            double weight,
            int[] node,
            double[] need,
            double[] watts,
            Staircase stairs,
            double[] value,
            int[] hull) {}

    /** Projects devices one by one. */
    public static final class Builder {
        private final Instance shell;
        private final Map<String, Integer> index = new HashMap<>();
        private final List<Projected> all = new ArrayList<>();

        /** @param shell the fleet's name, radio and nodes; its devices and links are not looked at */
        public Builder(Instance shell) {
            this.shell = shell;
            if (shell.kind() == RuleKind.PER_EXIT) {
                throw new UserError(shell.name() + ": its rule is per-exit; expected pair in fleets of this size");
            }
            for (EdgeNode own : shell.nodes()) {
                if (own.powerWatts() != null) {
                    throw new UserError("node " + own.id()
                            + ": has a power budget; expected none in fleets of this size (powerWatts)");
                }
                index.put(own.id(), index.size());
            }
        }

        public int size() {
            return all.size();
        }

        /**
         * Adds a device.
         *
         * @throws UserError if no node can serve it, with the reason
         */
        public void add(Instance.Device device, List<Link> itsLinks) {
            List<EdgeNode> heard = new ArrayList<>();
            for (Link link : itsLinks) {
                Integer at = index.get(link.node());
                if (at == null) {
                    throw new UserError("device " + device.id() + ": its link to node '" + UserError.shown(link.node())
                            + "' leads nowhere; expected a node of the fleet");
                }
                heard.add(shell.nodes().get(at));
            }
            if (heard.isEmpty()) {
                throw new UserError("device " + device.id() + ": it has no link to any node");
            }
            Instance one = shell.with(List.of(device), heard, itsLinks);
            PlanningProblem problem = PlanningProblem.of(one);
            if (!problem.unservable().isEmpty()) {
                throw new UserError(problem.unservable().get(0));
            }
            int count = 0;
            int[] nodes = new int[heard.size()];
            double[] needs = new double[heard.size()];
            double[] most = new double[heard.size()];
            for (int j = 0; j < heard.size(); j++) {
                if (problem.needHz(0, j) < Double.POSITIVE_INFINITY) {
                    nodes[count] = index.get(heard.get(j).id());
                    needs[count] = problem.needHz(0, j);
                    most[count++] = SecrecyLink.powerMaxWatts(problem.user(0), heard.get(j));
                }
            }
            Staircase stairs = problem.staircase(0);
            double[] values = new double[stairs.corners()];
            for (int s = 0; s < values.length; s++) {
                values[s] = device.weight() * Math.log(stairs.utility(s));
            }
            all.add(new Projected(
                    device.id(),
                    device.weight(),
                    Arrays.copyOf(nodes, count),
                    Arrays.copyOf(needs, count),
                    Arrays.copyOf(most, count),
                    stairs,
                    values,
                    JointModel.envelope(stairs.loads(), values)));
        }

        public FleetBlock build() {
            return new FleetBlock(shell, all);
        }
    }

    public int devices() {
        return devices;
    }

    /** Adds what the devices do at prices, and at a temperature that blurs which node they prefer. */
    public void price(Prices prices, PriceSums sums) {
        double[] gain = new double[64];
        int[] step = new int[64];
        for (int n = 0; n < devices; n++) {
            int count = links[n + 1] - links[n];
            if (count > gain.length) {
                gain = new double[2 * count];
                step = new int[2 * count];
            }
            double best = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < count; k++) {
                int j = node[links[n] + k];
                step[k] = bestHull(n, prices.beta()[j]);
                int s = hull[step[k]];
                gain[k] = value[s] - prices.beta()[j] * load[s] - prices.alpha()[j] * need[links[n] + k];
                best = Math.max(best, gain[k]);
            }
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += Math.exp((gain[k] - best) / prices.temperature());
            }
            sums.weight += weights[n];
            sums.best += best;
            sums.blurred += best + prices.temperature() * Math.log(sum);
            for (int k = 0; k < count; k++) {
                double share = Math.exp((gain[k] - best) / prices.temperature()) / sum;
                if (share > 1e-9) {
                    int j = node[links[n] + k];
                    double hz = need[links[n] + k];
                    double units = load[hull[step[k]]];
                    double spread = share * (1 - share) / prices.temperature();
                    sums.hertz[j] += share * hz;
                    sums.units[j] += share * units;
                    sums.hertzCurve[j] += spread * hz * hz;
                    sums.unitsCurve[j] += spread * units * units + share * curve(n, step[k]);
                }
            }
        }
        sums.devices += devices;
    }

    /** How fast a device's load falls with the price, about: the width of its steps over that of the prices at which they are best. */
    private double curve(int n, int h) {
        if (hulls[n + 1] - hulls[n] < 2) {
            return 0;
        }
        int low = Math.max(hulls[n], h - 1);
        int high = Math.min(hulls[n + 1] - 1, h + 1);
        double above = low == h ? 2 * slope(h, high) : slope(low, h);
        double below = high == h ? 0 : slope(h, high);
        double width = (load[hull[high]] - load[hull[low]]) / (high - low);
        return above > below ? width / (above - below) : 0;
    }

    private double slope(int from, int to) {
        return (value[hull[to]] - value[hull[from]]) / (load[hull[to]] - load[hull[from]]);
    }

    /** Where in {@link #hull} value − price · load is largest. */
    private int bestHull(int n, double price) {
        int low = hulls[n];
        int high = hulls[n + 1] - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int a = hull[middle];
            int b = hull[middle + 1];
            if (value[b] - value[a] > price * (load[b] - load[a])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The link that each device takes at prices. Each node is owed the shares by which devices prefer it; a device goes, of those that it
     * prefers nearly alike, where most is owed. So uses stay near what is expected of them, much nearer than if places were drawn.
     */
    private int[] chosen(Choice choice) {
        Prices prices = choice.prices();
        int nodes = prices.alpha().length;
        double[] owedHertz = new double[nodes];
        double[] owedUnits = new double[nodes];
        int[] taken = new int[devices];
        double[] share = new double[64];
        for (int n = 0; n < devices; n++) {
            int count = links[n + 1] - links[n];
            if (count > share.length) {
                share = new double[2 * count];
            }
            shares(n, prices, share);
            int best = -1;
            double most = 0;
            for (int k = 0; k < count; k++) {
                int link = links[n] + k;
                int j = node[link];
                if (share[k] < LEAST_SHARE) {
                    continue;
                }
                double units = load[hull[bestHull(n, prices.beta()[j])]];
                owedUnits[j] += share[k] * units;
                owedHertz[j] += share[k] * need[link];
                // What the sum of squares of what is owed, as shares of capacities, falls by.
                double relief = relief(owedUnits[j], units, capacityUnits[j])
                        + (prices.alpha()[j] > 0 ? relief(owedHertz[j], need[link], capacityHertz[j]) : 0);
                if (best < 0 || relief > most) {
                    best = link;
                    most = relief;
                }
            }
            int j = node[best];
            owedUnits[j] -= load[hull[bestHull(n, prices.beta()[j])]];
            owedHertz[j] -= need[best];
            taken[n] = best;
            Integer moved = choice.moved().get(ids[n]);
            for (int k = links[n]; moved != null && k < links[n + 1]; k++) {
                taken[n] = node[k] == moved ? k : taken[n];
            }
        }
        return taken;
    }

    private static double relief(double owed, double taken, double capacity) {
        return (2 * owed - taken) * taken / capacity / capacity;
    }

    private void shares(int n, Prices prices, double[] share) {
        int count = links[n + 1] - links[n];
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            share[k] = gain(n, links[n] + k, prices);
            best = Math.max(best, share[k]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
            share[k] = Math.exp((share[k] - best) / prices.temperature());
            sum += share[k];
        }
        for (int k = 0; k < count; k++) {
            share[k] /= sum;
        }
    }

    private double gain(int n, int link, Prices prices) {
        int j = node[link];
        int s = hull[bestHull(n, prices.beta()[j])];
        return value[s] - prices.beta()[j] * load[s] - prices.alpha()[j] * need[link];
    }

    /** Adds what the devices take where they are: bandwidth, the load of their first step, and that of the step that they would take at the prices. */
    public void uses(Choice choice, double[] hertz, double[] leastUnits, double[] units) {
        int[] taken = chosen(choice);
        for (int n = 0; n < devices; n++) {
            int k = taken[n];
            hertz[node[k]] += need[k];
            leastUnits[node[k]] += load[steps[n]];
            units[node[k]] += priced(n, node[k], choice);
        }
    }

    private double priced(int n, int j, Choice choice) {
        return load[hull[bestHull(n, choice.prices().beta()[j])]];
    }

    /** Devices at nodes that are overfull, and where else they could be. */
    public List<Candidate> candidates(Choice choice, boolean[] overfull) {
        int[] taken = chosen(choice);
        List<Candidate> found = new ArrayList<>();
        for (int n = 0; n < devices; n++) {
            int at = taken[n];
            if (!overfull[node[at]] || links[n + 1] - links[n] < 2) {
                continue;
            }
            int count = links[n + 1] - links[n] - 1;
            int[] to = new int[count];
            double[] hz = new double[count];
            double[] units = new double[count];
            double[] loss = new double[count];
            double own = gain(n, at, choice.prices());
            int i = 0;
            for (int k = links[n]; k < links[n + 1]; k++) {
                if (k != at) {
                    to[i] = node[k];
                    hz[i] = need[k];
                    units[i] = priced(n, node[k], choice);
                    loss[i++] = own - gain(n, k, choice.prices());
                }
            }
            double here = priced(n, node[at], choice);
            found.add(new Candidate(ids[n], node[at], need[at], load[steps[n]], here, to, hz, units, loss));
        }
        return found;
    }

    /** The devices with their places, for {@link NodeFill}. */
    public List<Placed> placed(Choice choice) {
        int[] taken = chosen(choice);
        List<Placed> all = new ArrayList<>();
        for (int n = 0; n < devices; n++) {
            int k = taken[n];
            int from = steps[n];
            int to = steps[n + 1];
            all.add(new Placed(
                    ids[n],
                    node[k],
                    need[k],
                    watts[k],
                    weights[n],
                    positives[n],
                    Arrays.copyOfRange(load, from, to),
                    Arrays.copyOfRange(value, from, to),
                    Arrays.copyOfRange(truePositives, from, to),
                    Arrays.copyOfRange(falsePositives, from, to),
                    Arrays.copyOfRange(lower, from, to),
                    Arrays.copyOfRange(upper, from, to)));
        }
        return all;
    }
}

package org.qexit.allocation.check;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Instance;
import org.qexit.edge.EdgeNode;

/**
 * Recomputes what a search tree proves of Σ ρ ln U − κ · energy where bandwidth and power are variables, from the raw instance. A leaf has
 * device prices Y and bounds its plans by −Σ Y_n + Σ_j profit_j, where profit_j bounds max over the sets that fit node j of Σ (Y_n + worth):
 *
 * <ul>
 *   <li>without an energy weight by a knapsack over compute and what bandwidth and power come to at an exchange rate x, Σ min_b (b + x π(b)) ≤
 *       B + x P;
 *   <li>with one by {@link EnergyNodeProof}.
 * </ul>
 *
 * Or it has none: then its devices do not fit a node, which an exchange rate shows, or have one node each, where λ and ν price bandwidth and
 * power and compute stays whole.
 */
final class PowerProof {
    private static final double ROUNDING = 1e-11;
    /** Least needs are lowered by this share: golden sections end a little above. */
    private static final double LOWER = 1e-12;

    private final Instance instance;
    private final double kappa;
    /** {@code [device][node]}; null where the node cannot serve the device. */
    private final PlainRadio[][] radio;
    /** {@code [device][node]}, made when asked for, by the one thread that bounds the node. */
    private final PlainCosts[][] costs;
    /** {@code [device][corner]}: load per period, ρ ln U. */
    private final double[][] load;

    private final double[][] value;

    PowerProof(Instance instance, Map<String, Map<String, Double>> gains, PlainFrontier[] frontiers, double kappa) {
        this.instance = instance;
        this.kappa = kappa;
        int devices = frontiers.length;
        this.radio = new PlainRadio[devices][instance.nodes().size()];
        this.costs = new PlainCosts[devices][instance.nodes().size()];
        this.load = new double[devices][];
        this.value = new double[devices][];
        IntStream.range(0, devices).parallel().forEach(n -> {
            Instance.Device device = instance.devices().get(n);
            PlainFrontier frontier = frontiers[n];
            double perEvent = device.eventsPerPeriod() == null
                    ? 1
                    : device.eventsPerPeriod() / device.trace().labels().length;
            load[n] = new double[frontier.offloads().length];
            value[n] = new double[load[n].length];
            for (int s = 0; s < load[n].length; s++) {
                load[n][s] = frontier.offloads()[s] * perEvent;
                value[n][s] = device.weight() * Math.log((double) frontier.truePositives()[s] / frontier.positives());
            }
            for (int j = 0; j < radio[n].length; j++) {
                EdgeNode node = instance.nodes().get(j);
                boolean room = load[n].length > 0 && load[n][0] <= BoundCheck.events(node) * (1 + ROUNDING);
                Double gain = gains.getOrDefault(device.id(), Map.of()).get(node.id());
                radio[n][j] = room ? PlainRadio.of(instance, device, node, gain) : null;
            }
        });
    }

    /**
     * The largest bound among the leaves.
     *
     * @throws IllegalArgumentException if the steps are not one whole tree of this instance, or a leaf proves nothing
     */
    double byTree(List<Certificate.ProofStep> steps) {
        return ProofTree.largest(instance, steps, this::leaf);
    }

    private double leaf(ProofTree.Leaf leaf) {
        Certificate.NodePrices prices = leaf.step().nodePrices();
        double[] devices = leaf.step().devicePrices();
        if (prices == null) {
            throw new IllegalArgumentException("has a leaf without prices of the nodes");
        }
        if (prices.unfit() != null) {
            return unfit(leaf, prices);
        }
        if (devices == null) {
            return placed(leaf, prices);
        }
        if (devices.length != radio.length || !finite(devices)) {
            throw new IllegalArgumentException("has a leaf without a price for each of " + radio.length + " devices");
        }
        double bound = 0;
        for (double price : devices) {
            bound -= price;
        }
        double[] profit = new double[instance.nodes().size()];
        if (kappa > 0) {
            check(prices.bandwidthPerHz());
            check(prices.computePerUnit());
            check(prices.powerPerWatt());
            IntStream.range(0, profit.length).parallel().forEach(j -> profit[j] = priced(j, leaf, prices));
        } else {
            check(prices.hzPerWatt());
            IntStream.range(0, profit.length)
                    .parallel()
                    .forEach(j -> profit[j] = exchanged(j, leaf, prices.hzPerWatt()[j]));
        }
        for (double some : profit) {
            bound += some;
        }
        return bound;
    }

    private static boolean finite(double[] numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    private void check(double[] prices) {
        if (prices == null || prices.length != instance.nodes().size() || !finite(prices)) {
            throw new IllegalArgumentException("has a leaf without a price for each node");
        }
        for (double price : prices) {
            if (price < 0) {
                throw new IllegalArgumentException("has a leaf with the price " + price + "; expected a number >= 0");
            }
        }
    }

    private double hertz(int j) {
        return instance.nodes().get(j).bandwidthHz() * (1 + ROUNDING);
    }

    private double units(int j) {
        return BoundCheck.events(instance.nodes().get(j)) * (1 + ROUNDING);
    }

    /** +∞ without a budget. */
    private double budget(int j) {
        Double watts = instance.nodes().get(j).powerWatts();
        return watts == null ? Double.POSITIVE_INFINITY : watts * (1 + ROUNDING);
    }

    /** B + x P. */
    private double capacity(int j, double rate) {
        return rate > 0 ? hertz(j) + rate * budget(j) : hertz(j);
    }

    private double exchanged(int j, ProofTree.Leaf leaf, double rate) {
        double[] aims = leaf.step().nodeProfits();
        double aim = aims == null || aims.length <= j || Double.isNaN(aims[j]) ? 0 : aims[j];
        double capacity = capacity(j, rate);
        if (capacity == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("exchanges power at a node without a power budget");
        }
        NodeProof proof = new NodeProof(capacity, units(j));
        for (int n = 0; n < radio.length; n++) {
            double reward = leaf.step().devicePrices()[n];
            if (leaf.allowed()[n][j] && radio[n][j] != null && reward + value[n][value[n].length - 1] > 0) {
                proof.add(radio[n][j].least(1, rate) * (1 - LOWER), reward, load[n], value[n]);
            }
        }
        return proof.limit(aim);
    }

    private double priced(int j, ProofTree.Leaf leaf, Certificate.NodePrices prices) {
        double perWatt = prices.powerPerWatt()[j];
        if (perWatt > 0 && budget(j) == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("has a power price at a node without a power budget");
        }
        double[] aims = leaf.step().nodeProfits();
        double aim = aims == null || aims.length <= j || Double.isNaN(aims[j]) ? 0 : aims[j];
        EnergyNodeProof proof = new EnergyNodeProof(
                hertz(j), units(j), budget(j), prices.bandwidthPerHz()[j], prices.computePerUnit()[j], perWatt);
        for (int n = 0; n < radio.length; n++) {
            if (leaf.allowed()[n][j] && radio[n][j] != null) {
                double perLoad = kappa * instance.devices().get(n).deadlineSeconds();
                proof.add(costs(n, j), leaf.step().devicePrices()[n], load[n], value[n], perLoad);
            }
        }
        return proof.limit(aim);
    }

    private PlainCosts costs(int n, int j) {
        if (costs[n][j] == null) {
            costs[n][j] = new PlainCosts(radio[n][j]);
        }
        return costs[n][j];
    }

    /** The only node of a device, -1 if it has several, -2 if it has none. */
    private int only(ProofTree.Leaf leaf, int n) {
        int found = -2;
        for (int j = 0; j < radio[n].length; j++) {
            if (leaf.allowed()[n][j] && radio[n][j] != null) {
                if (found >= 0) {
                    return -1;
                }
                found = j;
            }
        }
        return found;
    }

    private double unfit(ProofTree.Leaf leaf, Certificate.NodePrices prices) {
        check(prices.hzPerWatt());
        int j = -1;
        for (int k = 0; k < instance.nodes().size(); k++) {
            j = instance.nodes().get(k).id().equals(prices.unfit()) ? k : j;
        }
        if (j < 0) {
            throw new IllegalArgumentException("speaks of node " + prices.unfit() + ", which is not here");
        }
        double rate = prices.hzPerWatt()[j];
        double need = 0;
        double units = 0;
        for (int n = 0; n < radio.length; n++) {
            int only = only(leaf, n);
            if (only == -2) {
                return Double.NEGATIVE_INFINITY;
            }
            if (only == j) {
                need += radio[n][j].least(1, rate) * (1 - LOWER);
                units += load[n][0];
            }
        }
        if (need > capacity(j, rate) || units > units(j)) {
            return Double.NEGATIVE_INFINITY;
        }
        throw new IllegalArgumentException(
                "says that devices do not fit node " + prices.unfit() + ", which its exchange rate does not show");
    }

    /** Every device has one node: Σ_j λ B + ν P + max over steps whose loads fit of Σ ρ ln U − min_b (λ b + (κ load t + ν) π(b)). */
    private double placed(ProofTree.Leaf leaf, Certificate.NodePrices prices) {
        check(prices.bandwidthPerHz());
        check(prices.powerPerWatt());
        int[] node = new int[radio.length];
        for (int n = 0; n < node.length; n++) {
            node[n] = only(leaf, n);
            if (node[n] == -2) {
                return Double.NEGATIVE_INFINITY;
            }
            if (node[n] == -1) {
                throw new IllegalArgumentException("has a leaf without device prices where devices have several nodes");
            }
        }
        double[] part = new double[instance.nodes().size()];
        IntStream.range(0, part.length).parallel().forEach(j -> part[j] = placed(j, node, prices));
        double bound = 0;
        for (double some : part) {
            bound += some;
        }
        return bound;
    }

    private double placed(int j, int[] node, Certificate.NodePrices prices) {
        double perHz = prices.bandwidthPerHz()[j];
        double perWatt = prices.powerPerWatt()[j];
        if (perWatt > 0 && budget(j) == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("has a power price at a node without a power budget");
        }
        int size = (int) IntStream.of(node).filter(k -> k == j).count();
        double[][] loads = new double[size][];
        double[][] worth = new double[size][];
        double span = Double.MIN_NORMAL;
        int count = 0;
        for (int n = 0; n < node.length; n++) {
            if (node[n] == j) {
                increasing(n, j, perHz, perWatt, loads, worth, count);
                span += worth[count][worth[count].length - 1] - worth[count][0];
                span += 2 * Math.abs(worth[count][0]);
                count++;
            }
        }
        // A reward that no choice of steps outweighs: the best choice takes all that fit, which leaves out none if any
        // plan exists.
        NodeProof proof = new NodeProof(size, units(j));
        for (int k = 0; k < size; k++) {
            proof.add(1, span, loads[k], worth[k]);
        }
        double fixed = perHz * hertz(j) + (perWatt > 0 ? perWatt * budget(j) : 0);
        return fixed + proof.limit(0) - size * span;
    }

    /** The corners of a device that are worth more than those of less load. */
    private void increasing(int n, int j, double perHz, double perWatt, double[][] loads, double[][] worth, int at) {
        double[] someLoads = new double[load[n].length];
        double[] someWorth = new double[load[n].length];
        int count = 0;
        for (int s = 0; s < load[n].length; s++) {
            double price =
                    perWatt + kappa * load[n][s] * instance.devices().get(n).deadlineSeconds();
            double own = value[n][s] - radio[n][j].least(perHz, price);
            if (count == 0 || own > someWorth[count - 1]) {
                someLoads[count] = load[n][s];
                someWorth[count++] = own;
            }
        }
        loads[at] = java.util.Arrays.copyOf(someLoads, count);
        worth[at] = java.util.Arrays.copyOf(someWorth, count);
    }
}

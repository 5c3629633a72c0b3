package org.qexit.allocation.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Instance;
import org.qexit.edge.EdgeNode;
import org.qexit.trace.Rule;

/**
 * Recomputes what a certificate proves, from the raw instance and by code of its own ({@link PlainFrontier}, {@link NodeProof}).
 * Any prices give a bound; wrong ones give a weak bound, never a false one.
 */
final class BoundCheck {
    /** Sums of bandwidth and load may round up by this share. */
    private static final double ROUNDING = 1e-11;

    private final Instance instance;
    private final int devices;
    private final int nodes;
    /** {@code [device][node]}, filled on demand: NaN = not yet, +∞ = the node cannot serve the device. */
    private final double[][] need;
    /** {@code [device][corner]}. */
    private final double[][] load;
    /** {@code [device][corner]}: ρ ln U. */
    private final double[][] value;

    private final double[][] gain;
    /** {@code [device][node]} ≥ 0: what serving a device there costs, whatever its corner. */
    private final double[][] penalty;

    BoundCheck(Instance instance, Map<String, Map<String, Double>> gains, ListedRules rules) {
        this(
                instance,
                gains,
                rules,
                new double[instance.devices().size()][instance.nodes().size()]);
    }

    /** @param penalty {@code [device][node]} */
    BoundCheck(Instance instance, Map<String, Map<String, Double>> gains, ListedRules rules, double[][] penalty) {
        this.instance = instance;
        this.penalty = penalty;
        this.devices = instance.devices().size();
        this.nodes = instance.nodes().size();
        this.need = new double[devices][nodes];
        this.gain = new double[devices][nodes];
        this.load = new double[devices][];
        this.value = new double[devices][];
        IntStream.range(0, devices).parallel().forEach(n -> {
            Instance.Device device = instance.devices().get(n);
            Map<String, Double> own = gains.getOrDefault(device.id(), Map.of());
            Arrays.fill(need[n], Double.NaN);
            for (int j = 0; j < nodes; j++) {
                EdgeNode node = instance.nodes().get(j);
                boolean may = own.containsKey(node.id()) && node.securityLevel() <= device.securityLevel();
                gain[n][j] = may ? own.get(node.id()) : Double.NaN;
            }
            corners(n, device, rules.of(device.id()));
        });
    }

    private void corners(int n, Instance.Device device, List<Rule> rules) {
        int[] labels = device.trace().labels();
        PlainFrontier frontier = PlainFrontier.of(device, rules);
        double perEvent = device.eventsPerPeriod() == null ? 1 : device.eventsPerPeriod() / labels.length;
        int size = frontier.offloads().length;
        load[n] = new double[size];
        value[n] = new double[size];
        for (int s = 0; s < size; s++) {
            load[n][s] = frontier.offloads()[s] * perEvent;
            value[n][s] = device.weight() * Math.log((double) frontier.truePositives()[s] / frontier.positives());
        }
    }

    /** Least bandwidth at full power by bisection on the plain rate, rounded down; +∞ if the node cannot serve the device. */
    private double need(int n, int j) {
        if (Double.isNaN(need[n][j])) {
            need[n][j] = Double.isNaN(gain[n][j]) ? Double.POSITIVE_INFINITY : leastHz(n, j);
        }
        return need[n][j];
    }

    private double leastHz(int n, int j) {
        Instance.Device device = instance.devices().get(n);
        double own = device.bandwidthMaxHz() == null ? instance.radio().bandwidthMaxHz() : device.bandwidthMaxHz();
        double high = Math.min(own, instance.nodes().get(j).bandwidthHz());
        double wanted = device.featureBits() / device.deadlineSeconds();
        double watts = device.powerMaxWatts() == null ? instance.radio().powerMaxWatts() : device.powerMaxWatts();
        Double budget = instance.nodes().get(j).powerWatts();
        watts = budget == null ? watts : Math.min(watts, budget);
        if (PlanCheck.plainRate(instance, device, gain[n][j], high, watts) < wanted * (1 - ROUNDING)) {
            return Double.POSITIVE_INFINITY;
        }
        double low = high * 1e-12;
        while (low > Double.MIN_NORMAL && PlanCheck.plainRate(instance, device, gain[n][j], low, watts) >= wanted) {
            high = low;
            low *= 1e-12;
        }
        for (int i = 0; i < 200 && high > low * (1 + 1e-13); i++) {
            double middle = Math.sqrt(low * high);
            if (PlanCheck.plainRate(instance, device, gain[n][j], middle, watts) >= wanted) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** The least bound that prices and tree prove, either may be null; null if there is neither. A wrong part adds a violation. */
    Double least(Certificate.Multipliers prices, List<Certificate.ProofStep> tree, List<String> violations) {
        double bound = Double.POSITIVE_INFINITY;
        if (prices != null
                && arePrices(prices.bandwidthPerHz(), violations)
                && arePrices(prices.computePerUnit(), violations)) {
            bound = byNodePrices(prices.bandwidthPerHz(), prices.computePerUnit());
        }
        if (tree != null) {
            try {
                bound = Math.min(bound, byTree(tree));
            } catch (IllegalArgumentException e) {
                violations.add("the certificate's tree " + e.getMessage());
            }
        }
        return bound == Double.POSITIVE_INFINITY ? null : (Double) Math.min(bound, best());
    }

    /** Every device at its best: prices that prove less are off by rounding. */
    private double best() {
        double sum = 0;
        for (double[] own : value) {
            sum += own.length == 0 ? 0 : own[own.length - 1];
        }
        return sum;
    }

    private boolean arePrices(double[] prices, List<String> violations) {
        if (prices == null || prices.length != nodes) {
            violations.add(
                    "the certificate has " + (prices == null ? 0 : prices.length) + " prices for " + nodes + " nodes");
            return false;
        }
        for (double price : prices) {
            if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
                violations.add("the certificate has the price " + price + "; expected a number >= 0");
                return false;
            }
        }
        return true;
    }

    /** Σ_j (α_j B_j + β_j W_j) + Σ_n max over nodes and corners of (ρ ln U − α_j b − β_j load). */
    double byNodePrices(double[] alpha, double[] beta) {
        double bound = 0;
        for (int j = 0; j < nodes; j++) {
            bound += alpha[j] * instance.nodes().get(j).bandwidthHz()
                    + beta[j] * events(instance.nodes().get(j));
        }
        double[] parts = new double[devices];
        IntStream.range(0, devices).parallel().forEach(n -> parts[n] = pricedBest(n, alpha, beta));
        for (double part : parts) {
            bound += part;
        }
        return bound;
    }

    private double pricedBest(int n, double[] alpha, double[] beta) {
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < nodes; j++) {
            if (Double.isNaN(gain[n][j])) {
                continue;
            }
            double most = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < load[n].length && load[n][s] <= units(j); s++) {
                most = Math.max(most, value[n][s] - beta[j] * load[n][s] - penalty[n][j]);
            }
            // The bandwidth, costly to find, matters only where the rest could win.
            if (most > best) {
                double hz = need(n, j);
                best = hz <= hertz(j) ? Math.max(best, most - alpha[j] * hz) : best;
            }
        }
        return best;
    }

    private double hertz(int j) {
        return instance.nodes().get(j).bandwidthHz() * (1 + ROUNDING);
    }

    private double units(int j) {
        return events(instance.nodes().get(j)) * (1 + ROUNDING);
    }

    /** W_j / r_j: loads and prices of the certificate are of events. */
    static double events(EdgeNode node) {
        return node.unitsPerEvent() == null ? node.computeUnits() : node.computeUnits() / node.unitsPerEvent();
    }

    /**
     * The largest bound among the leaves.
     *
     * @throws IllegalArgumentException if the steps are not one whole tree of this instance
     */
    double byTree(List<Certificate.ProofStep> steps) {
        return ProofTree.largest(instance, steps, this::leafBound);
    }

    private double leafBound(ProofTree.Leaf leaf) {
        double[] price = leaf.step().devicePrices();
        double[] aim = leaf.step().nodeProfits();
        if (price == null || price.length != devices || aim != null && aim.length != nodes) {
            throw new IllegalArgumentException(
                    "has a leaf with " + (price == null ? 0 : price.length) + " prices for " + devices + " devices");
        }
        for (double p : price) {
            if (!Double.isFinite(p)) {
                throw new IllegalArgumentException("has a price that is not a number");
            }
        }
        double[] profit = new double[nodes];
        IntStream.range(0, nodes).parallel().forEach(j -> {
            NodeProof proof = new NodeProof(hertz(j), units(j));
            for (int n = 0; n < devices; n++) {
                // A device that cannot earn anything is left out before its bandwidth is computed.
                double reward = price[n] - penalty[n][j];
                if (leaf.allowed()[n][j] && load[n].length > 0 && reward + value[n][value[n].length - 1] > 0) {
                    proof.add(need(n, j), reward, load[n], value[n]);
                }
            }
            profit[j] = proof.limit(aim == null || Double.isNaN(aim[j]) ? 0 : aim[j]);
        });
        double bound = 0;
        for (double p : price) {
            bound -= p;
        }
        for (double p : profit) {
            bound += p;
        }
        return bound;
    }
}

package org.qexit.allocation.check;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.edge.EdgeNode;

/**
 * Checks the energy part of a plan against the raw data: joules, power of the nodes, the penalised objective and its bound, and that the
 * bound's prices prove what they claim. Like {@link PlanCheck} it writes the formulas anew, in their plain form.
 */
final class PowerCheck {
    private static final double CLAIM = 1e-6;
    /** Inner minima beyond this number are not recomputed: some seconds. */
    private static final double MOST = 400_000;

    /** Pairs at the leaves of a tree: more would take minutes. */
    private static final long MOST_PAIRS = 2_000_000;

    private final Instance instance;
    private final Plan plan;
    private final ListedRules rules;
    private final List<String> violations;
    private double proven = Double.POSITIVE_INFINITY;
    private final Map<String, Map<String, Double>> gains = new HashMap<>();

    private PowerCheck(Instance instance, Plan plan, ListedRules rules, List<String> violations) {
        this.instance = instance;
        this.rules = rules;
        this.plan = plan;
        this.violations = violations;
        instance.links()
                .forEach(link -> gains.computeIfAbsent(link.device(), key -> new HashMap<>())
                        .put(link.node(), link.gain()));
    }

    /**
     * Adds one sentence for each claim that does not hold. Plans without energy facts pass; devices and nodes must be known.
     *
     * @return what prices and tree prove of the penalised objective, or null if nothing
     */
    static Double check(Instance instance, Plan plan, ListedRules rules, List<String> violations) {
        if (plan.energy() == null || !plan.isFeasible() || !violations.isEmpty()) {
            return null;
        }
        PowerCheck check = new PowerCheck(instance, plan, rules, violations);
        check.run(plan.energy());
        return check.proven == Double.POSITIVE_INFINITY ? null : (Double) check.proven;
    }

    private void run(EnergyFacts energy) {
        Map<String, Instance.Device> devices = new HashMap<>();
        instance.devices().forEach(device -> devices.put(device.id(), device));
        Map<String, Double> watts = new HashMap<>();
        double joules = 0;
        double objective = 0;
        for (Plan.Device part : plan.devices()) {
            Instance.Device device = devices.get(part.id());
            int[] labels = device.trace().labels();
            double events = part.truePositives() + part.falsePositives();
            double load = device.eventsPerPeriod() == null ? events : events * device.eventsPerPeriod() / labels.length;
            double own = load * part.powerWatts() * device.featureBits() / rate(device, part);
            if (part.energyJoules() != null) {
                claim("device " + part.id() + ": energy [J]", part.energyJoules(), own);
            }
            joules += own;
            watts.merge(part.node(), part.powerWatts(), Double::sum);
            objective += device.weight()
                    * Math.log(
                            (double) part.truePositives() / IntStream.of(labels).sum());
        }
        claim("expected energy [J]", energy.expectedJoules(), joules);
        claim("energy term", energy.energyTerm(), energy.weightPerJoule() * joules);
        claim("penalised objective", energy.penalisedObjective(), objective - energy.weightPerJoule() * joules);
        for (EnergyFacts.NodePower node : energy.nodes()) {
            claim("node " + node.id() + ": power [W]", node.powerWatts(), watts.getOrDefault(node.id(), 0.0));
        }
        Double bound = energy.penalisedBound();
        if (bound != null && !(bound >= energy.penalisedObjective() - CLAIM * Math.abs(bound))) {
            violations.add(
                    "penalised bound " + bound + " is below the penalised objective " + energy.penalisedObjective());
        }
        PlainFrontier[] frontiers = energy.prices() == null && energy.tree() == null ? null : frontiers();
        if (energy.prices() != null) {
            checkPrices(energy, frontiers);
        }
        if (energy.tree() != null) {
            checkTree(energy, frontiers);
        }
    }

    private PlainFrontier[] frontiers() {
        PlainFrontier[] frontiers = new PlainFrontier[instance.devices().size()];
        IntStream.range(0, frontiers.length).parallel().forEach(n -> {
            Instance.Device device = instance.devices().get(n);
            frontiers[n] = PlainFrontier.of(device, rules.of(device.id()));
        });
        return frontiers;
    }

    private void checkTree(EnergyFacts energy, PlainFrontier[] frontiers) {
        long pairs = (long) instance.devices().size() * instance.nodes().size();
        if (energy.tree().steps().size() * pairs > MOST_PAIRS) {
            violations.add("the tree of the penalised bound is too large to recompute");
            return;
        }
        double byTree;
        try {
            byTree = new PowerProof(instance, gains, frontiers, energy.weightPerJoule())
                    .byTree(energy.tree().steps());
        } catch (IllegalArgumentException e) {
            violations.add("the tree of the penalised bound " + e.getMessage());
            return;
        }
        proven = Math.min(proven, byTree);
        double claimed = energy.tree().bound();
        if (!(byTree <= claimed + CLAIM * scale(claimed))) {
            violations.add("the tree of the penalised bound proves " + byTree + ", not " + claimed);
        }
        if (energy.penalisedObjective() > byTree + CLAIM * scale(byTree)) {
            violations.add("the tree proves the penalised bound " + byTree + ", below the penalised objective");
        }
    }

    /** Sums of prices round in proportion to the largest weight. */
    private double scale(double value) {
        double heaviest = instance.devices().stream()
                .mapToDouble(Instance.Device::weight)
                .max()
                .orElse(0);
        return Math.max(heaviest, Math.abs(value));
    }

    private void claim(String what, double claimed, double found) {
        if (!(Math.abs(claimed - found) <= CLAIM * Math.max(Math.abs(found), 1e-300))) {
            violations.add(String.format(Locale.ROOT, "%s claimed %.9g, recomputed %.9g", what, claimed, found));
        }
    }

    private double rate(Instance.Device device, Plan.Device part) {
        double gain = gains.get(device.id()).get(part.node());
        double noise = instance.radio().noiseWattsPerHz();
        double x = gain * part.powerWatts() / (noise * part.bandwidthHz());
        double y = heard(device) * part.powerWatts() / part.bandwidthHz();
        return part.bandwidthHz() * (Math.log1p(x) - Math.log1p(y)) / Math.log(2);
    }

    private double heard(Instance.Device device) {
        Double own = device.eavesdropper().noiseWattsPerHz();
        return device.eavesdropper().gain() / (own == null ? instance.radio().noiseWattsPerHz() : own);
    }

    private void checkPrices(EnergyFacts energy, PlainFrontier[] frontiers) {
        EnergyFacts.Prices prices = energy.prices();
        int nodes = instance.nodes().size();
        double[][] all = {prices.bandwidthPerHz(), prices.computePerUnit(), prices.powerPerWatt()};
        for (double[] some : all) {
            if (some == null
                    || some.length != nodes
                    || !IntStream.range(0, nodes).allMatch(j -> some[j] >= 0)) {
                violations.add("the prices of the penalised bound are not " + nodes + " numbers >= 0 each");
                return;
            }
        }
        double work = 0;
        for (PlainFrontier frontier : frontiers) {
            work += (double) nodes * (energy.weightPerJoule() > 0 ? frontier.offloads().length : 1);
        }
        if (work > MOST) {
            return;
        }
        double bound = 0;
        for (int j = 0; j < nodes; j++) {
            EdgeNode node = instance.nodes().get(j);
            bound += all[0][j] * node.bandwidthHz() + all[1][j] * BoundCheck.events(node);
            if (node.powerWatts() != null) {
                bound += all[2][j] * node.powerWatts();
            } else if (all[2][j] > 0) {
                violations.add("node " + node.id() + " has a power price and no power budget");
            }
        }
        double[] parts = new double[frontiers.length];
        IntStream.range(0, parts.length)
                .parallel()
                .forEach(n -> parts[n] = best(instance.devices().get(n), frontiers[n], all, energy.weightPerJoule()));
        for (double part : parts) {
            bound += part;
        }
        proven = Math.min(proven, bound);
        if (!(bound <= prices.bound() + CLAIM * scale(bound))) {
            violations.add("the prices of the penalised bound prove " + bound + ", not " + prices.bound());
        }
        if (energy.penalisedObjective() > bound + CLAIM * scale(bound)) {
            violations.add("the prices prove the penalised bound " + bound + ", below the penalised objective");
        }
    }

    /** max over nodes and corners of ρ ln U − β load − min over b of α b + (ν + κ load t) π(b). */
    private double best(Instance.Device device, PlainFrontier frontier, double[][] prices, double kappa) {
        double perEvent = device.eventsPerPeriod() == null
                ? 1
                : device.eventsPerPeriod() / device.trace().labels().length;
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < instance.nodes().size(); j++) {
            EdgeNode node = instance.nodes().get(j);
            Double gain = gains.getOrDefault(device.id(), Map.of()).get(node.id());
            PlainRadio pair = PlainRadio.of(instance, device, node, gain);
            if (pair == null) {
                continue;
            }
            double radio = Double.NaN;
            for (int s = 0; s < frontier.offloads().length; s++) {
                double load = frontier.offloads()[s] * perEvent;
                if (load <= BoundCheck.events(node) * (1 + 1e-9)) {
                    if (kappa > 0 || Double.isNaN(radio)) {
                        double perWatt = prices[2][j] + kappa * load * device.deadlineSeconds();
                        radio = pair.least(prices[0][j], perWatt);
                    }
                    double value =
                            device.weight() * Math.log((double) frontier.truePositives()[s] / frontier.positives());
                    best = Math.max(best, value - prices[1][j] * load - radio);
                }
            }
        }
        return best;
    }
}

package org.qexit.allocation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.threshold.Frontier;

/**
 * Checks a plan against the raw data of its instance: decisions, loads, secrecy rates, delays, capacities, objective, and that the
 * claimed bound follows from the certificate's prices. Shares no code with the search nor with the projection: formulas are written
 * anew, in their plain form; only the frontier of a device (tested against brute force where it lives) is used for the bound.
 */
public final class PlanCheck {
    /** Relative tolerance of every constraint: far above rounding, far below what a radio can tell. */
    private static final double TOLERANCE = 1e-7;
    /** Relative tolerance of claims about the objective and the bound. */
    private static final double CLAIM = 1e-6;

    private final Instance instance;
    private final Plan plan;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Map<String, Double>> gains = new HashMap<>();

    private PlanCheck(Instance instance, Plan plan) {
        this.instance = instance;
        this.plan = plan;
        for (Link link : instance.links()) {
            gains.computeIfAbsent(link.device(), key -> new HashMap<>()).put(link.node(), link.gain());
        }
    }

    /**
     * What the check found.
     *
     * @param objective Σ ρ_n ln U_n recomputed, or null where it cannot be
     * @param recomputedBound the bound that the certificate's prices give, or null if it has none
     * @param violations constraints broken and claims that do not hold, one sentence each
     */
    public record Report(Double objective, Double recomputedBound, List<String> violations) {
        public boolean isClean() {
            return violations.isEmpty();
        }
    }

    public static Report check(Instance instance, Plan plan) {
        return new PlanCheck(instance, plan).run();
    }

    private Report run() {
        if (!plan.instance().equals(instance.name())) {
            violations.add("the plan is for instance " + plan.instance() + ", not for " + instance.name());
        }
        if (!plan.isFeasible()) {
            if (!plan.devices().isEmpty()) {
                violations.add("status " + plan.status().json() + ", yet it lists devices");
            }
            return new Report(null, null, List.copyOf(violations));
        }
        Double objective = checkDevices();
        Double priced = priceBound();
        if (objective != null) {
            double scale = Math.max(1, Math.abs(objective));
            if (plan.objective() == null || Math.abs(plan.objective() - objective) > CLAIM * scale) {
                violations.add("objective claimed " + plan.objective() + ", recomputed " + objective);
            }
            if (plan.bound() != null && objective > plan.bound() + CLAIM * scale) {
                violations.add("bound " + plan.bound() + " is below the objective " + objective);
            }
            if (priced != null && objective > priced + CLAIM * scale) {
                violations.add(
                        "the certificate's prices give the bound " + priced + ", below the objective " + objective);
            }
        }
        if (priced != null && plan.bound() != null) {
            boolean byPricesAlone = plan.certificate().kind().equals("node-prices");
            if (byPricesAlone && priced > plan.bound() + CLAIM * Math.max(1, Math.abs(priced))) {
                violations.add("bound claimed " + plan.bound() + ", its prices prove only " + priced);
            }
        }
        return new Report(objective, priced, List.copyOf(violations));
    }

    private Double checkDevices() {
        Map<String, Instance.Device> devices = new HashMap<>();
        instance.devices().forEach(device -> devices.put(device.id(), device));
        Map<String, EdgeNode> nodes = new HashMap<>();
        instance.nodes().forEach(node -> nodes.put(node.id(), node));
        Map<String, double[]> used = new HashMap<>();
        Set<String> seen = new HashSet<>();
        double objective = 0;
        for (Plan.Device part : plan.devices()) {
            Instance.Device device = devices.get(part.id());
            EdgeNode node = nodes.get(part.node());
            if (device == null || !seen.add(part.id())) {
                violations.add("device " + part.id() + ": unknown or listed twice");
                continue;
            }
            if (node == null) {
                violations.add("device " + part.id() + ": unknown node " + part.node());
                continue;
            }
            objective += checkThresholds(device, part);
            checkRadio(device, node, part);
            double[] sums = used.computeIfAbsent(node.id(), key -> new double[3]);
            sums[0] += part.bandwidthHz();
            sums[1] += part.computeUnits();
            sums[2] += part.powerWatts();
        }
        for (Instance.Device device : instance.devices()) {
            if (!seen.contains(device.id())) {
                violations.add("device " + device.id() + ": not in the plan (Eq. 24c)");
            }
        }
        for (EdgeNode node : instance.nodes()) {
            double[] sums = used.getOrDefault(node.id(), new double[3]);
            atMost("node " + node.id() + ": bandwidth [Hz] (Eq. 24d)", sums[0], node.bandwidthHz());
            atMost("node " + node.id() + ": compute (Eq. 24e)", sums[1], node.computeUnits());
            if (node.powerWatts() != null) {
                atMost("node " + node.id() + ": power [W] (Eq. 28)", sums[2], node.powerWatts());
            }
        }
        return Double.isFinite(objective) ? objective : null;
    }

    private void atMost(String what, double value, double limit) {
        if (!(value >= 0 && value <= limit * (1 + TOLERANCE))) {
            violations.add(String.format(Locale.ROOT, "%s: %.9g is outside 0 to %.9g", what, value, limit));
        }
    }

    /** Replays every event of the trace through Eq. (2); returns ρ ln U. */
    private double checkThresholds(Instance.Device device, Plan.Device part) {
        String who = "device " + device.id();
        float lower = part.lower();
        float upper = part.upper().value();
        if (!(lower >= 0 && lower <= 1 && lower <= upper && (upper <= 1 || upper == Float.POSITIVE_INFINITY))) {
            violations.add(who + ": thresholds (" + lower + ", " + upper + ") are not 0 <= lower <= upper <= 1");
        }
        int[] labels = device.trace().labels();
        int truePositives = 0;
        int falsePositives = 0;
        int positives = 0;
        for (int k = 0; k < labels.length; k++) {
            positives += labels[k];
            for (float score : device.trace().scores()[k]) {
                if (score <= lower) {
                    break;
                }
                if (score >= upper) {
                    truePositives += labels[k];
                    falsePositives += 1 - labels[k];
                    break;
                }
            }
        }
        if (truePositives != part.truePositives() || falsePositives != part.falsePositives()) {
            violations.add(who + ": claims TP/FP " + part.truePositives() + "/" + part.falsePositives()
                    + ", its thresholds give " + truePositives + "/" + falsePositives);
        }
        double perEvent = device.eventsPerPeriod() == null ? 1 : device.eventsPerPeriod() / labels.length;
        double load = (truePositives + falsePositives) * perEvent;
        if (load > part.computeUnits() * (1 + TOLERANCE) + 1e-9) {
            violations.add(who + ": load " + load + " exceeds its compute " + part.computeUnits() + " (Eq. 24h)");
        }
        Double cap = device.maxFalsePositiveRate();
        if (cap != null && falsePositives > cap * (labels.length - positives) * (1 + TOLERANCE) + 1e-9) {
            violations.add(who + ": " + falsePositives + " false positives of " + (labels.length - positives)
                    + " normal events exceed the cap " + cap);
        }
        if (truePositives == 0) {
            violations.add(who + ": utility 0, its logarithm is undefined");
        }
        return device.weight() * Math.log((double) truePositives / positives);
    }

    private void checkRadio(Instance.Device device, EdgeNode node, Plan.Device part) {
        String who = "device " + device.id();
        double hzMax = device.bandwidthMaxHz() == null ? instance.radio().bandwidthMaxHz() : device.bandwidthMaxHz();
        double wattsMax = device.powerMaxWatts() == null ? instance.radio().powerMaxWatts() : device.powerMaxWatts();
        atMost(who + ": bandwidth [Hz] (Eq. 24a)", part.bandwidthHz(), hzMax);
        atMost(who + ": power [W] (Eq. 24b)", part.powerWatts(), wattsMax);
        if (node.securityLevel() > device.securityLevel()) {
            violations.add(who + ": level " + device.securityLevel() + " at node " + node.id() + " of level "
                    + node.securityLevel() + " (Eq. 24f)");
        }
        Double gain = gains.getOrDefault(device.id(), Map.of()).get(node.id());
        if (gain == null) {
            violations.add(who + ": no link to node " + node.id());
            return;
        }
        double rate = plainRate(device, gain, part.bandwidthHz(), part.powerWatts());
        double seconds = device.featureBits() / rate;
        if (!(seconds <= device.deadlineSeconds() * (1 + TOLERANCE))) {
            violations.add(who + ": delay " + seconds + " s exceeds " + device.deadlineSeconds() + " s (Eq. 24g)");
        }
    }

    /** Eq. (7)-(9) as printed: the difference of two rates, cut at 0. */
    private double plainRate(Instance.Device device, double gain, double hz, double watts) {
        if (!(hz > 0)) {
            return 0;
        }
        double noise = instance.radio().noiseWattsPerHz();
        Double own = device.eavesdropper().noiseWattsPerHz();
        double noiseThere = own == null ? noise : own;
        double rate = hz * Math.log1p(gain * watts / (noise * hz)) / Math.log(2);
        double heard = hz * Math.log1p(device.eavesdropper().gain() * watts / (noiseThere * hz)) / Math.log(2);
        return Math.max(0, rate - heard);
    }

    /** Σ_j (α_j B_j + β_j W_j) + Σ_n max over nodes and corners of (ρ ln U − α_j b − β_j load), or null without prices. */
    private Double priceBound() {
        Plan.Certificate certificate = plan.certificate();
        Plan.Multipliers prices = certificate == null ? null : certificate.multipliers();
        if (prices == null || prices.bandwidthPerHz() == null || prices.computePerUnit() == null) {
            return null;
        }
        double[] alpha = prices.bandwidthPerHz();
        double[] beta = prices.computePerUnit();
        int nodes = instance.nodes().size();
        if (alpha.length != nodes || beta.length != nodes) {
            violations.add(
                    "the certificate has " + alpha.length + " and " + beta.length + " prices for " + nodes + " nodes");
            return null;
        }
        double bound = 0;
        for (int j = 0; j < nodes; j++) {
            if (!(alpha[j] >= 0 && beta[j] >= 0)) {
                violations.add("the certificate's prices of node " + j + " are negative");
                return null;
            }
            bound += alpha[j] * instance.nodes().get(j).bandwidthHz()
                    + beta[j] * instance.nodes().get(j).computeUnits();
        }
        double[] parts = new double[instance.devices().size()];
        IntStream.range(0, parts.length).parallel().forEach(n -> parts[n] = pricedBest(n, alpha, beta));
        for (double part : parts) {
            bound += part;
        }
        return bound;
    }

    private double pricedBest(int n, double[] alpha, double[] beta) {
        Instance.Device device = instance.devices().get(n);
        double hzMax = device.bandwidthMaxHz() == null ? instance.radio().bandwidthMaxHz() : device.bandwidthMaxHz();
        double wattsMax = device.powerMaxWatts() == null ? instance.radio().powerMaxWatts() : device.powerMaxWatts();
        double wanted = device.featureBits() / device.deadlineSeconds();
        Frontier frontier = Frontier.of(device.deviceTrace());
        double perEvent = device.eventsPerPeriod() == null
                ? 1
                : device.eventsPerPeriod() / device.trace().labels().length;
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < alpha.length; j++) {
            EdgeNode node = instance.nodes().get(j);
            Double gain = gains.getOrDefault(device.id(), Map.of()).get(node.id());
            if (gain == null || node.securityLevel() > device.securityLevel()) {
                continue;
            }
            double most = Math.min(hzMax, node.bandwidthHz());
            double watts = node.powerWatts() == null ? wattsMax : Math.min(wattsMax, node.powerWatts());
            if (plainRate(device, gain, most, watts) < wanted * (1 - TOLERANCE)) {
                continue;
            }
            double low = most * 1e-12;
            double high = most;
            for (int i = 0; i < 200 && high > low * (1 + 1e-12); i++) {
                double middle = Math.sqrt(low * high);
                if (plainRate(device, gain, middle, watts) >= wanted) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            for (Frontier.Step corner : frontier.steps()) {
                double load = corner.offloads() * perEvent;
                if (corner.truePositives() > 0 && load <= node.computeUnits() * (1 + TOLERANCE)) {
                    double value = device.weight() * Math.log((double) corner.truePositives() / frontier.positives());
                    best = Math.max(best, value - alpha[j] * low - beta[j] * load);
                }
            }
        }
        return best;
    }
}

package org.qexit.allocation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Instance;
import org.qexit.allocation.MoveFacts;
import org.qexit.allocation.Plan;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RuleKind;

/**
 * Checks a plan against the raw data of its instance: decisions, loads, secrecy rates, delays, capacities, objective, and that the
 * claimed bound follows from the certificate ({@link BoundCheck}). Shares no code with the search nor with the projection: formulas
 * are written anew, in their plain form.
 */
public final class PlanCheck {
    /** Relative tolerance of every constraint: far above rounding, far below what a radio can tell. */
    private static final double TOLERANCE = 1e-7;
    /** Relative tolerance of claims about the objective and the bound. */
    private static final double CLAIM = 1e-6;
    /** Relative tolerance of a recomputed bound: the rounding of sums in another order. */
    private static final double PROOF = 1e-9;
    /** Of that tolerance itself: the objective is recomputed in another order. */
    private static final double SLACK = 1e-3;
    /** Of a difference of two numbers that a file holds in full. */
    private static final double ROUNDING = 1e-12;

    private final Instance instance;
    private final Plan plan;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Map<String, Double>> gains = new HashMap<>();
    /** The largest weight. */
    private final double heaviest;
    /** Beside pairs. */
    private ListedRules rules;

    private PlanCheck(Instance instance, Plan plan) {
        this.instance = instance;
        this.plan = plan;
        this.heaviest = instance.devices().stream()
                .mapToDouble(Instance.Device::weight)
                .max()
                .orElse(0);
        for (Link link : instance.links()) {
            gains.computeIfAbsent(link.device(), key -> new HashMap<>()).put(link.node(), link.gain());
        }
    }

    /**
     * What the check found.
     *
     * @param objective Σ ρ_n ln U_n recomputed, or null where it cannot be
     * @param recomputedBound the bound that the certificate gives, or null if it has none
     * @param recomputedPenalisedBound the same of the objective less energy, null where nothing proves one
     * @param violations constraints broken and claims that do not hold, one sentence each
     * @param boundProven the recomputed bounds are as sharp as the plan's
     */
    public record Report(
            Double objective,
            Double recomputedBound,
            Double recomputedPenalisedBound,
            List<String> violations,
            boolean boundProven) {
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
        // Labels and scores out of range are a mistake of the instance, not of the plan.
        instance.devices().forEach(Instance.Device::deviceTrace);
        if (!plan.isFeasible()) {
            if (!plan.devices().isEmpty()) {
                violations.add("status " + plan.status().json() + ", yet it lists devices");
            }
            return new Report(null, null, null, List.copyOf(violations), false);
        }
        rules = ListedRules.of(instance, plan, violations);
        Double objective = checkDevices();
        Double recomputed = recomputeBound();
        checkClaims(objective, recomputed);
        boolean movesProven = checkMoves(objective);
        Double penalised = PowerCheck.check(instance, plan, rules, violations);
        if (penalised != null && plan.energy().weightPerJoule() == 0) {
            // Without an energy weight both objectives are one.
            recomputed = recomputed == null ? penalised : (Double) Math.min(recomputed, penalised);
        }
        boolean proven = proves(recomputed) && movesProven && (!isPenalised() || provesPenalised(penalised));
        return new Report(objective, recomputed, penalised, List.copyOf(violations), proven);
    }

    private boolean proves(Double recomputed) {
        // Sums of prices round in proportion to the largest weight; who claims an optimum claims more than that.
        boolean optimal = plan.status() == Plan.Status.OPTIMAL && plan.moves() == null && !isPenalised();
        return plan.bound() != null
                && recomputed != null
                && recomputed <= plan.bound() + PROOF * (optimal ? Math.abs(plan.bound()) : scale(plan.bound()));
    }

    private boolean provesPenalised(Double recomputed) {
        double claimed = plan.energy().penalisedBound();
        return recomputed != null && recomputed <= claimed + PROOF * scale(claimed);
    }

    private boolean isPenalised() {
        return plan.energy() != null && plan.energy().penalisedBound() != null;
    }

    private double scale(double value) {
        return Math.max(heaviest, Math.abs(value));
    }

    private void checkClaims(Double objective, Double recomputed) {
        Double bound = plan.bound();
        if (objective != null) {
            double claim = CLAIM * Math.abs(objective);
            if (plan.objective() == null || !(Math.abs(plan.objective() - objective) <= claim)) {
                violations.add("objective claimed " + plan.objective() + ", recomputed " + objective);
            }
            if (bound != null && !(objective <= bound + claim)) {
                violations.add("bound " + bound + " is below the objective " + objective);
            }
            if (recomputed != null && !(objective <= recomputed + claim + PROOF * heaviest)) {
                violations.add("the certificate gives the bound " + recomputed + ", below the objective " + objective);
            }
        }
        if (plan.gap() != null
                && plan.objective() != null
                && !(bound != null
                        && Math.abs(bound - plan.objective() - plan.gap())
                                <= CLAIM * Math.abs(plan.gap()) + ROUNDING * Math.abs(bound))) {
            violations.add("gap claimed " + plan.gap() + ", bound " + bound + " and objective " + plan.objective()
                    + " give another");
        }
        checkStatus(objective);
        Certificate certificate = plan.certificate();
        boolean whole = certificate != null && ("node-prices".equals(certificate.kind()) || certificate.tree() != null);
        if (bound != null && whole && !proves(recomputed)) {
            violations.add("bound claimed " + bound + ", its certificate proves only " + recomputed);
        }
    }

    /** Optimal is what has a gap of at most 1e-9 of the objective: no tolerance that a plan states for itself counts. */
    private void checkStatus(Double objective) {
        if (plan.status() != Plan.Status.OPTIMAL || objective == null) {
            return;
        }
        // Where energy has a weight or moves a cost, "optimal" speaks of the objective less those.
        double value = objective;
        Double limit = plan.bound();
        if (isPenalised()) {
            value = plan.energy().penalisedObjective();
            limit = plan.energy().penalisedBound();
        } else if (plan.moves() != null) {
            value = objective
                    - plan.moves().costPerMove() * plan.moves().moved().size();
            limit = plan.moves().netBound();
        }
        // A plan of another program may claim no bound at all; then nothing proves it, which the report says.
        boolean claimed = plan.certificate() != null || limit != null;
        if (claimed && (limit == null || !(limit - value <= PROOF * Math.abs(value) * (1 + SLACK)))) {
            violations.add("status optimal, yet bound " + limit + " and objective " + value + " differ by more than "
                    + PROOF + " of the objective");
        }
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
            objective += checkThresholds(device, node, part);
            checkRadio(device, node, part);
            double[] sums = used.computeIfAbsent(node.id(), key -> new double[3]);
            sums[0] += part.bandwidthHz();
            sums[1] += part.computeUnits();
            sums[2] += part.powerWatts();
        }
        for (Instance.Device device : instance.devices()) {
            if (!seen.contains(device.id())) {
                violations.add("device " + device.id() + ": not in the plan");
            }
        }
        for (EdgeNode node : instance.nodes()) {
            double[] sums = used.getOrDefault(node.id(), new double[3]);
            atMost("node " + node.id() + ": bandwidth [Hz]", sums[0], node.bandwidthHz());
            atMost("node " + node.id() + ": compute", sums[1], node.computeUnits());
            if (node.powerWatts() != null) {
                atMost("node " + node.id() + ": power [W]", sums[2], node.powerWatts());
            }
        }
        return Double.isFinite(objective) ? objective : null;
    }

    private void atMost(String what, double value, double limit) {
        if (!(value >= 0 && value <= limit * (1 + TOLERANCE))) {
            violations.add(String.format(Locale.ROOT, "%s: %.9g is outside 0 to %.9g", what, value, limit));
        }
    }

    /** Replays every event of the trace through the device's rule; returns ρ ln U. */
    private double checkThresholds(Instance.Device device, EdgeNode node, Plan.Device part) {
        String who = "device " + device.id();
        if (part.thresholds() instanceof ExitThresholds each
                && each.exits() != device.trace().scores()[0].length) {
            // Said already, with the rules that the plan lists.
            return Double.NaN;
        }
        if (part.thresholds().kind() == RuleKind.PER_EXIT && instance.kind() == RuleKind.PAIR) {
            violations.add(who + ": has thresholds per exit; the instance's rule is pair");
        }
        int[] labels = device.trace().labels();
        int positives = Arrays.stream(labels).sum();
        PlainCounts counts = PlainCounts.of(device, part.thresholds());
        int truePositives = counts.truePositives();
        int falsePositives = counts.falsePositives();
        if (truePositives != part.truePositives() || falsePositives != part.falsePositives()) {
            violations.add(who + ": claims TP/FP " + part.truePositives() + "/" + part.falsePositives()
                    + ", its thresholds give " + truePositives + "/" + falsePositives);
        }
        double perEvent = device.eventsPerPeriod() == null ? 1 : device.eventsPerPeriod() / labels.length;
        double load = (truePositives + falsePositives) * perEvent;
        double units = node.unitsPerEvent() == null ? load : load * node.unitsPerEvent();
        if (units > part.computeUnits() * (1 + TOLERANCE)) {
            violations.add(who + ": load " + units + " exceeds its compute " + part.computeUnits() + "");
        }
        double events = perEvent * labels.length;
        if (part.computeUnits() > events * (1 + TOLERANCE)) {
            violations.add(who + ": compute " + part.computeUnits() + " is more than its " + events
                    + " events of a period can need");
        }
        Double cap = device.maxFalsePositiveRate();
        if (cap != null && falsePositives > cap * (labels.length - positives) * (1 + TOLERANCE) + 1e-9) {
            violations.add(who + ": " + falsePositives + " false positives of " + (labels.length - positives)
                    + " normal events exceed the cap " + cap);
        }
        PlainCost cost = PlainCost.of(device);
        if (cost != null && !cost.allows(counts.stopped())) {
            violations.add(who + ": its mean local cost exceeds the cap "
                    + device.maxCost().toPlainString());
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
        atMost(who + ": bandwidth [Hz]", part.bandwidthHz(), hzMax);
        atMost(who + ": power [W]", part.powerWatts(), wattsMax);
        if (node.securityLevel() > device.securityLevel()) {
            violations.add(who + ": level " + device.securityLevel() + " at node " + node.id() + " of level "
                    + node.securityLevel() + "");
        }
        Double gain = gains.getOrDefault(device.id(), Map.of()).get(node.id());
        if (gain == null) {
            violations.add(who + ": no link to node " + node.id());
            return;
        }
        double rate = plainRate(instance, device, gain, part.bandwidthHz(), part.powerWatts());
        double seconds = device.featureBits() / rate;
        if (!(seconds <= device.deadlineSeconds() * (1 + TOLERANCE))) {
            violations.add(who + ": delay " + seconds + " s exceeds " + device.deadlineSeconds() + " s");
        }
    }

    /** Eq. (7)-(9) as printed: the difference of two rates, cut at 0. */
    static double plainRate(Instance instance, Instance.Device device, double gain, double hz, double watts) {
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

    /** The least bound that the certificate's prices and tree prove, or null if it has neither. */
    private Double recomputeBound() {
        Certificate certificate = plan.certificate();
        if (certificate == null || certificate.multipliers() == null && certificate.tree() == null) {
            return null;
        }
        return new BoundCheck(instance, gains, rules).least(certificate.multipliers(), certificate.tree(), violations);
    }

    /** Recomputes what a re-optimised plan says of its moves; returns whether its net bound is proven, true if there is none. */
    private boolean checkMoves(Double objective) {
        MoveFacts moves = plan.moves();
        if (moves == null) {
            return true;
        }
        Map<String, String> now = new HashMap<>();
        plan.devices().forEach(device -> now.put(device.id(), device.node()));
        Map<String, String> before = new HashMap<>(now);
        moves.free().forEach(before::remove);
        for (MoveFacts.Move move : moves.moved()) {
            if (!move.to().equals(now.get(move.device())) || move.from().equals(move.to())) {
                violations.add(
                        "moves: device " + move.device() + " did not move from " + move.from() + " to " + move.to());
            }
            before.put(move.device(), move.from());
        }
        if (!(moves.costPerMove() >= 0 && moves.costPerMove() < Double.POSITIVE_INFINITY)) {
            violations.add("moves: the cost per move is " + moves.costPerMove());
            return false;
        }
        double cost = moves.costPerMove() * moves.moved().size();
        if (objective != null
                && !(Math.abs(objective - cost - moves.netObjective()) <= CLAIM * Math.abs(objective - cost))) {
            violations.add(
                    "moves: net objective claimed " + moves.netObjective() + ", recomputed " + (objective - cost));
        }
        if (moves.netBound() == null) {
            return true;
        }
        double[][] penalty =
                new double[instance.devices().size()][instance.nodes().size()];
        for (int n = 0; n < penalty.length; n++) {
            String old = before.get(instance.devices().get(n).id());
            for (int j = 0; old != null && j < penalty[n].length; j++) {
                penalty[n][j] = instance.nodes().get(j).id().equals(old) ? 0 : moves.costPerMove();
            }
        }
        Double least =
                new BoundCheck(instance, gains, rules, penalty).least(moves.multipliers(), moves.tree(), violations);
        boolean proven = least != null && least <= moves.netBound() + PROOF * scale(moves.netBound());
        if (!proven && moves.tree() != null
                || !(moves.netObjective() <= moves.netBound() + PROOF * Math.abs(moves.netBound()))) {
            violations.add("moves: net bound claimed " + moves.netBound() + ", its prices prove only " + least);
        }
        return proven;
    }
}

package org.qexit.allocation.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qexit.allocation.Instance;
import org.qexit.common.UserError;
import org.qexit.edge.BandwidthNeed;
import org.qexit.edge.DeadlineCurve;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.NumberRange;
import org.qexit.edge.SecrecyLink;
import org.qexit.edge.UserDevice;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.exits.ExitFrontier;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;

/**
 * An instance projected onto what the search needs, docs/maths.md §7-8: per pair the least bandwidth at full power, per device
 * the staircase (load, U_n) of its exact threshold frontier. The projection loses nothing as long as power is free; where energy has a
 * weight or a node a power budget, {@link #curve} tells what bandwidth and power a pair can trade.
 */
public final class PlanningProblem {
    /** Least bandwidths are raised by this share, so that a checker with another formula still sees the deadline met. */
    private static final double MARGIN = 1e-12;

    private final Instance instance;
    private final List<Projected> devices;
    private final List<String> reasons;
    /** κ of the objective Σ ρ_n ln U_n − κ · energy, per joule. */
    private final double energyWeight;
    /** See {@link #objectiveUnit}. */
    private final double unit;

    /**
     * One device as the search sees it.
     *
     * @param needHz {@code [node]}, +∞ where impossible
     * @param gainPerNoise {@code [node]}
     */
    private record Projected(UserDevice user, Staircase staircase, double[] needHz, double[] gainPerNoise) {}

    private PlanningProblem(Instance instance, List<Projected> devices, List<String> reasons, double energyWeight) {
        this.instance = instance;
        this.devices = devices;
        this.reasons = List.copyOf(reasons);
        this.energyWeight = energyWeight;
        this.unit = unit(devices.stream()
                .mapToDouble(device -> device.user().weight())
                .max()
                .orElse(1));
    }

    /** The power of 16 by which the largest weight comes to lie in [1/4, 4). */
    private static double unit(double largest) {
        return Math.scalb(1.0, 4 * Math.floorDiv(Math.getExponent(largest) + 2, 4));
    }

    /** The same fleet where each joule of expected offload energy per period costs {@code perJoule} ≥ 0. */
    public PlanningProblem withEnergyWeight(double perJoule) {
        NumberRange.COST.check("energyWeight", perJoule);
        return new PlanningProblem(instance, devices, reasons, perJoule);
    }

    /** Projects an instance whose traces are inline. Devices are projected in parallel. */
    public static PlanningProblem of(Instance instance) {
        int devices = instance.devices().size();
        Map<String, Integer> nodeIndex = new HashMap<>();
        for (EdgeNode node : instance.nodes()) {
            nodeIndex.put(node.id(), nodeIndex.size());
        }
        Map<String, List<Link>> links = instance.links().stream().collect(Collectors.groupingBy(Link::device));
        Projected[] projected = new Projected[devices];
        String[] reasons = new String[devices];
        IntStream.range(0, devices).parallel().forEach(n -> {
            Instance.Device device = instance.devices().get(n);
            Projected own = new Projected(
                    instance.userDevice(device),
                    staircase(instance.kind(), device),
                    new double[nodeIndex.size()],
                    new double[nodeIndex.size()]);
            projected[n] = own;
            List<Link> itsLinks = links.getOrDefault(device.id(), List.of());
            List<String> obstacles = project(instance, nodeIndex, itsLinks, own);
            reasons[n] = reason(device, own, itsLinks, obstacles);
        });
        List<String> found = new ArrayList<>();
        for (String reason : reasons) {
            if (reason != null) {
                found.add(reason);
            }
        }
        return new PlanningProblem(instance, List.of(projected), found, 0);
    }

    private static Staircase staircase(RuleKind kind, Instance.Device device) {
        DeviceTrace trace = device.deviceTrace();
        LocalCost cost = cost(device, trace.exits());
        int cap = mostFalsePositives(device, trace.size() - trace.positives());
        double perEvent = device.eventsPerPeriod() == null ? 1 : device.eventsPerPeriod() / trace.size();
        List<ExitFrontier.Corner> corners =
                kind == RuleKind.PER_EXIT ? ExitFrontier.of(trace, cap, cost) : ExitFrontier.pairs(trace, cap, cost);
        return Staircase.of(corners, trace.positives(), perEvent);
    }

    /** The cap on a device's local cost, or null. */
    public static LocalCost cost(Instance.Device device, int exits) {
        try {
            return device.maxCost() == null ? null : new LocalCost(device.exitCosts(), device.maxCost()).check(exits);
        } catch (IllegalArgumentException e) {
            throw new UserError("device " + device.id() + ": " + e.getMessage(), e);
        }
    }

    /** How many of so many normal events a device may offload. */
    public static int mostFalsePositives(Instance.Device device, int normal) {
        // The small addend keeps a cap such as 3/10 of 10 events at 3 in spite of rounding.
        return device.maxFalsePositiveRate() == null
                ? Integer.MAX_VALUE
                : (int) Math.floor(device.maxFalsePositiveRate() * normal + 1e-9);
    }

    /** Fills in needs and gains; returns why nodes with a link cannot serve the device. */
    private static List<String> project(
            Instance instance, Map<String, Integer> nodeIndex, List<Link> links, Projected device) {
        UserDevice user = device.user();
        Staircase staircase = device.staircase();
        Arrays.fill(device.needHz(), Double.POSITIVE_INFINITY);
        List<String> obstacles = new ArrayList<>();
        for (Link link : links) {
            int j = nodeIndex.get(link.node());
            EdgeNode node = instance.nodes().get(j);
            device.gainPerNoise()[j] = link.gain() / instance.radio().noiseWattsPerHz();
            BandwidthNeed outcome = SecrecyLink.need(user, node, device.gainPerNoise()[j]);
            if (outcome instanceof BandwidthNeed.Impossible impossible) {
                obstacles.add("node " + node.id() + ": " + impossible.reason());
            } else if (outcome instanceof BandwidthNeed.Least least) {
                double hz = Math.min(least.hz() * (1 + MARGIN), user.bandwidthMaxHz());
                if (hz > node.bandwidthHz()) {
                    obstacles.add(String.format(
                            Locale.ROOT,
                            "node %s: least bandwidth %.6g Hz is above the node's %.6g Hz",
                            node.id(),
                            hz,
                            node.bandwidthHz()));
                } else if (staircase.corners() > 0 && staircase.loads()[0] > node.eventsPerPeriod()) {
                    obstacles.add(String.format(
                            Locale.ROOT,
                            "node %s: its smallest load with a true positive, %.6g, is above the node's compute %.6g",
                            node.id(),
                            node.unitsOf(staircase.loads()[0]),
                            node.computeUnits()));
                } else {
                    device.needHz()[j] = hz;
                }
            }
        }
        return obstacles;
    }

    private static String reason(
            Instance.Device device, Projected projected, List<Link> links, List<String> obstacles) {
        Staircase staircase = projected.staircase();
        if (staircase.positives() == 0) {
            return "device " + device.id() + ": its trace has no critical event, so its utility is undefined";
        }
        if (staircase.corners() == 0) {
            return "device " + device.id() + ": no thresholds give a true positive"
                    + (device.maxFalsePositiveRate() == null
                            ? ""
                            : " with a false-positive rate of at most " + device.maxFalsePositiveRate())
                    + (device.maxCost() == null
                            ? ""
                            : " at a mean local cost of at most "
                                    + device.maxCost().toPlainString());
        }
        if (links.isEmpty()) {
            return "device " + device.id() + ": it has no link to any node";
        }
        for (double hz : projected.needHz()) {
            if (hz < Double.POSITIVE_INFINITY) {
                return null;
            }
        }
        return "device " + device.id() + ": no node can serve it: " + String.join("; ", obstacles);
    }

    public Instance instance() {
        return instance;
    }

    /** Devices that no node can serve, one sentence each with the constraint and its numbers; empty if there are none. */
    public List<String> unservable() {
        return reasons;
    }

    public int devices() {
        return devices.size();
    }

    public int nodes() {
        return instance.nodes().size();
    }

    /** Least bandwidth of a pair at the most power that meets the deadline, +∞ if the pair cannot work. */
    public double needHz(int device, int node) {
        return devices.get(device).needHz()[node];
    }

    public double energyWeight() {
        return energyWeight;
    }

    /**
     * What one unit of the objective that searches see is in the user's: searches have tolerances and price ranges made for weights about 1,
     * and see weights and costs over this unit. So weights times any factor give the same plan. A power of two, 1 where the largest weight
     * is in [1/4, 4).
     */
    public double objectiveUnit() {
        return unit;
    }

    /** ρ_n as searches see it. */
    public double weight(int device) {
        return user(device).weight() / unit;
    }

    /** κ as searches see it. */
    public double jouleCost() {
        return energyWeight / unit;
    }

    /** Whether bandwidth and power are real variables: energy has a weight, or a node's budget can bind. */
    public boolean powerMatters() {
        if (energyWeight > 0) {
            return true;
        }
        for (int j = 0; j < nodes(); j++) {
            if (powerBudgetWatts(j) < Double.POSITIVE_INFINITY) {
                double most = 0;
                for (int n = 0; n < devices(); n++) {
                    most += needHz(n, j) < Double.POSITIVE_INFINITY ? mostWatts(n, j) : 0;
                }
                if (most > powerBudgetWatts(j)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** P_j, +∞ if the node has none. */
    public double powerBudgetWatts(int node) {
        Double watts = instance.nodes().get(node).powerWatts();
        return watts == null ? Double.POSITIVE_INFINITY : watts;
    }

    /** The most power of a pair. */
    double mostWatts(int device, int node) {
        return SecrecyLink.powerMaxWatts(user(device), instance.nodes().get(node));
    }

    /** What a pair that works can trade; its narrow end is {@link #needHz}. */
    public DeadlineCurve curve(int device, int node) {
        UserDevice user = user(device);
        return DeadlineCurve.of(
                link(device, node),
                user.requiredBitsPerSecond(),
                devices.get(device).needHz()[node],
                Math.min(user.bandwidthMaxHz(), instance.nodes().get(node).bandwidthHz()),
                mostWatts(device, node));
    }

    /** κ·load·t, what a watt costs a search at a step: with the deadline met exactly, an event's energy is its power times the deadline. */
    public double wattCost(int device, int step) {
        UserDevice user = user(device);
        return jouleCost() * staircase(device).loads()[step] * user.featureBits() / user.requiredBitsPerSecond();
    }

    public UserDevice user(int device) {
        return devices.get(device).user();
    }

    public Staircase staircase(int device) {
        return devices.get(device).staircase();
    }

    public double gainPerNoise(int device, int node) {
        return devices.get(device).gainPerNoise()[node];
    }

    public SecrecyLink link(int device, int node) {
        return new SecrecyLink(
                devices.get(device).gainPerNoise()[node], user(device).eavesdropperGainPerNoise());
    }

    /** The bare model with the objective asked for, over {@link #objectiveUnit}; requires that no device is unservable. */
    public JointModel model(Objective objective) {
        return model((n, utility) -> objective.value(weight(n), utility));
    }

    /** The bare model with values of the caller's, which grow with a device's utility. */
    public JointModel model(Value values) {
        return model(values, null);
    }

    /** The same, less {@code penalty[device][node]} ≥ 0 for each device where it is; null = none. */
    public JointModel model(Value values, double[][] penalty) {
        if (!reasons.isEmpty()) {
            throw new UserError(reasons.get(0));
        }
        int n = devices();
        double[][] load = new double[n][];
        double[][] value = new double[n][];
        for (int d = 0; d < n; d++) {
            Staircase stairs = staircase(d);
            load[d] = stairs.loads();
            value[d] = new double[stairs.corners()];
            for (int s = 0; s < value[d].length; s++) {
                value[d][s] = values.of(d, stairs.utility(s));
            }
        }
        double[] bandwidth =
                instance.nodes().stream().mapToDouble(EdgeNode::bandwidthHz).toArray();
        double[] compute =
                instance.nodes().stream().mapToDouble(EdgeNode::eventsPerPeriod).toArray();
        double[][] need = devices.stream().map(Projected::needHz).toArray(double[][]::new);
        JointModel model = new JointModel(need, load, value, bandwidth, compute);
        return penalty == null ? model : model.withPenalty(penalty);
    }

    /** What a device's utility is worth. */
    public interface Value {
        double of(int device, double utility);
    }

    /** What a method maximises. */
    public enum Objective {
        /** Σ ρ_n ln U_n. */
        PROPORTIONAL_FAIRNESS {
            @Override
            public double value(double weight, double utility) {
                return weight * Math.log(utility);
            }
        },
        /** Σ U_n. */
        SUM_UTILITY {
            @Override
            public double value(double weight, double utility) {
                return utility;
            }
        };

        public abstract double value(double weight, double utility);
    }
}

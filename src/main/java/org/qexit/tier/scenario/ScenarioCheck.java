package org.qexit.tier.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.trace.DeviceTrace;

/** Looks before the work whether scenario, fleet, plans and traces fit each other. */
final class ScenarioCheck {
    /** More than these are not listed in a message. */
    private static final int LISTED = 12;

    /** Events of a device are counted in ints, and this many take hours. */
    private static final double MOST_EVENTS = 1e9;

    private ScenarioCheck() {}

    /** What models say; each null where it is not known. */
    record Models(NodeModel nodeModel, DriftedTraces drifted, NodeModels nodeModels) {}

    static void check(
            Scenario scenario, Instance instance, List<NamedPlan> plans, List<DeviceTrace> traces, Models models) {
        if (plans.isEmpty()) {
            throw new UserError("no plan; expected at least one");
        }
        plans.forEach(plan -> checkPlan(plan, instance));
        checkTraces(scenario, instance, traces);
        Set<String> devices = ids(instance);
        Set<String> known = new LinkedHashSet<>(devices);
        List<Happening> inOrder = scenario.happens().stream()
                .sorted(Comparator.comparingDouble(Happening::at))
                .toList();
        for (Happening one : inOrder) {
            checkHappening(one, instance, devices, known, scenario);
            if (one.classMix() != null) {
                checkMix(one, instance, traces);
            }
            checkDisturbance(one, models);
        }
        if (scenario.retrains() && (models.nodeModels == null || models.nodeModel == null)) {
            throw new UserError(
                    "policy retrain: needs the nodes' model and its images; expected run, the directory of a"
                            + " finished run with a section edgeNode, behind the first of its models");
        }
        for (String id : scenario.arrivalsOf().keySet()) {
            if (!known.contains(id)) {
                throw new UserError("arrivalsOf: device '" + id + "' is unknown; expected one of: " + list(known));
            }
        }
        checkArrivals(scenario, devices);
        instance.devices().forEach(device -> checkNumber(scenario, device));
    }

    private static void checkDisturbance(Happening one, Models models) {
        if (one.noise() == null && one.darkness() == null) {
            return;
        }
        if (models.drifted == null) {
            throw new UserError("happens at " + one.at() + " s: " + one.words()
                    + " needs the images and the model; expected run, the directory of a finished run with its data");
        }
        if (models.nodeModel != null && models.nodeModels == null) {
            throw new UserError("happens at " + one.at() + " s: " + one.words()
                    + " with edgeNode: what the nodes' model says of disturbed images is not known");
        }
    }

    private static Set<String> ids(Instance instance) {
        return instance.devices().stream()
                .map(Instance.Device::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void checkPlan(NamedPlan named, Instance instance) {
        Plan plan = named.plan();
        String who = "plan " + named.name();
        if (!plan.instance().equals(instance.name())) {
            throw new UserError(
                    who + ": is for instance '" + plan.instance() + "'; expected '" + instance.name() + "'");
        }
        if (!plan.isFeasible()) {
            throw new UserError(who + ": its status is " + plan.status().json() + "; expected a plan with devices");
        }
        Set<String> placed = plan.devices().stream().map(Plan.Device::id).collect(Collectors.toSet());
        for (String id : ids(instance)) {
            if (!placed.remove(id)) {
                throw new UserError(who + ": does not place device " + id + " of " + instance.name());
            }
        }
        if (!placed.isEmpty()) {
            throw new UserError(
                    who + ": places device " + new TreeSet<>(placed).first() + ", which is not in " + instance.name());
        }
        Set<String> nodes = instance.nodes().stream().map(EdgeNode::id).collect(Collectors.toSet());
        for (Plan.Device device : plan.devices()) {
            if (!nodes.contains(device.node())) {
                throw new UserError(who + ": device " + device.id() + " is at node " + device.node()
                        + ", which is not in " + instance.name());
            }
            positive(who, device.id(), "bandwidthHz", device.bandwidthHz());
            positive(who, device.id(), "powerWatts", device.powerWatts());
            if (!(device.computeUnits() >= 0 && device.computeUnits() < Double.POSITIVE_INFINITY)) {
                throw new UserError(who + ": device " + device.id() + ": computeUnits is " + device.computeUnits()
                        + "; expected a finite number >= 0");
            }
            try {
                device.thresholds();
            } catch (IllegalArgumentException e) {
                throw new UserError(who + ": device " + device.id() + ": " + e.getMessage(), e);
            }
        }
    }

    private static void positive(String who, String device, String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new UserError(
                    who + ": device " + device + ": " + what + " is " + value + "; expected a finite number > 0");
        }
    }

    private static void checkTraces(Scenario scenario, Instance instance, List<DeviceTrace> traces) {
        if (traces.size() != instance.devices().size()) {
            throw new UserError(
                    traces.size() + " traces for " + instance.devices().size() + " devices");
        }
        for (int n = 0; n < traces.size(); n++) {
            DeviceTrace trace = traces.get(n);
            Instance.Device device = instance.devices().get(n);
            if (!trace.device().equals(device.id())) {
                throw new UserError(
                        "trace " + (n + 1) + " is of device " + trace.device() + "; expected " + device.id());
            }
            if (trace.size() == 0) {
                throw new UserError("the trace of device " + device.id() + " has no events");
            }
            int exits = device.deviceTrace().exits();
            if (trace.exits() != exits) {
                throw new UserError("the trace of device " + device.id() + " has " + trace.exits() + " exits; expected "
                        + exits + ", as the instance has");
            }
            List<Double> seconds = scenario.device().exitSeconds();
            if (seconds != null && seconds.size() != exits) {
                throw new UserError(
                        "device.exitSeconds has " + seconds.size() + " times; expected " + exits + ", one per exit");
            }
        }
    }

    private static void checkHappening(
            Happening one, Instance instance, Set<String> devices, Set<String> known, Scenario scenario) {
        String place = "happens at " + one.at() + " s: ";
        if (one.node() != null
                && instance.nodes().stream().noneMatch(node -> node.id().equals(one.node()))) {
            throw new UserError(place + "node '" + one.node() + "' is unknown; expected one of: "
                    + list(instance.nodes().stream().map(EdgeNode::id).toList()));
        }
        if (one.newDevice() != null) {
            if (!devices.contains(one.newDevice().like())) {
                throw new UserError(place + "newDevice is like '"
                        + one.newDevice().like() + "', which is unknown; expected one of: " + list(devices));
            }
            if (!known.add(one.newDevice().id())) {
                throw new UserError(place + "newDevice is '" + one.newDevice().id() + "', which exists");
            }
        }
        for (String id : one.named()) {
            if (!known.contains(id)) {
                throw new UserError(place + "device '" + id + "' is unknown; expected one of: " + list(known));
            }
        }
        if (one.traffic() != null && scenario.arrivals() instanceof Arrivals.Recorded) {
            throw new UserError(place + "traffic changes a rate, but the arrivals are recorded");
        }
    }

    private static void checkMix(Happening one, Instance instance, List<DeviceTrace> traces) {
        for (int n = 0; n < traces.size(); n++) {
            DeviceTrace trace = traces.get(n);
            if (!one.concerns(instance.devices().get(n).id())) {
                continue;
            }
            if (trace.origins() == null) {
                throw new UserError("happens at " + one.at() + " s: classMix: the trace of device " + trace.device()
                        + " does not tell the classes of its events. Maybe record it anew with qexit trace");
            }
            boolean any = false;
            for (int id : trace.origins().classes()) {
                any |= one.classMix().getOrDefault(id, 0.0) > 0;
            }
            if (!any) {
                throw new UserError("happens at " + one.at() + " s: classMix: device " + trace.device()
                        + " has no event of the classes "
                        + new TreeSet<>(one.classMix().keySet()));
            }
        }
    }

    private static void checkArrivals(Scenario scenario, Set<String> devices) {
        double factor = 0;
        for (String id : devices) {
            Arrivals arrivals = scenario.arrivalsOf().getOrDefault(id, scenario.arrivals());
            factor += rate(arrivals, id, scenario.horizonSeconds());
        }
        if (factor == 0) {
            throw new UserError(
                    "no event comes within " + scenario.horizonSeconds() + " s. Maybe arrivals have a factor of 0");
        }
    }

    /** Whether a device's events, at the most traffic that the scenario has, can be counted and waited for. */
    private static void checkNumber(Scenario scenario, Instance.Device device) {
        Arrivals arrivals = scenario.arrivalsOf().getOrDefault(device.id(), scenario.arrivals());
        if (arrivals instanceof Arrivals.Recorded) {
            return;
        }
        double traffic = scenario.happens().stream()
                .filter(one -> one.traffic() != null && one.concerns(device.id()))
                .mapToDouble(Happening::traffic)
                .reduce(1, Math::max);
        double perPeriod =
                device.eventsPerPeriod() == null ? device.deviceTrace().size() : device.eventsPerPeriod();
        double events = perPeriod / scenario.periodSeconds() * arrivals.factor() * traffic * scenario.horizonSeconds();
        if (!(events <= MOST_EVENTS)) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "device %s: %.3g events come in %s s; expected at most %.0e. Maybe a factor, the traffic or horizonSeconds is too"
                            + " great, or periodSeconds too small",
                    device.id(),
                    events,
                    scenario.horizonSeconds(),
                    MOST_EVENTS));
        }
    }

    private static double rate(Arrivals arrivals, String id, double horizon) {
        if (arrivals instanceof Arrivals.Poisson poisson) {
            return poisson.factor();
        }
        if (arrivals instanceof Arrivals.Periodic periodic) {
            return periodic.factor();
        }
        if (arrivals instanceof Arrivals.Bursts bursts) {
            return bursts.factor();
        }
        Arrivals.Recorded recorded = (Arrivals.Recorded) arrivals;
        return recorded.times().stream()
                .filter(times -> times.device().equals(id))
                .mapToLong(times -> java.util.Arrays.stream(times.seconds())
                        .filter(t -> t <= horizon)
                        .count())
                .sum();
    }

    static List<String> warnings(Scenario scenario, Instance instance, List<NamedPlan> plans) {
        List<String> warnings = new ArrayList<>();
        scenario.plans().stream()
                .filter(PlanChoice::isMade)
                .filter(choice -> plans.stream().noneMatch(plan -> plan.name().equals(choice.name())))
                .forEach(choice -> warnings.add("plan " + choice.name() + ": there is none; it is left out"));
        for (NamedPlan named : plans) {
            Set<String> used =
                    named.plan().devices().stream().map(Plan.Device::node).collect(Collectors.toSet());
            Set<String> faulty = new HashSet<>();
            scenario.happens().stream().filter(one -> one.down() != null).forEach(one -> faulty.add(one.node()));
            for (EdgeNode node : instance.nodes()) {
                if (!used.contains(node.id())) {
                    warnings.add("plan " + named.name() + ": no device uses node " + node.id()
                            + (faulty.contains(node.id())
                                    ? ", so that its fault changes nothing while the plan is kept"
                                    : ""));
                }
            }
        }
        return warnings;
    }

    private static String list(java.util.Collection<String> ids) {
        return ids.stream().limit(LISTED).collect(Collectors.joining(", ")) + (ids.size() > LISTED ? ", ..." : "");
    }
}

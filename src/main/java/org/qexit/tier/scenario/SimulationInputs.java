package org.qexit.tier.scenario;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;

/**
 * All that a simulation is made from, checked: what the scenario says, and what the files hold that it names.
 *
 * @param scenario what happens
 * @param instance the fleet that was planned for
 * @param plans at least one; each places every device of the instance
 * @param traces the events that come, one trace per device in the instance's order
 * @param costs of an event up to each exit, or null if not known
 * @param nodeModel the nodes' model, or null
 * @param drifted what disturbed images do, or null where it is not known
 * @param nodeModels versions of the nodes' model on these images, or null where they are not known
 * @param places where nodes and devices are, or null where it is not known
 */
public record SimulationInputs(
        Scenario scenario,
        Instance instance,
        List<NamedPlan> plans,
        List<DeviceTrace> traces,
        List<TraceMetadata.CumulativeCost> costs,
        NodeModel nodeModel,
        DriftedTraces drifted,
        NodeModels nodeModels,
        Places places) {
    /** Never in effect: plans do not depend on the machine. */
    private static final double NO_TIME_LIMIT = 1e7;

    /** Of plans that are made, relative to |objective|: far below what chance does. */
    private static final double GAP = 1e-4;

    /** @throws UserError for whatever cannot be simulated, in one line */
    public SimulationInputs {
        Checks.present("scenario", scenario);
        Checks.present("instance", instance);
        plans = List.copyOf(plans);
        traces = List.copyOf(traces);
        costs = costs == null ? null : List.copyOf(costs);
        ScenarioCheck.check(
                scenario, instance, plans, traces, new ScenarioCheck.Models(nodeModel, drifted, nodeModels));
    }

    /** Without versions of the nodes' model and without places. */
    public SimulationInputs(
            Scenario scenario,
            Instance instance,
            List<NamedPlan> plans,
            List<DeviceTrace> traces,
            List<TraceMetadata.CumulativeCost> costs,
            NodeModel nodeModel,
            DriftedTraces drifted) {
        this(scenario, instance, plans, traces, costs, nodeModel, drifted, null, null);
    }

    /** The same, and where everyone is. */
    public SimulationInputs withPlaces(Places known) {
        return new SimulationInputs(
                scenario,
                instance,
                plans,
                traces,
                costs,
                nodeModel,
                drifted,
                nodeModels,
                known.withNew(scenario.happens()));
    }

    /**
     * Where the parts are.
     *
     * @param instance the fleet
     * @param plans those that exist, by the name shown
     * @param traces the events, or null for those that the instance has
     * @param nodeModel the nodes' model, or null
     */
    public record Files(Path instance, Map<String, Path> plans, Path traces, NodeFiles nodeModel) {
        /** The same with another model of the nodes. */
        public Files withNodeModel(NodeFiles other) {
            return new Files(instance, plans, traces, other);
        }
    }

    /**
     * Where the nodes' model is.
     *
     * @param trace of the same events
     * @param thresholds their file, or null: then they stand in the scenario
     * @param units the file that says what an event takes in the mean, or null
     * @param bits of an event that is sent to it, or null as the instance has it
     */
    public record NodeFiles(Path trace, Path thresholds, Path units, Double bits) {}

    /**
     * The files that a scenario without a run names, relative to its own.
     *
     * @throws UserError if it does not name them
     */
    public static Files files(Path file, Scenario scenario) {
        if (scenario.instance() == null || scenario.plans().isEmpty()) {
            throw new UserError(file + ": has no run; expected run, or instance and plans");
        }
        Path base = file.toAbsolutePath();
        Map<String, Path> plans = new java.util.LinkedHashMap<>();
        for (PlanChoice plan : scenario.plans()) {
            if (!plan.isMade() && plans.put(fileName(plan), base.resolveSibling(plan.existing())) != null) {
                throw new UserError(file + ": two plans are named " + fileName(plan));
            }
        }
        return new Files(
                base.resolveSibling(scenario.instance()),
                plans,
                scenario.traces() == null ? null : base.resolveSibling(scenario.traces()),
                nodeFiles(base.getParent(), scenario));
    }

    private static String fileName(PlanChoice plan) {
        return Path.of(plan.existing()).getFileName().toString().replaceFirst("\\.json$", "");
    }

    /** What a scenario says of the nodes' model, or null. */
    public static NodeFiles nodeFiles(Path base, Scenario scenario) {
        Scenario.EdgeNodeModel model = scenario.edgeNode();
        if (model == null) {
            return null;
        }
        if (model.trace() == null) {
            throw new UserError("edgeNode has no trace; expected it, or a run with a model of its edge nodes");
        }
        Path thresholds = model.thresholds() == null ? null : base.resolve(model.thresholds());
        return new NodeFiles(base.resolve(model.trace()), thresholds, thresholds, null);
    }

    /** Reads the parts, where images are not known. */
    public static SimulationInputs read(Scenario scenario, Files files, Path base) {
        return read(scenario, files, base, null, null);
    }

    /**
     * Reads the parts.
     *
     * @param base the folder that recorded arrivals are relative to
     * @param drifted what disturbed images do, or null
     * @param nodeModels versions of the nodes' model, or null
     */
    public static SimulationInputs read(
            Scenario scenario, Files files, Path base, DriftedTraces drifted, NodeModels nodeModels) {
        Double meanUnits = files.nodeModel() == null || files.nodeModel().units() == null
                ? null
                : edgeNode(files.nodeModel().units()).unitsPerEvent();
        Instance instance = sent(Instance.read(files.instance()), files.nodeModel(), meanUnits);
        List<NamedPlan> plans = plans(scenario, files, instance, meanUnits);
        boolean classes = needsClasses(scenario, files);
        if (files.traces() == null && classes) {
            throw new UserError(
                    files.instance()
                            + ": its events have no classes, which classMix and edgeNode need; expected traces, a file that qexit trace wrote");
        }
        List<DeviceTrace> traces = files.traces() == null
                ? instance.devices().stream().map(Instance.Device::deviceTrace).toList()
                : traces(instance, files.traces(), classes);
        List<TraceMetadata.CumulativeCost> costs = files.traces() == null
                ? null
                : TraceReader.metadata(files.traces()).map(TraceMetadata::exits).orElse(null);
        NodeModel model = files.nodeModel() == null
                ? null
                : NodeModel.read(files.nodeModel().trace(), thresholds(scenario, files.nodeModel()), traces);
        return new SimulationInputs(
                recorded(scenario, base), instance, plans, traces, costs, model, drifted, nodeModels, null);
    }

    /**
     * The thresholds of the nodes' model that a file holds, or, where there is none, the scenario.
     *
     * @throws UserError if the file holds those of devices
     */
    public static ClassThresholds thresholds(Scenario scenario, NodeFiles files) {
        if (files.thresholds() == null) {
            return scenario.edgeNode().pair();
        }
        return edgeNode(files.thresholds()).thresholds();
    }

    private static ThresholdsFile.EdgeNode edgeNode(Path path) {
        ThresholdsFile file = Json.read(path, ThresholdsFile.class);
        if (file.edgeNode() == null) {
            throw new UserError(path + ": has thresholds of devices; expected those of an edge node's model");
        }
        return file.edgeNode();
    }

    /** The fleet whose devices send what this model of the nodes is for. */
    private static Instance sent(Instance instance, NodeFiles model, Double meanUnits) {
        if (model == null || model.bits() == null) {
            return instance;
        }
        return new Instance(
                Instance.FORMAT,
                instance.name(),
                instance.rule(),
                instance.radio(),
                instance.devices().stream()
                        .map(device -> device.withFeatureBits(model.bits()))
                        .toList(),
                instance.nodes().stream()
                        .map(node -> node.unitsPerEvent() == null ? node : PlanChoice.withUnits(node, meanUnits))
                        .toList(),
                instance.links(),
                instance.known(),
                instance.provenance());
    }

    /** Those that exist are read, the others made; of these, those that there are. */
    private static List<NamedPlan> plans(Scenario scenario, Files files, Instance instance, Double meanUnits) {
        List<NamedPlan> plans = new ArrayList<>();
        if (scenario.plans().isEmpty()) {
            files.plans().forEach((name, path) -> plans.add(new NamedPlan(name, Json.read(path, Plan.class))));
        }
        String none = null;
        for (PlanChoice choice : scenario.plans()) {
            String name =
                    choice.isMade() || files.plans().containsKey(choice.name()) ? choice.name() : fileName(choice);
            if (plans.stream().anyMatch(plan -> plan.name().equals(name))) {
                throw new UserError("plans: '" + name + "' is listed twice");
            }
            Plan plan = choice.isMade()
                    ? make(choice, choice.plannedFor(instance, meanUnits), scenario.seed())
                    : Json.read(files.plans().get(name), Plan.class);
            if (!choice.isMade() || plan.isFeasible()) {
                plans.add(new NamedPlan(name, plan));
            } else if (none == null) {
                none = "plan " + name + ": " + plan.status().json()
                        + (plan.reasons() == null || plan.reasons().isEmpty()
                                ? ""
                                : ": " + plan.reasons().get(0));
            }
        }
        if (plans.isEmpty() && none != null) {
            throw new NoPlanException(none);
        }
        return plans;
    }

    private static Plan make(PlanChoice choice, Instance fleet, long seed) {
        return Planner.of(fleet)
                .plan(
                        choice.method(),
                        SolveOptions.defaults()
                                .withSeconds(NO_TIME_LIMIT)
                                .withGap(GAP)
                                .withSeed(seed));
    }

    private static boolean needsClasses(Scenario scenario, Files files) {
        return files.nodeModel() != null || scenario.happens().stream().anyMatch(one -> one.classMix() != null);
    }

    private static List<DeviceTrace> traces(Instance instance, Path file, boolean withClasses) {
        Map<String, DeviceTrace> read = new HashMap<>();
        try (TraceReader reader = withClasses ? TraceReader.openWithOrigins(file) : TraceReader.open(file)) {
            reader.forEach(trace -> read.put(trace.device(), trace));
        }
        List<DeviceTrace> traces = new ArrayList<>();
        for (Instance.Device device : instance.devices()) {
            DeviceTrace trace = read.get(device.id());
            if (trace == null) {
                throw new UserError(file + ": has no events of device " + device.id() + " of " + instance.name());
            }
            traces.add(trace);
        }
        return traces;
    }

    /** With the recorded arrivals read. */
    private static Scenario recorded(Scenario scenario, Path base) {
        Map<String, Arrivals> single = new HashMap<>();
        scenario.arrivalsOf().forEach((id, arrivals) -> single.put(id, recorded(arrivals, base)));
        return scenario.withArrivals(recorded(scenario.arrivals(), base), single);
    }

    private static Arrivals recorded(Arrivals arrivals, Path base) {
        return arrivals instanceof Arrivals.Recorded recorded
                ? new Arrivals.Recorded(recorded.file(), ArrivalFile.read(base.resolve(recorded.file())))
                : arrivals;
    }

    /** What is odd but can be simulated, a line each. */
    public List<String> warnings() {
        return ScenarioCheck.warnings(scenario, instance, plans);
    }
}

package org.qexit.experiment.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.Places;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.tier.sim.Simulation;

/** A run's plans put to the test of time: where its files have what a simulation needs, and the short one at the run's end. */
public final class RunSimulation {
    private RunSimulation() {}

    /**
     * Where a simulation's parts are.
     *
     * @param directory of the run, finished or at work
     * @param model one of its devices' models
     * @param methods whose plans are simulated
     * @param nodes of the nodes' model, or null
     */
    public static SimulationInputs.Files files(
            Path directory, String model, List<String> methods, SimulationInputs.NodeFiles nodes) {
        Map<String, Path> plans = new LinkedHashMap<>();
        methods.forEach(method -> plans.put(method, directory.resolve("plan-" + model + "-" + method + ".json")));
        return new SimulationInputs.Files(
                directory.resolve("instance-" + model + ".json"),
                plans,
                directory.resolve("traces").resolve(model + "-test.parquet"),
                nodes);
    }

    /**
     * The run's nodes' model behind this model of the devices, if there is one.
     *
     * @param asked for which payload and with which thresholds, or null: as it is deployed
     * @throws UserError if one is asked for that the run does not have
     */
    public static SimulationInputs.NodeFiles nodeFiles(
            Path directory, RunConfig config, String model, Scenario.EdgeNodeModel asked) {
        if (config.edgeNode() == null) {
            return none(directory, model, asked);
        }
        List<PayloadKind> kinds = config.edgeNode().all();
        boolean first = model.equals(config.model().name());
        PayloadKind payload = payload(config, asked);
        // Behind twins only what is deployed is trained.
        if (!(first ? kinds : kinds.subList(0, 1)).contains(payload)) {
            throw new UserError(directory + ": the run has no model of its edge nodes for payload " + payload.label()
                    + " behind " + model + "; expected " + kinds.get(0).label());
        }
        String name = config.edgeNode().model(payload).name();
        Path thresholds =
                directory.resolve("thresholds-" + (first ? name : EdgeNodes.nameBehind(name, model)) + ".json");
        // Runs of earlier versions have nothing behind twins.
        if (!first && !Files.exists(thresholds)) {
            return none(directory, model, asked);
        }
        String stored = nodeModel(config, model, payload);
        return new SimulationInputs.NodeFiles(
                directory.resolve("traces").resolve(stored + "-test.parquet"),
                asked == null || asked.lower() == null ? thresholds : null,
                thresholds,
                payload == kinds.get(0)
                        ? null
                        : (Double) bits(directory.resolve("models").resolve(stored)));
    }

    private static SimulationInputs.NodeFiles none(Path directory, String model, Scenario.EdgeNodeModel asked) {
        if (asked == null) {
            return null;
        }
        throw new UserError(directory + ": the run has no model of its edge nodes behind " + model
                + "; expected edgeNode with trace");
    }

    /** Name of the nodes' model of a payload behind a model of the devices: for events it is the same behind all. */
    public static String nodeModel(RunConfig config, String model, PayloadKind payload) {
        String name = config.edgeNode().model(payload).name();
        return payload == PayloadKind.EVENT || model.equals(config.model().name())
                ? name
                : EdgeNodes.nameBehind(name, model);
    }

    /** What devices send: as asked, or as deployed. */
    public static PayloadKind payload(RunConfig config, Scenario.EdgeNodeModel asked) {
        return asked == null || asked.payload() == null
                ? config.edgeNode().all().get(0)
                : asked.payload();
    }

    private static double bits(Path model) {
        RunFiles.checkGiven(model);
        return ModelDirectory.read(model)
                .forEdgeNode(model.toString())
                .edgeNode()
                .payload()
                .bitsPerEvent();
    }

    /** Where a run's configuration has placed its nodes, its devices and who listens. */
    public static Places places(RunConfig config, List<String> devices) {
        FleetConfig cell = config.fleet();
        // Places do not depend on the bits of an event, which an edge node's model may give later.
        Fleet fleet = Fleet.place(
                cell.featureBits() == null ? cell.withFeatureBits(1) : cell, devices, RandomStreams.of(config.seed()));
        return new Places(
                cell.nodes().stream()
                        .map(node -> new Places.Place(node.id(), node.xMetres(), node.yMetres()))
                        .toList(),
                fleet.devices().stream()
                        .map(device -> new Places.Place(device.id(), device.xMetres(), device.yMetres()))
                        .toList(),
                new Places.Place(
                        "eavesdropper",
                        cell.eavesdropper().xMetres(),
                        cell.eavesdropper().yMetres()));
    }

    /** The scenario with what a memory access costs the run's devices, unless it says so itself. */
    public static Scenario costed(Scenario scenario, RunConfig config) {
        return scenario.device().joulesPerMemoryAccess() == null
                ? scenario.withJoulesPerMemoryAccess(config.fleet().energy().joulesPerMemoryAccess())
                : scenario;
    }

    /**
     * The simulation that the configuration asks for.
     *
     * @param directory of the run at work
     * @param methods those that found a plan for the first model, at least one
     * @param devices ids
     */
    static SimulationResult of(RunConfig config, Path directory, List<String> methods, List<String> devices) {
        RunConfig.Simulate how = config.simulate();
        Scenario scenario =
                Scenario.lasting(how.periodSeconds(), how.horizonSeconds(), how.replications(), config.seed());
        String model = config.model().name();
        SimulationInputs.Files files = files(directory, model, methods, nodeFiles(directory, config, model, null));
        SimulationInputs inputs = SimulationInputs.read(costed(scenario, config), files, directory)
                .withPlaces(places(config, devices));
        return Simulation.run(inputs, Runtime.getRuntime().availableProcessors(), new AtomicBoolean());
    }
}

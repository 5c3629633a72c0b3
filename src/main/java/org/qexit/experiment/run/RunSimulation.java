package org.qexit.experiment.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.RandomStreams;
import org.qexit.nn.node.PayloadKind;
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
     * @param edgeNode whether its nodes' model answers, if it has one behind that model
     */
    public static SimulationInputs.Files files(
            Path directory, RunConfig config, String model, List<String> methods, boolean edgeNode) {
        Map<String, Path> plans = new LinkedHashMap<>();
        methods.forEach(method -> plans.put(method, directory.resolve("plan-" + model + "-" + method + ".json")));
        return new SimulationInputs.Files(
                directory.resolve("instance-" + model + ".json"),
                plans,
                directory.resolve("traces").resolve(model + "-test.parquet"),
                edgeNode ? nodeFiles(directory, config, model) : null);
    }

    /** The nodes' deployed model, if there is one behind this model of the devices. */
    private static SimulationInputs.NodeFiles nodeFiles(Path directory, RunConfig config, String model) {
        if (config.edgeNode() == null) {
            return null;
        }
        PayloadKind sent = config.edgeNode().all().get(0);
        String deployed = config.edgeNode().model(sent).name();
        boolean first = model.equals(config.model().name());
        String own = first ? deployed : EdgeNodes.nameBehind(deployed, model);
        Path thresholds = directory.resolve("thresholds-" + own + ".json");
        // Runs of earlier versions have nothing behind twins.
        return first || Files.exists(thresholds)
                ? new SimulationInputs.NodeFiles(
                        directory.resolve("traces").resolve(nodeModel(config, model) + "-test.parquet"), thresholds)
                : null;
    }

    /** Name of the nodes' deployed model behind a model of the devices: for events it is the same behind all. */
    public static String nodeModel(RunConfig config, String model) {
        PayloadKind sent = config.edgeNode().all().get(0);
        String deployed = config.edgeNode().model(sent).name();
        return sent == PayloadKind.EVENT || model.equals(config.model().name())
                ? deployed
                : EdgeNodes.nameBehind(deployed, model);
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
        SimulationInputs.Files files = files(directory, config, config.model().name(), methods, true);
        SimulationInputs inputs = SimulationInputs.read(costed(scenario, config), files, directory)
                .withPlaces(places(config, devices));
        return Simulation.run(inputs, Runtime.getRuntime().availableProcessors(), new AtomicBoolean());
    }
}

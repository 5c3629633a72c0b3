package org.qexit.experiment.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.qexit.allocation.Instance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.experiment.run.RunSimulation;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.tier.retrain.NodeVersion;
import org.qexit.tier.scenario.DriftedTraces;
import org.qexit.tier.scenario.NodeModels;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;

/** What a scenario takes from a finished run: its fleet, plans and test events, and what a memory access costs. */
public final class RunScenario {
    private RunScenario() {}

    /**
     * All parts of a simulation of a run.
     *
     * @param directory the run's
     * @param scenario what happens; where it names no plan, the run's first method's
     * @param base the folder that the scenario's own files are relative to
     * @param catalog where the run's images are, should they get noisy or dark
     */
    public static SimulationInputs inputs(Path directory, Scenario scenario, Path base, DatasetCatalog catalog) {
        checkFinished(directory);
        RunConfig config = RunFiles.of(directory).withFleet();
        String model = scenario.model() == null ? config.model().name() : scenario.model();
        if (!Files.isDirectory(directory.resolve("models").resolve(model))) {
            throw new UserError(directory + ": the run has no model '" + model + "'; expected one of those in models/");
        }
        List<PlanChoice> choices = scenario.plans().isEmpty()
                ? List.of(PlanChoice.of(config.methods().get(0)))
                : scenario.plans();
        List<String> methods = existing(directory, config, model, choices);
        boolean own = ownNodes(scenario);
        SimulationInputs.NodeFiles nodes = own
                ? RunSimulation.nodeFiles(directory, config, model, scenario.edgeNode())
                : SimulationInputs.nodeFiles(base, scenario);
        if (own && nodes != null) {
            checkNodes(nodes, methods, scenario.edgeNode());
        }
        SimulationInputs.Files files = RunSimulation.files(directory, model, methods, nodes);
        RunFiles.checkGiven(files.instance());
        RunFiles.checkGiven(files.traces());
        SimulationInputs inputs =
                read(directory, RunSimulation.costed(scenario.withPlans(choices), config), files, base, catalog);
        return inputs.withPlaces(RunSimulation.places(
                config,
                inputs.instance().devices().stream().map(Instance.Device::id).toList()));
    }

    /** Whether the nodes' model is the run's, if it has one. */
    private static boolean ownNodes(Scenario scenario) {
        return scenario.edgeNode() == null || scenario.edgeNode().trace() == null;
    }

    /** The methods whose plans the run must have. */
    private static List<String> existing(Path directory, RunConfig config, String model, List<PlanChoice> choices) {
        Set<String> seen = new LinkedHashSet<>();
        for (PlanChoice choice : choices) {
            String method = choice.existing();
            if (method == null) {
                continue;
            }
            Path plan = directory.resolve("plan-" + model + "-" + method + ".json");
            if (!Files.exists(plan)) {
                throw new UserError(directory + ": the run has no plan '" + method + "' of model " + model
                        + "; expected one of: " + String.join(", ", config.methods()));
            }
            if (!seen.add(method)) {
                throw new UserError("plans: '" + method + "' is listed twice");
            }
            RunFiles.checkGiven(plan);
        }
        return List.copyOf(seen);
    }

    /** The run's plans are for what its first payload sends. */
    private static void checkNodes(
            SimulationInputs.NodeFiles nodes, List<String> methods, Scenario.EdgeNodeModel asked) {
        if (nodes.bits() != null && !methods.isEmpty()) {
            throw new UserError("plans: '" + methods.get(0) + "' was not made for payload "
                    + asked.payload().label() + "; expected a plan that is made for it, such as {method: "
                    + methods.get(0) + "}");
        }
        RunFiles.checkGiven(nodes.trace());
        RunFiles.checkGiven(nodes.units());
    }

    private static void checkFinished(Path directory) {
        if (Files.exists(directory.resolve("run.json"))) {
            return;
        }
        Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
        throw new UserError(
                Files.exists(partial)
                        ? directory + ": the run is not finished. Maybe call qexit run again, which goes on from "
                                + partial
                        : directory + ": has no run.json; expected the directory of a finished run");
    }

    private static SimulationInputs read(
            Path directory, Scenario scenario, SimulationInputs.Files files, Path base, DatasetCatalog catalog) {
        boolean disturbs = disturbs(scenario);
        if (!disturbs && !scenario.retrains()) {
            return SimulationInputs.read(scenario, files, base);
        }
        RunConfig config = RunFiles.of(directory).config();
        String model = scenario.model() == null ? config.model().name() : scenario.model();
        RunImages images = new RunImages(directory, config, model, RunData.of(config, catalog));
        boolean own = files.nodeModel() != null && ownNodes(scenario);
        return SimulationInputs.read(
                scenario,
                files,
                base,
                disturbs ? images.ofDevices(files.traces()) : null,
                own
                        ? images.ofNodes(
                                files.nodeModel(),
                                SimulationInputs.thresholds(scenario, files.nodeModel()),
                                RunSimulation.payload(config, scenario.edgeNode()))
                        : null);
    }

    private static boolean disturbs(Scenario scenario) {
        return scenario.happens().stream().anyMatch(one -> one.noise() != null || one.darkness() != null);
    }

    /** The run's images before its models. */
    private record RunImages(Path directory, RunConfig config, String model, RunData data) {
        DriftedTraces ofDevices(Path traces) {
            // Made when it is asked, after all else was found to fit: the model looks at every image.
            return new DriftedTraces() {
                private DisturbedImages images;

                @Override
                public List<DeviceTrace> disturbed(double noise, double darkness) {
                    if (images == null) {
                        images = new DisturbedImages(
                                data.devices(),
                                device().model(),
                                TraceReader.readAll(traces),
                                RandomStreams.of(config.seed()));
                    }
                    return images.disturbed(noise, darkness);
                }
            };
        }

        NodeModels ofNodes(SimulationInputs.NodeFiles files, ClassThresholds thresholds, PayloadKind kind) {
            String name = RunSimulation.nodeModel(config, model, kind);
            StoredModel stored = stored(name).forEdgeNode(name);
            StoredModel sender = kind == PayloadKind.FEATURES ? device() : null;
            PayloadEncoder encoder = PayloadEncoder.of(
                    stored.edgeNode().payload(),
                    sender == null ? null : sender.model(),
                    sender == null ? null : sender.parametersSha256());
            return new NodeImages(
                            data.devices(),
                            encoder,
                            NodeVersion.of(stored, thresholds),
                            config.edgeNode().accuracy(),
                            RandomStreams.of(config.seed()))
                    .checked(ClassTrace.readAll(files.trace()));
        }

        private StoredModel device() {
            return stored(model).forDevice(model);
        }

        private StoredModel stored(String name) {
            Path stored = directory.resolve("models").resolve(name);
            RunFiles.checkGiven(stored);
            return ModelDirectory.read(stored);
        }
    }
}

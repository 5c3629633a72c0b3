package org.qexit.experiment.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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
        RunConfig config = RunFiles.of(directory).config();
        String model = scenario.model() == null ? config.model().name() : scenario.model();
        if (!Files.isDirectory(directory.resolve("models").resolve(model))) {
            throw new UserError(directory + ": the run has no model '" + model + "'; expected one of those in models/");
        }
        List<String> methods = scenario.plans().isEmpty() ? config.methods().subList(0, 1) : scenario.plans();
        Set<String> seen = new HashSet<>();
        for (String method : methods) {
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
        boolean own = scenario.edgeNode() == null;
        SimulationInputs.Files files = RunSimulation.files(directory, config, model, methods, own);
        if (scenario.edgeNode() != null) {
            files = files.withNodeModel(SimulationInputs.nodeFiles(base, scenario));
        }
        RunFiles.checkGiven(files.instance());
        RunFiles.checkGiven(files.traces());
        if (files.nodeModel() != null && own) {
            RunFiles.checkGiven(files.nodeModel().trace());
            RunFiles.checkGiven(files.nodeModel().thresholds());
        }
        SimulationInputs inputs = read(directory, RunSimulation.costed(scenario, config), files, base, catalog);
        return inputs.withPlaces(RunSimulation.places(
                config,
                inputs.instance().devices().stream().map(Instance.Device::id).toList()));
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
        boolean own = files.nodeModel() != null && scenario.edgeNode() == null;
        return SimulationInputs.read(
                scenario,
                files,
                base,
                disturbs ? images.ofDevices(files.traces()) : null,
                own
                        ? images.ofNodes(files.nodeModel(), SimulationInputs.thresholds(scenario, files.nodeModel()))
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

        NodeModels ofNodes(SimulationInputs.NodeFiles files, ClassThresholds thresholds) {
            PayloadKind kind = config.edgeNode().all().get(0);
            String name = RunSimulation.nodeModel(config, model);
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

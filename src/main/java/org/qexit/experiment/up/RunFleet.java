package org.qexit.experiment.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.Deployment;
import org.qexit.experiment.run.NodeDeployment;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.experiment.run.RunSimulation;
import org.qexit.export.BundleExport;
import org.qexit.tier.live.security.Role;
import org.qexit.tier.live.up.LiveFleet;
import org.qexit.tier.live.up.UpFolder;
import org.qexit.tier.scenario.SimulationInputs;

/** Makes of a finished run what a deployment needs: keys, signed bundles of both models, the plan, and every device's test events. */
public final class RunFleet {
    /** As {@code qexit serve en} and simulations have it. */
    private static final double PERIOD_SECONDS = 600;

    private final Path run;
    private final RunConfig config;
    private final String model;
    private final Path dataDirectory;
    private final UpFolder folder;

    private RunFleet(Path run, String modelOrNull, Path dataDirectory, UpFolder folder) {
        this.run = run;
        this.config = RunFiles.of(run).config();
        this.model = modelOrNull == null ? config.model().name() : modelOrNull;
        this.dataDirectory = dataDirectory;
        this.folder = folder;
    }

    /**
     * Checks that a run can be brought up.
     *
     * @throws UserError if it is not finished, or has no edge nodes' model
     */
    public static void check(Path run) {
        if (!Files.isRegularFile(run.resolve("run.json"))) {
            throw new UserError(run + ": has no run.json; expected the directory of a finished run");
        }
        if (RunFiles.of(run).withFleet().edgeNode() == null) {
            throw new UserError(
                    run + ": its configuration has no section edgeNode, so nodes have no model to run. Maybe add"
                            + " one, as in experiments/edge-node.yaml, and run again");
        }
    }

    /**
     * Writes bundles and plan, and reads the events.
     *
     * @param modelOrNull which of the run's models devices have; null for the first
     * @param dataDirectory where to look for data sets first, or null
     * @throws UserError if the run has no such model or plan, or its files are not what it made
     */
    public static LiveFleet of(Path run, String modelOrNull, Path dataDirectory, UpFolder folder) {
        check(run);
        return new RunFleet(run, modelOrNull, dataDirectory, folder).make();
    }

    private LiveFleet make() {
        Path plan = RunFiles.firstPlan(run, model);
        Path instanceFile = run.resolve("instance-" + model + ".json");
        RunFiles.checkGiven(instanceFile);
        PrivateKey key = BundleSignature.readPrivateKey(BundleKeys.create(folder.keys())[0]);
        AtomicFiles.write(folder.plan(), target -> Files.copy(plan, target));
        Plan planned = Json.read(folder.plan(), Plan.class);
        writeDevices(key);
        writeNodes(key);
        RunData data = RunData.of(config, DatasetCatalog.standard(dataDirectory));
        Map<String, BundleEvents> events = new LinkedHashMap<>();
        planned.devices().forEach(device -> events.put(device.id(), data.testEvents(device.id())));
        Double period = config.simulate() == null ? null : config.simulate().periodSeconds();
        return LiveFleet.of(
                config.name(),
                planned,
                Instance.read(instanceFile),
                events,
                new LiveFleet.Parts(
                        folder.plan(),
                        folder.bundle(Role.DEVICE),
                        folder.bundle(Role.NODE),
                        period == null ? PERIOD_SECONDS : period,
                        config.seed()));
    }

    /** Named as the model is, as features are said to be of. */
    private void writeDevices(PrivateKey key) {
        Deployment deployment = Deployment.open(
                run,
                new Deployment.Options(
                        model,
                        new Deployment.Inputs(null, null, null, null),
                        new Deployment.Form(null, model, true, false),
                        dataDirectory,
                        null,
                        false));
        write(BundleExport.of(deployment.spec()), key, Role.DEVICE);
    }

    private void writeNodes(PrivateKey key) {
        String name = RunSimulation.nodeModel(config, model, RunSimulation.payload(config, null));
        Path directory = run.resolve("models").resolve(name);
        SimulationInputs.NodeFiles own = RunSimulation.nodeFiles(run, config, model, null);
        if (own == null || !Files.isDirectory(directory)) {
            throw new UserError(run + ": has no edge nodes' model behind model '" + model + "'. Maybe run again");
        }
        RunFiles.checkGiven(directory);
        RunFiles.checkGiven(own.thresholds());
        NodeDeployment deployment = NodeDeployment.open(
                directory,
                new NodeDeployment.Options(
                        null, run.resolve("models").resolve(model), own.thresholds(), dataDirectory));
        write(BundleExport.of(deployment.spec(name, false, "qexit up " + run)), key, Role.NODE);
    }

    private void write(BundleExport export, PrivateKey key, Role role) {
        export.sign(key);
        export.writeZip(folder.bundle(role));
    }
}

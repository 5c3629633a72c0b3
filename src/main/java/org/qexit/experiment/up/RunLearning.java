package org.qexit.experiment.up;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.cloud.DeployedModel;
import org.qexit.experiment.cloud.LateLabels;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.experiment.run.RunSimulation;
import org.qexit.tier.live.cloud.CloudService;
import org.qexit.tier.live.cloud.CloudSettings;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.up.LiveFleet;
import org.qexit.tier.live.up.Offloaded;
import org.qexit.tier.live.up.UpFolder;
import org.qexit.tier.scenario.CloudSpec;
import org.qexit.tier.scenario.Scenario;

/**
 * How the cloud server of a run that is brought up learns: from the model of the run's nodes, by the true classes of the run's own test
 * events, which it is told late and for a share of them.
 */
public final class RunLearning {
    /** Seven events of ten are told, after two seconds; a training for every 25 to learn from, and on alarms of drift. */
    private static final String DEFAULTS = "{\"newSamples\": 25, \"onAlarm\": true, \"leastSeconds\": 5}";

    private static final Scenario.Labels LABELS = new Scenario.Labels(0.7, 2);
    private static final double ACCURACY = 0.98;
    private static final int PER_DEVICE = 100_000;
    private static final double SNAPSHOT_SECONDS = 30;
    private static final double TICK_SECONDS = 1;

    private final Path run;
    private final RunConfig config;
    private final String model;
    private final Path dataDirectory;

    /**
     * Of a finished run.
     *
     * @param modelOrNull which of the run's models devices have; null for the first
     * @param dataDirectory where to look for data sets first, or null
     */
    public RunLearning(Path run, String modelOrNull, Path dataDirectory) {
        this.run = run;
        this.config = RunFiles.of(run).config();
        this.model = modelOrNull == null ? config.model().name() : modelOrNull;
        this.dataDirectory = dataDirectory;
    }

    /**
     * Reads the nodes' model.
     *
     * @param fleet that is brought up
     * @param offloaded which of the devices' events ids stand for
     * @param rulesOrNull YAML with the fields of {@code cloud} in scenarios; null for a training for every 25 labelled events to learn
     *     from and on alarms, with the labels of 70 % of the events after 2 s
     * @throws org.qexit.common.UserError if the run has no such model, or the rules cannot be followed
     */
    public CloudService.Learning of(LiveFleet fleet, Offloaded offloaded, UpFolder folder, Path rulesOrNull) {
        CloudSpec said = rulesOrNull == null
                ? Json.parse("rules", DEFAULTS, CloudSpec.class)
                : Json.readYaml(rulesOrNull, CloudSpec.class);
        String name = RunSimulation.nodeModel(config, model, RunSimulation.payload(config, null));
        DeployedModel.Training how = new DeployedModel.Training(said.training(), ACCURACY);
        DeployedModel deployed = DeployedModel.read(
                run.resolve("models").resolve(name),
                RunSimulation.nodeFiles(run, config, model, null).thresholds(),
                how);
        CloudSettings settings = new CloudSettings(
                said.rules(deployed.classes(), deployed.role().critical(), config.seed()),
                deployed.payloadBytes(),
                PER_DEVICE,
                fleet.nodes().stream().map(LiveFleet.Node::id).toList(),
                SNAPSHOT_SECONDS);
        return new CloudService.Learning(
                settings,
                folder.cloud(),
                deployed,
                DeployedModel.reader(how),
                BundleSignature.readPrivateKey(folder.secretKey()),
                name,
                null,
                labels(fleet, offloaded, said),
                TICK_SECONDS);
    }

    private LateLabels labels(LiveFleet fleet, Offloaded offloaded, CloudSpec said) {
        RunData data = RunData.of(config, DatasetCatalog.standard(dataDirectory));
        Map<String, int[]> classes = new LinkedHashMap<>();
        fleet.devices().forEach(device -> classes.put(device.id(), data.testClasses(device.id())));
        return new LateLabels(
                event -> truth(event, offloaded, classes),
                said.labels() == null ? LABELS : said.labels(),
                RandomStreams.of(config.seed()));
    }

    /** Null for an event that no device of the fleet has sent. */
    private static Integer truth(EventRecord record, Offloaded offloaded, Map<String, int[]> classes) {
        OptionalLong event = offloaded.event(record.device(), record.event());
        return event.isEmpty() ? null : Integer.valueOf(classes.get(record.device())[(int) event.getAsLong() - 1]);
    }
}

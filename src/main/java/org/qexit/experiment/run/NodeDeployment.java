package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.export.BundleSpec;
import org.qexit.export.NetworkReference;
import org.qexit.export.NodeSpec;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.node.ChannelScale;
import org.qexit.nn.node.Payload;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.UpperThreshold;

/** What an edge node's bundle is made from: its model, thresholds, and the devices' events where a configuration is at hand. */
public final class NodeDeployment {
    /** Every event to the last exit, and no false alarm before it. */
    private static final ClassThresholds FULL = new ClassThresholds(0, Thresholds.NEVER);

    private final Path source;
    private final Options options;
    private final StoredModel stored;
    private final EarlyExitModel exact;
    private final List<BundleEvents> test = new ArrayList<>();

    /**
     * Files beside the model; each may be null.
     *
     * @param config configuration that says which events devices see
     * @param device directory of the devices' model, whose first block makes features
     * @param thresholds as {@code qexit thresholds --out} writes them; null: only the last exit decides
     * @param dataDirectory where to look for data sets first
     */
    public record Options(Path config, Path device, Path thresholds, Path dataDirectory) {}

    private NodeDeployment(Path source, Options options) {
        this.source = source;
        this.options = options;
        this.stored = ModelDirectory.read(source).forEdgeNode(source.toString());
        List<HeadConfig> heads =
                stored.model().config().heads().stream().map(HeadConfig::exact).toList();
        this.exact = stored.model().config().heads().equals(heads)
                ? stored.model()
                : EarlyExitModel.of(
                        stored.model().config().withHeads(heads), stored.model().tensors());
        if (options.config() != null) {
            readEvents();
        }
    }

    /** @throws UserError if the directory holds no edge node's model, or what goes with it does not fit */
    public static NodeDeployment open(Path source, Options options) {
        return new NodeDeployment(source, options);
    }

    /** Whether a directory holds an edge node's model, and not a run or a device's model. */
    public static boolean isOne(Path source) {
        return java.nio.file.Files.isRegularFile(source.resolve(ModelDirectory.MANIFEST))
                && ModelDirectory.read(source).edgeNode() != null;
    }

    private void readEvents() {
        TrainingRun run = TrainingRun.read(options.config());
        RunData data = RunData.of(run, DatasetCatalog.standard(options.dataDirectory()));
        StoredModel device = options.device() == null
                ? null
                : ModelDirectory.read(options.device())
                        .forDevice(options.device().toString());
        PayloadEncoder encoder = PayloadEncoder.of(
                stored.edgeNode().payload(),
                device == null ? null : device.model(),
                device == null ? null : device.parametersSha256());
        data = data.fitting((device == null ? stored : device).model().config());
        for (DeviceStream stream : data.devices()) {
            LabelledSet sent = encoder.encode(stream.part(DeviceStream.Part.TEST));
            test.add(new BundleEvents(stream.device(), sent.labels(), Deployment.values(sent)));
        }
    }

    /** The trained network, its circuits without shots and noise: what the bundle is compared with. */
    public NetworkReference reference() {
        return new NetworkReference(exact);
    }

    /** Every device's test events as it sends them; none where no configuration is known. */
    public List<BundleEvents> test() {
        return List.copyOf(test);
    }

    /**
     * Everything that a bundle holds.
     *
     * @param name of the bundle, or null for the directory's
     * @param qasm2 whether circuits are wanted in OpenQASM 2 too
     * @param command what made it
     */
    public NodeSpec spec(String name, boolean qasm2, String command) {
        String called =
                name == null ? source.toAbsolutePath().normalize().getFileName().toString() : name;
        ClassThresholds thresholds = thresholds();
        NodeSettings node = new NodeSettings(
                NodeSettings.FORMAT,
                called,
                stored.model().sha256(),
                stored.model().config().classes(),
                stored.edgeNode().critical(),
                thresholds.lower(),
                new UpperThreshold(thresholds.upper()),
                sent(stored.edgeNode().payload()));
        return new NodeSpec(
                called,
                new BundleSpec.Network(exact, stored.model().sha256(), levels() ? 255 : 1),
                node,
                test,
                List.of("made by: " + command),
                qasm2,
                stored.provenance());
    }

    /** Whether values are levels of 8 bits. */
    private boolean levels() {
        return stored.edgeNode().payload().bits() == Byte.SIZE;
    }

    private static NodeSettings.Sent sent(Payload payload) {
        return new NodeSettings.Sent(
                payload.kind().label(),
                payload.bits(),
                payload.scales() == null
                        ? null
                        : payload.scales().stream().map(NodeDeployment::channel).toList(),
                payload.model(),
                payload.modelSha256());
    }

    private static NodeSettings.Channel channel(ChannelScale scale) {
        return new NodeSettings.Channel(scale.zero(), scale.scale());
    }

    private ClassThresholds thresholds() {
        if (options.thresholds() == null) {
            return FULL;
        }
        ThresholdsFile file = Json.read(options.thresholds(), ThresholdsFile.class);
        if (file.edgeNode() == null) {
            throw new UserError(
                    options.thresholds() + ": holds thresholds of devices; expected those of an edge node's model");
        }
        if (file.modelSha256() != null
                && !file.modelSha256().equals(stored.model().sha256())) {
            throw new UserError(
                    options.thresholds() + ": was chosen for the model with parameters " + file.modelSha256() + "; "
                            + source + " has " + stored.model().sha256());
        }
        if (!file.edgeNode().critical().equals(stored.edgeNode().critical())) {
            throw new UserError(options.thresholds() + ": was chosen for the critical classes "
                    + file.edgeNode().critical() + "; " + source + " has "
                    + stored.edgeNode().critical());
        }
        return file.edgeNode().thresholds();
    }
}

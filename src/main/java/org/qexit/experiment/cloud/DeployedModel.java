package org.qexit.experiment.cloud;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.bundle.Bundle;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.experiment.run.NodeDeployment;
import org.qexit.export.BundleExport;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.Payload;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.tier.live.cloud.NodeModel;
import org.qexit.tier.retrain.NodeRetraining;
import org.qexit.tier.retrain.NodeVersion;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;

/** A version of an edge node's model in a model directory, with its thresholds. */
public final class DeployedModel implements NodeModel {
    private static final String THRESHOLDS = "thresholds.json";
    /** Only the last exit decides. */
    private static final ClassThresholds FULL = new ClassThresholds(0, Thresholds.NEVER);

    private final NodeVersion version;
    private final Training training;

    /**
     * How candidates are trained.
     *
     * @param config epochs, batch and so on
     * @param accuracy share of the best class accuracy that a candidate's thresholds keep
     */
    public record Training(ClassTrainingConfig config, double accuracy) {}

    private DeployedModel(NodeVersion version, Training training) {
        this.version = version;
        this.training = training;
    }

    /**
     * Reads an edge node's model.
     *
     * @param thresholdsOrNull as {@code qexit thresholds --out} writes them; null: only the last exit decides
     * @throws UserError if the directory holds none, or the thresholds are another's
     */
    public static DeployedModel read(Path directory, Path thresholdsOrNull, Training training) {
        StoredModel stored = ModelDirectory.read(directory).forEdgeNode(directory.toString());
        ClassThresholds thresholds = FULL;
        if (thresholdsOrNull != null) {
            // Refuses those of another model.
            NodeDeployment.open(directory, new NodeDeployment.Options(null, null, thresholdsOrNull, null))
                    .spec(null, false, "");
            thresholds =
                    Json.read(thresholdsOrNull, ThresholdsFile.class).edgeNode().thresholds();
        }
        return new DeployedModel(NodeVersion.of(stored, thresholds), training);
    }

    /** Of directories that {@link #write} made. */
    public static Reader reader(Training training) {
        return directory -> read(directory, directory.resolve(THRESHOLDS), training);
    }

    @Override
    public String sha256() {
        return version.sha256();
    }

    /** Bytes of an event, as devices send it. */
    public int payloadBytes() {
        Payload payload = version.role().payload();
        return payload.channels() * payload.height() * payload.width() * (payload.bits() / Byte.SIZE);
    }

    public int classes() {
        return version.model().config().outputs();
    }

    public EdgeRole role() {
        return version.role();
    }

    @Override
    public boolean[] right(List<Labelled> events) {
        boolean[] right = new boolean[events.size()];
        if (events.isEmpty()) {
            return right;
        }
        ClassThresholds.Decision[] decisions = version.decide(List.of(set(events)))[0];
        for (int k = 0; k < right.length; k++) {
            int truth = events.get(k).classId();
            right[k] = version.role().critical().contains(truth)
                    ? decisions[k].classId() == truth
                    : decisions[k].falseAlarm();
        }
        return right;
    }

    @Override
    public DeployedModel trained(List<Labelled> events, long seed) {
        if (events.isEmpty()) {
            throw new UserError("there are no events to learn from");
        }
        NodeVersion next = new NodeRetraining(training.config(), training.accuracy())
                .train(version, set(events), RandomStreams.of(seed))
                .version();
        return new DeployedModel(next, training);
    }

    /** Events as the network is given them: levels of 8 bits, or numbers. */
    private LabelledSet set(List<Labelled> events) {
        Payload payload = version.role().payload();
        int[] shape = {payload.channels(), payload.height(), payload.width()};
        int[] classes = events.stream().mapToInt(Labelled::classId).toArray();
        List<String> names = version.model().config().classes();
        Dataset all = payload.bits() == Byte.SIZE
                ? Dataset.ofBytes(
                        "events", shape, events.stream().map(Labelled::payload).toArray(byte[][]::new), classes, names)
                : Dataset.ofReals(
                        "events",
                        shape,
                        events.stream().map(event -> numbers(event.payload())).toArray(float[][]::new),
                        classes,
                        names);
        byte[] labels = new byte[classes.length];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = (byte) (version.role().critical().contains(classes[k]) ? 1 : 0);
        }
        return new LabelledSet(all, IntStream.range(0, labels.length).toArray(), labels, classes);
    }

    private static float[] numbers(byte[] payload) {
        float[] values = new float[payload.length / Float.BYTES];
        ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void write(Path directory, String name, PrivateKey key) {
        AtomicFiles.writeDirectory(directory, folder -> {
            ModelDirectory.write(folder, new StoredModel(version.model(), null, null, null, null, version.role()));
            Path thresholds = folder.resolve(THRESHOLDS);
            Json.write(
                    thresholds,
                    ThresholdsFile.ofEdgeNode(
                            version.model().config().name(),
                            sha256(),
                            version.role().critical(),
                            version.thresholds()));
            BundleExport bundle = BundleExport.of(
                    NodeDeployment.open(folder, new NodeDeployment.Options(null, null, thresholds, null))
                            .spec(name, false, "qexit serve cs"));
            bundle.sign(key);
            bundle.writeZip(folder.resolve(BUNDLE));
            if (!Files.isRegularFile(folder.resolve(BUNDLE))
                    || !Bundle.open(folder.resolve(BUNDLE)).isSignedBy(key)) {
                throw new IllegalStateException("a bundle was written and is not signed");
            }
        });
    }
}

package org.qexit.experiment.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.Datasets;
import org.qexit.device.NodeRuntime;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.tier.live.cloud.CloudService;
import org.qexit.tier.live.cloud.CloudSettings;
import org.qexit.tier.live.cloud.LabelFile;
import org.qexit.tier.live.cloud.LabelSource;
import org.qexit.tier.live.cloud.NodeModel;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.ControlInbox;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.control.ModelRelease;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;
import org.qexit.tier.scenario.CloudSpec;
import org.qexit.tier.scenario.Scenario;

/** A real network on real images that have become negatives: what the cloud server makes of it, and what the nodes then run. */
class DeployedModelTest {
    private static final List<Integer> CRITICAL = List.of(2, 4, 6);
    private static final DeployedModel.Training HOW =
            new DeployedModel.Training(new ClassTrainingConfig(5, 32, 2e-3, null, null, 0.25, null, null), 1);

    @TempDir
    private static Path folder;

    private static Dataset images;
    private static DeployedModel deployed;
    private static PrivateKey key;
    private static PublicKey open;

    @BeforeAll
    static void deploys() {
        images = Datasets.load("fashion-mnist-12k", Split.TRAIN);
        LabelledSet events = LabelledSet.of(
                images, Task.of(CRITICAL, 0.3), IntStream.range(0, 1200).toArray());
        RandomStreams random = RandomStreams.of(3);
        ClassTrainingConfig training = new ClassTrainingConfig(3, 32, 4e-3, null, null, 0.25, null, null);
        EdgeRole role = new EdgeRole(CRITICAL, PayloadEncoder.events(images).payload(), training);
        TrainedModel trained = Trainer.ofClasses(
                        new ModelConfig(
                                "en",
                                null,
                                null,
                                null,
                                Activation.RELU,
                                List.of(new BlockConfig(6, null, 4, null), new BlockConfig(12, null, null, null)),
                                List.of(HeadConfig.linear(), HeadConfig.linear())),
                        role,
                        TrainingData.of(events, 0.25, random),
                        random)
                .train();
        Path directory = folder.resolve("model");
        ModelDirectory.write(directory, new StoredModel(trained.model(), null, null, null, null, role));
        deployed = DeployedModel.read(directory, null, HOW);
        Path[] files = BundleKeys.create(folder.resolve("k"));
        key = BundleSignature.readPrivateKey(files[0]);
        open = BundleSignature.readPublicKey(files[1]);
    }

    /** Images as devices send them, turned into their negatives, with a little noise. */
    private static List<NodeModel.Labelled> negatives(int from, int to) {
        SplittableRandom random = new SplittableRandom(from);
        List<NodeModel.Labelled> events = new ArrayList<>();
        float[] pixels = new float[images.features()];
        for (int k = from; k < to; k++) {
            images.copyTo(k, pixels, 0);
            byte[] levels = new byte[pixels.length];
            for (int i = 0; i < levels.length; i++) {
                double level = 255 * (1 - pixels[i] + 0.1 * random.nextGaussian());
                levels[i] = (byte) Math.round(Math.min(255, Math.max(0, level)));
            }
            events.add(new NodeModel.Labelled(levels, images.classOf(k)));
        }
        return events;
    }

    private static int count(boolean[] right) {
        int count = 0;
        for (boolean one : right) {
            count += one ? 1 : 0;
        }
        return count;
    }

    @Test
    void nodesRunWhatWasLearnt() {
        List<NodeModel.Labelled> fresh = negatives(3000, 3200);
        DeployedModel learnt = deployed.trained(negatives(2000, 2400), 1);
        assertEquals(learnt.sha256(), deployed.trained(negatives(2000, 2400), 1).sha256());
        assertTrue(count(learnt.right(fresh)) > count(deployed.right(fresh)));
        Path written = folder.resolve("written");
        learnt.write(written, "en", key);
        NodeModel read = DeployedModel.reader(HOW).read(written);
        assertEquals(learnt.sha256(), read.sha256());
        assertArrayEquals(learnt.right(fresh), read.right(fresh));
        Bundle.open(written.resolve(NodeModel.BUNDLE)).verifySignature(open);
        // By another program: ONNX Runtime, and its own decisions.
        boolean[] right = learnt.right(fresh);
        try (NodeRuntime node = NodeRuntime.open(written.resolve(NodeModel.BUNDLE))) {
            for (int k = 0; k < fresh.size(); k++) {
                byte[] levels = fresh.get(k).payload();
                float[] event = new float[levels.length];
                for (int i = 0; i < event.length; i++) {
                    event[i] = levels[i] & 0xff;
                }
                int said = node.classify(event).classId();
                int truth = fresh.get(k).classId();
                assertEquals(right[k], CRITICAL.contains(truth) ? said == truth : said == -1, "event " + k);
            }
        }
        assertThrows(UserError.class, () -> deployed.trained(List.of(), 1));
        assertArrayEquals(new boolean[0], deployed.right(List.of()));
    }

    /** Late and for a part, the same part again after a restart. */
    @Test
    void trialsKnowTheirImagesAgain() {
        Scenario.Labels rules = new Scenario.Labels(0.3, 60);
        List<LabelSource.Label> first = null;
        for (int start = 0; start < 2; start++) {
            DataSetLabels labels = new DataSetLabels(List.of(images), rules, RandomStreams.of(4));
            for (int k = 0; k < 300; k++) {
                labels.came(shown(k, k), 100);
                labels.came(
                        EventRecord.of("ue9", "0123456789abcdef-" + (k + 1), deployed.sha256(), 2, 1, new byte[784]),
                        100);
            }
            assertEquals(List.of(), labels.due(159.9));
            List<LabelSource.Label> due = labels.due(160);
            assertTrue(due.size() > 60 && due.size() < 120, "labels: " + due.size());
            for (LabelSource.Label label : due) {
                int k = Integer.parseInt(label.event().substring(label.event().indexOf('-') + 1)) - 1;
                assertEquals(images.classOf(k), label.classId());
            }
            assertEquals(List.of(), labels.due(1e9));
            assertTrue(first == null || first.equals(due));
            first = due;
        }
    }

    private static EventRecord shown(int seq, int image) {
        float[] pixels = new float[images.features()];
        images.copyTo(image, pixels, 0);
        byte[] levels = new byte[pixels.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(255 * pixels[i]);
        }
        return EventRecord.of("ue1", "0123456789abcdef-" + (seq + 1), deployed.sha256(), 2, 1, levels);
    }

    @Test
    void aDriftIsLearntOverTheNetwork() throws Exception {
        Files.createDirectory(folder.resolve("control"));
        List<String> log = new ArrayList<>();
        CloudSpec rules =
                Json.parse("rules", "{\"newSamples\": 250, \"leastTested\": 150, \"heldOut\": 0.4}", CloudSpec.class);
        CloudService.Options options = new CloudService.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                HttpLimits.standard(),
                folder.resolve("control"),
                line -> {
                    synchronized (log) {
                        log.add(line);
                    }
                });
        CloudService.Learning learning = new CloudService.Learning(
                new CloudSettings(
                        rules.rules(deployed.classes(), CRITICAL, 5),
                        deployed.payloadBytes(),
                        1_000,
                        List.of("en1"),
                        1),
                folder.resolve("state"),
                deployed,
                DeployedModel.reader(HOW),
                key,
                "en",
                "f",
                new LabelFile(folder.resolve("labels.csv"), deployed.classes()),
                0.02);
        try (CloudService service = CloudService.start(options, learning)) {
            URI uri = URI.create(service.address());
            List<NodeModel.Labelled> events = negatives(4000, 4500);
            StringBuilder labels = new StringBuilder("event,class\n");
            List<EventRecord> records = new ArrayList<>();
            for (int k = 0; k < events.size(); k++) {
                EventRecord record = EventRecord.of(
                        "ue" + k % 3,
                        "0123456789abcdef-" + (k + 1),
                        deployed.sha256(),
                        2,
                        1,
                        events.get(k).payload());
                records.add(record);
                labels.append(record.id())
                        .append(',')
                        .append(events.get(k).classId())
                        .append('\n');
            }
            assertTrue(new CloudReports(uri, new Identity("f", Role.NODE, "en1", 1)).records(records));
            Files.writeString(folder.resolve("labels.csv"), labels);
            for (int i = 0; i < 3_000 && !Files.exists(folder.resolve("state/published")); i++) {
                Thread.sleep(20);
            }
            ControlInbox inbox = new ControlInbox(new ControlTrust("f", open), folder.resolve("inbox"));
            HttpControl source = new HttpControl(uri, null);
            assertTrue(inbox.poll(source, ControlKind.MODEL, "en1") instanceof ControlInbox.Taken, log.toString());
            ModelRelease release =
                    inbox.current(ControlKind.MODEL, "en1").orElseThrow().body(ModelRelease.class);
            assertEquals("en", release.role());
            Bundle bundle = Bundle.open(source.fetch(release, folder.resolve("fetched")));
            bundle.verifySignature(open);
            assertNotEquals(deployed.sha256(), bundle.node().modelSha256());
        }
    }
}

package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleVerification;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.trace.UpperThreshold;

/** Bundles of edge nodes: what the network says, by stages, by the whole graph and by the runtime. */
class NodeBundleTest {
    private static final String SHA = "0".repeat(64);

    @TempDir
    private Path directory;

    private static EarlyExitModel model(List<HeadConfig> heads, int classes) {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            names.add("class" + c);
        }
        ModelConfig config = new ModelConfig(
                        "en",
                        2,
                        6,
                        5,
                        null,
                        heads.stream()
                                .map(h -> new BlockConfig(4, null, null, null))
                                .toList(),
                        heads)
                .withClasses(names);
        return EarlyExitModel.initial(config, RandomStreams.of(5));
    }

    private static NodeSettings.Sent sent(boolean levels) {
        return levels
                ? new NodeSettings.Sent("event", 8, null, null, null)
                : new NodeSettings.Sent("features", 32, null, "ue", SHA);
    }

    private static NodeSpec spec(
            EarlyExitModel model, List<Integer> critical, float lower, float upper, boolean levels) {
        NodeSettings node = new NodeSettings(
                NodeSettings.FORMAT,
                "en",
                model.sha256(),
                model.config().classes(),
                critical,
                lower,
                new UpperThreshold(upper),
                sent(levels));
        SplittableRandom random = RandomStreams.of(9).stream("events");
        float[] values = new float[300 * model.config().features()];
        for (int i = 0; i < values.length; i++) {
            values[i] = levels ? random.nextInt(256) : (float) (4 * random.nextGaussian());
        }
        return new NodeSpec(
                "en",
                new BundleSpec.Network(model, model.sha256(), levels ? 255 : 1),
                node,
                List.of(new BundleEvents("ue1", new byte[300], values)),
                List.of("made by a test"),
                true,
                null);
    }

    /** Thresholds at which events leave at all exits, as classes and as false alarms. */
    @ParameterizedTest
    @CsvSource({"true, 0.6, 0.32", "false, 0.2, 0.5", "true, 1, 0", "true, 0, 1", "false, 0.1, 0.9"})
    void stagesWholeGraphAndRuntimeSayWhatTheNetworkSays(boolean levels, float lower, float upper) {
        EarlyExitModel model = model(List.of(HeadConfig.linear(), HeadConfig.mlp(3), HeadConfig.quantum(3, 1)), 5);
        NodeSpec spec = spec(model, List.of(1, 3, 4), lower, upper, levels);
        Path out = directory.resolve("b");
        BundleExport.of(spec).writeDirectory(out);
        Bundle bundle = Bundle.open(out);
        BundleVerification.Report report =
                BundleVerification.verify(bundle, "none", new NetworkReference(model), spec.events());
        assertTrue(report.passed(), report.toString());
        assertEquals(2, report.checks().size());
        assertEquals(300, report.checks().get(1).events());

        BundleEvents events = spec.events().get(0);
        float[][] all = model.probabilities(events.scaled(spec.network().inputMaximum()), events.size());
        int features = model.config().features();
        Set<String> ways = new HashSet<>();
        try (NodeRuntime runtime = NodeRuntime.open(bundle)) {
            for (int k = 0; k < events.size(); k++) {
                NodeRuntime.Result result =
                        runtime.classify(Arrays.copyOfRange(events.values(), k * features, (k + 1) * features));
                int[] expected = decide(all, k, 5, lower, upper);
                assertEquals(expected[0], result.exit());
                assertEquals(expected[1], result.classId());
                assertEquals(expected[0], result.probabilities().length);
                ways.add(result.exit() + " " + result.falseAlarm());
            }
        }
        if (lower == 0.6f) {
            assertTrue(ways.size() >= 4, ways.toString());
        }
    }

    /** TIERS 2 anew: exit from 1, and class. */
    private static int[] decide(float[][] p, int k, int classes, float lower, float upper) {
        for (int q = 0; q < p.length; q++) {
            float s = 0;
            int best = -1;
            for (int c : new int[] {1, 3, 4}) {
                s += p[q][k * classes + c];
                best = best < 0 || p[q][k * classes + c] > p[q][k * classes + best] ? c : best;
            }
            if (s <= lower) {
                return new int[] {q + 1, -1};
            }
            if (p[q][k * classes + best] >= upper || q == p.length - 1) {
                boolean named = p[q][k * classes + best] >= upper || s > 0.5f;
                return new int[] {q + 1, named ? best : -1};
            }
        }
        throw new AssertionError();
    }

    @Test
    void oneExitWillDoAndTheSameSpecificationGivesTheSameBytes() throws IOException {
        EarlyExitModel model = model(List.of(HeadConfig.linear()), 3);
        NodeSpec spec = spec(model, List.of(2), 0.2f, Float.POSITIVE_INFINITY, true);
        for (String name : List.of("a", "b")) {
            BundleExport.of(spec).writeDirectory(directory.resolve(name));
        }
        try (Stream<Path> files = Files.walk(directory.resolve("a"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertArrayEquals(
                        Files.readAllBytes(file),
                        Files.readAllBytes(directory
                                .resolve("b")
                                .resolve(directory.resolve("a").relativize(file))));
            }
        }
        assertTrue(BundleVerification.verify(Bundle.open(directory.resolve("a")), "none", null, List.of())
                .passed());
    }

    @Test
    void eachRuntimeRefusesTheOthersBundle() {
        EarlyExitModel model = model(List.of(HeadConfig.linear()), 3);
        BundleExport.of(spec(model, List.of(2), 0.2f, 0.5f, true)).writeDirectory(directory.resolve("b"));
        UserError error = assertThrows(UserError.class, () -> EdgeRuntime.open(directory.resolve("b"), "ue1"));
        assertTrue(error.getMessage().endsWith("is an edge node's bundle; expected a device's"), error.getMessage());
        error = assertThrows(UserError.class, () -> NodeRuntime.open(Path.of("models/bundle-hybrid")));
        assertTrue(error.getMessage().endsWith("is a device's bundle; expected an edge node's"), error.getMessage());
    }

    @Test
    void eventsOutOfRangeAreRefused() {
        EarlyExitModel model = model(List.of(HeadConfig.linear()), 3);
        BundleExport.of(spec(model, List.of(2), 0.2f, 0.5f, true)).writeDirectory(directory.resolve("b"));
        BundleExport.of(spec(model, List.of(2), 0.2f, 0.5f, false)).writeDirectory(directory.resolve("f"));
        float[] event = new float[60];
        try (NodeRuntime levels = NodeRuntime.open(directory.resolve("b"));
                NodeRuntime numbers = NodeRuntime.open(directory.resolve("f"))) {
            for (float bad : new float[] {-1, 256, Float.NaN, Float.POSITIVE_INFINITY}) {
                event[7] = bad;
                assertThrows(IllegalArgumentException.class, () -> levels.classify(event));
                if (!Float.isFinite(bad)) {
                    assertThrows(IllegalArgumentException.class, () -> numbers.classify(event));
                } else {
                    numbers.classify(event);
                }
            }
            assertThrows(IllegalArgumentException.class, () -> levels.classify(new float[59]));
        }
    }

    /** A changed threshold in node.json is found by the hashes; by its own golden answers, if those are made to fit. */
    @Test
    void anotherModelOrOtherAnswersAreToldApart() {
        EarlyExitModel model = model(List.of(HeadConfig.linear(), HeadConfig.linear()), 3);
        NodeSpec spec = spec(model, List.of(1, 2), 0.5f, 0.6f, true);
        BundleExport.of(spec).writeDirectory(directory.resolve("b"));
        EarlyExitModel other = EarlyExitModel.initial(model.config(), RandomStreams.of(6));
        assertThrows(
                UserError.class,
                () -> BundleVerification.verify(
                        Bundle.open(directory.resolve("b")), "none", new NetworkReference(other), spec.events()));
    }

    @Test
    void nodesWithoutSenseAreRefused() {
        List<String> names = List.of("a", "b", "c");
        for (List<Integer> critical :
                List.of(List.<Integer>of(), List.of(3), List.of(2, 1), List.of(1, 1), List.of(-1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new NodeSettings(
                            NodeSettings.FORMAT, "m", SHA, names, critical, 0, new UpperThreshold(1), sent(true)));
        }
        assertThrows(IllegalArgumentException.class, () -> new NodeSettings.Sent("features", 8, null, null, null));
        assertThrows(IllegalArgumentException.class, () -> new NodeSettings.Sent("event", 16, null, null, null));
    }
}

package org.qexit.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.EarlyExitStudy;
import org.qexit.onnx.TinyOnnx;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Thresholds;

class EdgeRuntimeTest {
    @TempDir
    private Path folder;

    private final TinyBundle tiny = new TinyBundle();

    /** What the tiny stages compute, by hand: c1 = σ(Σx), c2 = σ(2 Σ max(x, 0)). */
    private static float[] confidences(float[] event) {
        double sum = 0;
        double positive = 0;
        for (float x : event) {
            sum += x;
            positive += Math.max(0, x);
        }
        return new float[] {(float) (1 / (1 + Math.exp(-sum))), (float) (1 / (1 + Math.exp(-2 * positive)))};
    }

    private static float[][] events(int count) {
        SplittableRandom random = RandomStreams.of(3).stream("events");
        float[][] events = new float[count][4];
        for (float[] event : events) {
            for (int i = 0; i < event.length; i++) {
                double u = random.nextDouble();
                event[i] = (float) (0.8 * u * u);
            }
        }
        return events;
    }

    @Test
    void decidesAsTheRuleSays() throws IOException {
        tiny.device("ue1", "0.6", "0.8");
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.directory(folder.resolve("d")), "ue1")) {
            int[] exits = new int[3];
            for (float[] event : events(200)) {
                float[] expected = confidences(event);
                EdgeRuntime.Result result = runtime.classify(event);
                EdgeRuntime.Result whole = runtime.classifyByAllStages(event);
                assertEquals(2, whole.confidences().length);
                assertArrayEquals(expected, whole.confidences(), 1e-6f);
                Thresholds.Decision rule = new Thresholds(0.6f, 0.8f).decide(whole.confidences());
                assertEquals(rule.exit() + 1, result.exit());
                assertEquals(rule.critical(), result.critical());
                assertEquals(result.exit(), result.confidences().length);
                assertEquals(whole.exit(), result.exit());
                exits[result.exit()]++;
            }
            assertTrue(exits[1] > 20 && exits[2] > 20, exits[1] + " and " + exits[2]);
            assertEquals(10e-9, runtime.joules(1, 1e-9), 1e-20);
            assertEquals(25e-9, runtime.joules(2, 1e-9), 1e-20);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[0.6, \"always\"]; [0.8, \"never\"]",
                "[\"never\", 0.7]; [\"never\", 0.85]",
                "[0.62, 0.9]; [0.7, 0.9]",
                "[\"never\", \"never\"]; [0.75, \"always\"]",
            })
    void decidesByThresholdsPerExit(String lower, String upper) throws IOException {
        tiny.manifest("format", "qexit.bundle/3");
        tiny.device(2, "ue1", lower, upper);
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.directory(folder.resolve("d")), "ue1")) {
            float[][] events = events(200);
            List<EdgeRuntime.Result> batch = runtime.classify(events);
            for (int k = 0; k < events.length; k++) {
                EdgeRuntime.Result result = runtime.classify(events[k]);
                float[] c = runtime.classifyByAllStages(events[k]).confidences();
                // Walked by hand, exit by exit.
                int exit = 0;
                boolean critical = false;
                for (boolean decided = false; !decided && exit < 2; exit++) {
                    String low = entry(lower, exit);
                    String high = entry(upper, exit);
                    boolean normal = low.equals("always") || !low.equals("never") && c[exit] <= Float.parseFloat(low);
                    critical = !normal
                            && (high.equals("always") || !high.equals("never") && c[exit] >= Float.parseFloat(high));
                    decided = normal || critical;
                }
                assertEquals(exit, result.exit());
                assertEquals(critical, result.critical());
                assertEquals(exit, result.confidences().length);
                assertEquals(exit, batch.get(k).exit());
                assertEquals(critical, batch.get(k).critical());
            }
        }
    }

    private static String entry(String list, int exit) {
        return list.replaceAll("[\\[\\]\" ]", "").split(",")[exit];
    }

    @Test
    void refusesThresholdsOfOtherExits() throws IOException {
        Bundle bundle = Bundle.open(tiny.zip(folder.resolve("b.zip")));
        ExitThresholds three = ExitThresholds.of(new Thresholds(0.2f, 0.8f), 3);
        UserError error = assertThrows(UserError.class, () -> EdgeRuntime.open(bundle, three, 1));
        assertTrue(
                error.getMessage().endsWith("confidences of 2 exits; expected 3, as there are thresholds"),
                error.getMessage());
    }

    @Test
    void aBatchGivesWhatItsEventsGive() throws IOException {
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1")) {
            for (int count : new int[] {0, 1, 2, 33}) {
                float[][] events = events(count);
                List<EdgeRuntime.Result> batch = runtime.classify(events);
                assertEquals(count, batch.size());
                for (int k = 0; k < count; k++) {
                    EdgeRuntime.Result single = runtime.classify(events[k]);
                    assertEquals(single.exit(), batch.get(k).exit());
                    assertEquals(single.critical(), batch.get(k).critical());
                    assertArrayEquals(single.confidences(), batch.get(k).confidences(), 1e-6f);
                }
            }
        }
    }

    /** Confidence equal to a threshold: normal at the lower one, critical at the upper one. */
    @Test
    void comparesInFloat() throws IOException {
        Bundle bundle = Bundle.open(tiny.zip(folder.resolve("b.zip")));
        float[] event = {0.25f, 0, 0.125f, 0};
        float first;
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, new Thresholds(0, Thresholds.NEVER), 1)) {
            EdgeRuntime.Result result = runtime.classify(event);
            assertEquals(2, result.exit());
            assertTrue(!result.critical());
            first = result.confidences()[0];
        }
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, new Thresholds(first, 1), 1)) {
            assertEquals(1, runtime.classify(event).exit());
        }
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, new Thresholds(Math.nextDown(first), 1), 1)) {
            assertEquals(2, runtime.classify(event).exit());
        }
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, new Thresholds(0, first), 1)) {
            assertTrue(runtime.classify(event).critical());
            assertEquals(1, runtime.classify(event).exit());
        }
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, new Thresholds(0, Math.nextUp(first)), 1)) {
            assertEquals(2, runtime.classify(event).exit());
        }
    }

    @Test
    void manyThreadsMayUseOneRuntime() throws IOException {
        float[][] events = events(400);
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1")) {
            List<Integer> alone = new ArrayList<>();
            for (float[] event : events) {
                alone.add(runtime.classify(event).exit());
            }
            assertEquals(
                    alone,
                    IntStream.range(0, events.length)
                            .parallel()
                            .mapToObj(k -> runtime.classify(events[k]).exit())
                            .toList());
        }
    }

    @Test
    void refusesEventsThatAreNone() throws IOException {
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1")) {
            for (float[] bad : new float[][] {
                {},
                new float[5],
                {1, 0, 1, Float.NaN},
                {1, 0, Float.POSITIVE_INFINITY, 1},
                {0, 0, -1e-6f, 0},
                {0, 1.0001f, 0, 0},
                {0, 255, 0, 0}
            }) {
                assertThrows(IllegalArgumentException.class, () -> runtime.classify(bad));
                assertThrows(IllegalArgumentException.class, () -> runtime.classifyByAllStages(bad));
                assertThrows(IllegalArgumentException.class, () -> runtime.classify(new float[][] {new float[4], bad}));
            }
            assertThrows(IllegalArgumentException.class, () -> runtime.joules(3, 1e-9));
            assertThrows(IllegalArgumentException.class, () -> runtime.joules(0, 1e-9));
        }
    }

    @Test
    void refusesImagesOfAnotherShapeAndAsManyValues() throws IOException {
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1")) {
            float[][][] right = {{{0.5f, 0}, {0.25f, 1}}};
            assertArrayEquals(
                    runtime.classify(new float[] {0.5f, 0, 0.25f, 1}).confidences(),
                    runtime.classify(right).confidences());
            for (float[][][] bad : new float[][][][] {
                {{{0.5f, 0, 0.25f, 1}}},
                {{{0.5f}, {0}, {0.25f}, {1}}},
                {{{0.5f, 0}}, {{0.25f, 1}}},
                {{{0.5f, 0, 0.25f}, {1}}},
                {}
            }) {
                String message = assertThrows(IllegalArgumentException.class, () -> runtime.classify(bad))
                        .getMessage();
                assertTrue(message.contains("expected 1 x 2 x 2"), message);
            }
        }
    }

    @Test
    void aStreamWithinOneLevelIsNoticedUntilALargerValueComes() {
        RangeWatch watch = new RangeWatch(new BundleManifest.Input(1, 1, 3, "float32", 255, "x / 255"));
        watch.add(new float[] {0, 0, 0});
        assertTrue(watch.warning().isEmpty());
        watch.add(new float[] {0, 0.5f, 1});
        assertEquals("values-0-to-1", watch.warning().orElseThrow().id());
        assertTrue(watch.warning().orElseThrow().text().startsWith("2 events: no value is larger than 1.0"));
        watch.add(new float[] {0, 2, 0});
        assertTrue(watch.warning().isEmpty());
        RangeWatch scaled = new RangeWatch(new BundleManifest.Input(1, 1, 1, "float32", 1, "none"));
        scaled.add(new float[] {1f / 255});
        assertTrue(scaled.warning().isPresent());
        scaled.add(new float[] {0.5f});
        assertTrue(scaled.warning().isEmpty());
    }

    @Test
    void refusesGraphsThatAreNoStages() throws IOException {
        tiny.files.put("stage-2.onnx", TinyOnnx.stage("input", true, 1));
        UserError wrongInput =
                assertThrows(UserError.class, () -> EdgeRuntime.open(tiny.zip(folder.resolve("a.zip")), "ue1"));
        assertTrue(wrongInput.getMessage().contains("stage-2.onnx: takes [input]"), wrongInput.getMessage());
        tiny.files.put(
                "stage-2.onnx",
                TinyOnnx.model(
                        TinyOnnx.message(out -> out.writeByteArray(1, TinyOnnx.node("Relu", "nothing", "confidence"))),
                        ""));
        UserError broken =
                assertThrows(UserError.class, () -> EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1"));
        assertTrue(broken.getMessage().contains("stage-2.onnx: ONNX Runtime refuses it"), broken.getMessage());
        assertEquals(1, broken.getMessage().lines().count());
    }

    @Test
    void comparesEarlyExitWithAllStages() throws IOException {
        try (EdgeRuntime runtime = EdgeRuntime.open(tiny.zip(folder.resolve("b.zip")), "ue1")) {
            EarlyExitStudy.Savings result = EarlyExitStudy.run(runtime, List.of(events(50)), 2);
            assertEquals(50, result.agreeing());
            assertEquals(50, result.exits()[0] + result.exits()[1]);
            assertEquals(2, result.allStages().meanStages());
            assertEquals(
                    (result.exits()[0] + 2.0 * result.exits()[1]) / 50,
                    result.earlyExit().meanStages());
            assertThrows(IllegalArgumentException.class, () -> EarlyExitStudy.run(runtime, List.of(), 1));
        }
    }

    @Test
    void quantilesAreRightToOnePercent() {
        Latencies latencies = new Latencies();
        assertEquals(null, latencies.quantileMicros(0.5));
        for (int i = 1; i <= 1000; i++) {
            latencies.add(i * 1000L);
        }
        assertEquals(500, latencies.quantileMicros(0.5), 5);
        assertEquals(990, latencies.quantileMicros(0.99), 10);
        assertEquals(1000, latencies.quantileMicros(1), 10);
        assertEquals(1, latencies.quantileMicros(0), 0.01);
        assertEquals(500.5, latencies.meanMicros(), 1e-9);
        latencies.add(-5);
        latencies.add(Long.MAX_VALUE);
        assertEquals(1002, latencies.count());
    }
}

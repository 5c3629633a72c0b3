package org.qexit.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.Golden;
import org.qexit.bundle.GraphNames;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.graph.UnsupportedGraph;
import org.qexit.engine.event.EventKernels;
import org.qexit.engine.event.EventProgram;
import org.qexit.engine.event.PlainEventKernels;
import org.qexit.engine.event.Walk;
import org.qexit.onnx.TinyOnnx;
import org.qexit.trace.Thresholds;

/** The engine beside ONNX Runtime, on bundles of every version of the format and of other exporters, and on the committed models'. */
class BackendTest {
    private static final float TOLERANCE = 1e-5f;

    @TempDir
    private Path folder;

    static List<Path> bundles() throws IOException {
        try (Stream<Path> frozen = Files.list(Path.of("src/test/resources/bundles"));
                Stream<Path> models = Files.list(Path.of("models"))) {
            return Stream.concat(
                            frozen.filter(f -> f.toString().endsWith(".zip")),
                            models.filter(f -> f.getFileName().toString().startsWith("bundle-")))
                    .sorted()
                    .toList();
        }
    }

    /** The golden events, pictures of two of them mixed, and noise. */
    private static List<float[]> events(Bundle bundle) {
        BundleManifest.Input input = bundle.manifest().input();
        ByteBuffer bytes = ByteBuffer.wrap(bundle.bytes("golden/inputs.bin")).order(ByteOrder.LITTLE_ENDIAN);
        List<float[]> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            float[] event = new float[input.size()];
            for (int i = 0; i < event.length; i++) {
                event[i] = bytes.getFloat();
            }
            events.add(event);
        }
        SplittableRandom random = new SplittableRandom(7);
        int golden = events.size();
        for (int k = 0; k < 30; k++) {
            float[] a = events.get(random.nextInt(golden));
            float[] b = events.get(random.nextInt(golden));
            float share = k < 25 ? (float) random.nextDouble() : 0;
            float[] event = new float[a.length];
            for (int i = 0; i < event.length; i++) {
                event[i] = k < 25
                        ? Math.min(input.maximum(), share * a[i] + (1 - share) * b[i])
                        : input.maximum() * random.nextInt(256) / 255;
            }
            events.add(event);
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void decidesAsOnnxRuntimeDoes(Path path) {
        Bundle bundle = Bundle.open(path);
        if (bundle.manifest().forEdgeNode()) {
            nodeDecides(bundle);
            return;
        }
        Golden golden = Json.parse(Golden.PATH, bundle.text(Golden.PATH), Golden.class);
        try (EdgeRuntime engine = EdgeRuntime.open(bundle, golden.thresholds(), Backend.ENGINE, 1);
                EdgeRuntime onnx = EdgeRuntime.open(bundle, golden.thresholds(), Backend.ONNXRUNTIME, 1)) {
            List<float[]> events = events(bundle);
            List<EdgeRuntime.Result> batch = engine.classify(events.toArray(float[][]::new));
            for (int k = 0; k < events.size(); k++) {
                EdgeRuntime.Result early = engine.classify(events.get(k));
                EdgeRuntime.Result expected = onnx.classify(events.get(k));
                assertEquals(expected.exit(), early.exit(), "exit of event " + k);
                assertEquals(expected.critical(), early.critical(), "decision of event " + k);
                assertArrayEquals(expected.confidences(), early.confidences(), TOLERANCE);
                assertEquals(expected.exit(), batch.get(k).exit());
                assertArrayEquals(early.confidences(), batch.get(k).confidences(), 0);
                EdgeRuntime.Result all = engine.classifyByAllStages(events.get(k));
                assertArrayEquals(onnx.classifyByAllStages(events.get(k)).confidences(), all.confidences(), TOLERANCE);
                assertEquals(early.exit(), all.exit());
                if (k < golden.events()) {
                    assertEquals(golden.exits()[k], early.exit());
                    assertEquals(golden.decisions()[k] == 1, early.critical());
                    assertArrayEquals(golden.confidences()[k], all.confidences(), TOLERANCE);
                }
            }
            if (engine.exits() > 1 && bundle.manifest().carried(0) == 1) {
                List<float[]> features = new ArrayList<>();
                engine.classify(events.get(0), features::add);
                onnx.classify(events.get(0), features::add);
                assertArrayEquals(features.get(1), features.get(0), 1e-4f);
            }
        }
    }

    private static void nodeDecides(Bundle bundle) {
        try (NodeRuntime engine = NodeRuntime.open(bundle, Backend.ENGINE);
                NodeRuntime onnx = NodeRuntime.open(bundle, Backend.ONNXRUNTIME)) {
            for (float[] event : events(bundle)) {
                NodeRuntime.Result result = engine.classify(event);
                NodeRuntime.Result expected = onnx.classify(event);
                assertEquals(expected.exit(), result.exit());
                assertEquals(expected.classId(), result.classId());
                for (int q = 0; q < result.exit(); q++) {
                    assertArrayEquals(expected.probabilities()[q], result.probabilities()[q], TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void isProvedByVerification(Path file) {
        Bundle bundle = Bundle.open(file);
        EngineVerification.Report report = EngineVerification.of(bundle, List.of());
        assertTrue(report.passed(), report.toString());
        if (report.notRun() == null) {
            EngineVerification.Check golden = report.checks().get(0);
            assertTrue(golden.events() > 0 && report.backend().startsWith("engine"), report.toString());
        } else {
            assertTrue(report.checks().isEmpty() && report.backend() == null, report.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {2e-5f, -0.6f, Float.NaN})
    void verificationFindsAnEngineThatErrs(float error) throws Exception {
        Bundle bundle = Bundle.open(Path.of("models/bundle-hybrid"));
        int size = bundle.manifest().input().size();
        float[] image = new float[size];
        String device = bundle.devices().get(0);
        BundleEvents test = new BundleEvents(device, new byte[1], image);
        BundleEvents foreign = new BundleEvents("of-no-concern", new byte[1], image);
        try (StageRunner onnx = OnnxRunner.open(bundle, GraphNames.CONFIDENCE, 1)) {
            EngineVerification.Report right = EngineVerification.of(bundle, onnx, onnx, List.of(test, foreign));
            assertTrue(right.passed() && right.maxDifference() == 0, right.toString());
            assertEquals(
                    List.of(32, 1),
                    right.checks().stream()
                            .map(EngineVerification.Check::events)
                            .toList());
            EngineVerification.Report wrong = EngineVerification.of(bundle, off(onnx, error), onnx, List.of(test));
            assertFalse(wrong.passed());
            assertEquals(Float.isNaN(error) ? Double.POSITIVE_INFINITY : Math.abs(error), wrong.maxDifference(), 1e-6);
            EngineVerification.Check golden = wrong.checks().get(0);
            assertEquals(error != 2e-5f, golden.differentDecisions() > 0, golden.toString());
        }
    }

    /** Says something else at the last exit. */
    private static StageRunner off(StageRunner stages, float error) {
        return new StageRunner() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public Walk begin(float[] event) {
                Walk walk = stages.begin(event);
                return new Walk() {
                    private int exit;

                    @Override
                    public float[] next() {
                        float[] said = walk.next().clone();
                        said[0] += ++exit == 3 ? error : 0;
                        return said;
                    }

                    @Override
                    public float[] answer(int stage) {
                        return walk.answer(stage);
                    }

                    @Override
                    public float[] handedOn() {
                        return walk.handedOn();
                    }

                    @Override
                    public void leave() {
                        walk.leave();
                    }
                };
            }

            @Override
            public void close() {
                // The other's to close.
            }
        };
    }

    @Test
    void theEngineIsTakenWhereItIsTheFastest() {
        Bundle bundle = Bundle.open(Path.of("models/bundle-hybrid"));
        Thresholds thresholds = new Thresholds(0.2f, 0.8f);
        try (EdgeRuntime one = EdgeRuntime.open(bundle, thresholds, 1);
                EdgeRuntime two = EdgeRuntime.open(bundle, thresholds, 2)) {
            assertEquals(EventKernels.haveVectors() ? "engine, vector kernels" : "ONNX Runtime", one.backend());
            assertEquals("ONNX Runtime", two.backend());
            assertTrue(one.notice().isEmpty() && two.notice().isEmpty());
        }
    }

    @Test
    void whatTheEngineLacksRunsInOnnxRuntimeAndIsTold() throws IOException {
        TinyBundle tiny = new TinyBundle();
        tiny.manifest("operators", List.of("Abs", "Flatten", "MatMul", "Sigmoid", "Squeeze"));
        tiny.files.put("stage-1.onnx", stageWithAbs());
        Bundle bundle = Bundle.open(tiny.zip(folder.resolve("b.zip")));
        Thresholds thresholds = new Thresholds(0.3f, 0.8f);
        UserError error = assertThrows(UserError.class, () -> EdgeRuntime.open(bundle, thresholds, Backend.ENGINE, 1));
        assertTrue(error.getMessage().contains("the engine does not run it: operator Abs"), error.getMessage());
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, thresholds, 1)) {
            assertEquals("ONNX Runtime", runtime.backend());
            assertEquals("not-on-the-engine", runtime.notice().orElseThrow().id());
            assertTrue(runtime.notice().orElseThrow().text().endsWith("operator Abs"));
            assertEquals(1, runtime.classify(new float[] {0.5f, 0, 0, 0}).exit());
        }
    }

    /** Says the first of four values, as it is. */
    private static byte[] stageWithAbs() {
        return TinyOnnx.model(
                TinyOnnx.message(out -> {
                    out.writeByteArray(1, TinyOnnx.node("Abs", "input", "next_features"));
                    out.writeByteArray(1, TinyOnnx.node("Flatten", "input", "flat"));
                    out.writeByteArray(1, TinyOnnx.node("MatMul", "flat first", "column"));
                    out.writeByteArray(1, TinyOnnx.node("Squeeze", "column axes", "confidence"));
                    out.writeString(2, "stage");
                    out.writeByteArray(5, TinyOnnx.floats("first", new long[] {4, 1}, 2, 0, 0, 0));
                    out.writeByteArray(5, TinyOnnx.longs("axes", 1));
                    out.writeByteArray(11, TinyOnnx.value("input", null, 1L, 2L, 2L));
                    out.writeByteArray(12, TinyOnnx.value("next_features", null, 1L, 2L, 2L));
                    out.writeByteArray(12, TinyOnnx.value("confidence", (Long) null));
                }),
                "");
    }

    /** With the plain kernels; those on the Vector API allocate until the JVM has compiled them. */
    @ParameterizedTest
    @ValueSource(strings = {"models/bundle-classical", "models/bundle-hybrid"})
    void nothingIsAllocatedForAnEventAndKernelsAgreeBitByBit(String path) throws UnsupportedGraph {
        Bundle bundle = Bundle.open(Path.of(path));
        EventProgram program =
                EngineRunner.open(bundle, GraphNames.CONFIDENCE, 1).program();
        EventProgram plain = program.on(PlainEventKernels::new);
        List<float[]> events = events(bundle);
        for (float[] event : events) {
            assertArrayEquals(confidences(program, event), confidences(plain, event), 0);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int k = 0; k < events.size(); k++) {
                run(plain, events.get(k));
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }

    private static float[] confidences(EventProgram program, float[] event) {
        Walk walk = program.begin(event);
        float[] confidences = {walk.next()[0], walk.next()[0], walk.next()[0]};
        walk.leave();
        return confidences;
    }

    private static void run(EventProgram program, float[] event) {
        Walk walk = program.begin(event);
        walk.next();
        walk.next();
        walk.next();
        walk.leave();
    }
}

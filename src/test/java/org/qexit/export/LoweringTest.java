package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.bundle.GraphNames;
import org.qexit.nn.EarlyExitModel;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.OnnxCheck;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** Our network against ONNX Runtime on the exported graphs, over models of every kind. */
class LoweringTest {
    private static final float PER_LEVEL = 1f / 255f;
    private static final double CLOSE = 1e-5;
    private static final int[] BATCHES = {1, 3, 64};

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void stagesAndWholeGraphSayWhatTheNetworkSays(int seed) {
        check(RandomModels.of(seed), BATCHES[seed % BATCHES.length], seed);
    }

    static IntStream largeHeads() {
        return IntStream.range(0, 36);
    }

    /** Every encoding, entangler and upload of 11 and 12 qubits; 4^12 numbers would be 64 MiB each for the real and the imaginary parts. */
    @ParameterizedTest
    @MethodSource("largeHeads")
    void largeHeadsAreSmallFiles(int kind) {
        EarlyExitModel model = RandomModels.large(11 + kind / 18, kind % 18);
        check(model, 3, kind);
        NetworkLowering network = new NetworkLowering(model, PER_LEVEL, NetworkLowering.ConvolutionWriter.PLAIN);
        int bytes = new ModelGraphs(network).stage(0).toBytes().length;
        assertTrue(bytes < 200_000, bytes + " bytes");
    }

    private static void check(EarlyExitModel model, int events, int seed) {
        int exits = model.config().exits();
        float[] levels = RandomModels.levels(model, events, seed);
        float[][] expected = model.confidences(scaled(levels), events);
        ModelGraphs graphs =
                new ModelGraphs(new NetworkLowering(model, PER_LEVEL, NetworkLowering.ConvolutionWriter.PLAIN));

        float[][] staged = staged(graphs, model, levels, events);
        for (int q = 0; q < exits; q++) {
            assertArrayEquals(expected[q], staged[q], (float) CLOSE, "exit " + (q + 1));
        }

        for (int q = 0; q < exits; q++) {
            assertEquals(List.of(), OnnxCheck.problems(graphs.stage(q).toBytes()));
        }
        assertEquals(
                List.of(), OnnxCheck.problems(graphs.whole(new Thresholds(0, 1)).toBytes()));

        for (ExitThresholds each : perExit(expected)) {
            byte[] loose =
                    graphs.whole(ExitThresholds.of(new Thresholds(0, 1), exits)).toBytes();
            assertEquals(List.of(), OnnxCheck.problems(loose));
            try (GraphSession whole =
                    GraphSession.open("model.onnx", graphs.whole(each).toBytes())) {
                checkWalk(whole.run(levels, shape(model, events)), staged, each);
            }
            try (GraphSession whole = GraphSession.open("model.onnx", loose, GraphNames.constants(each))) {
                checkWalk(whole.run(levels, shape(model, events)), staged, each);
            }
        }
        for (Thresholds thresholds : pairs(expected)) {
            try (GraphSession whole =
                    GraphSession.open("model.onnx", graphs.whole(thresholds).toBytes())) {
                checkWalk(whole.run(levels, shape(model, events)), staged, thresholds);
            }
            try (GraphSession whole = GraphSession.open(
                    "model.onnx", graphs.whole(new Thresholds(0, 1)).toBytes(), GraphNames.constants(thresholds))) {
                checkWalk(whole.run(levels, shape(model, events)), staged, thresholds);
            }
        }
    }

    /** ONNX Runtime does not copy what a session is given as initialisers; collected, they would turn into other numbers. */
    @Test
    void givenThresholdsOutliveGarbageCollections() {
        EarlyExitModel model = RandomModels.of(1);
        float[] levels = RandomModels.levels(model, 64, 1);
        ModelGraphs graphs =
                new ModelGraphs(new NetworkLowering(model, PER_LEVEL, NetworkLowering.ConvolutionWriter.PLAIN));
        float[][] staged = staged(graphs, model, levels, 64);
        byte[] whole = graphs.whole(new Thresholds(0, 1)).toBytes();
        Thresholds thresholds = pairs(staged)[0];
        List<ByteBuffer> others = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            try (GraphSession session = GraphSession.open("model.onnx", whole, GraphNames.constants(thresholds))) {
                System.gc();
                for (int i = 0; i < 2000; i++) {
                    others.add(ByteBuffer.allocateDirect(4)
                            .order(ByteOrder.nativeOrder())
                            .putFloat(0, 7));
                }
                checkWalk(session.run(levels, shape(model, 64)), staged, thresholds);
            }
        }
        assertEquals(8_000, others.size());
    }

    /** Each exit's own third of the events, and tests that always or never fire at every second exit. */
    private static ExitThresholds[] perExit(float[][] scores) {
        float[][] all = new float[6][scores.length];
        for (int q = 0; q < scores.length; q++) {
            float[] sorted = scores[q].clone();
            Arrays.sort(sorted);
            float low = middle(sorted, sorted.length / 3);
            float high = Math.max(low, middle(sorted, 2 * sorted.length / 3));
            boolean odd = q % 2 == 1;
            all[0][q] = low;
            all[1][q] = high;
            all[2][q] = odd ? ExitThresholds.BELOW_ALL : low;
            all[3][q] = odd ? ExitThresholds.BELOW_ALL : ExitThresholds.ABOVE_ALL;
            all[4][q] = odd ? ExitThresholds.ABOVE_ALL : ExitThresholds.BELOW_ALL;
            all[5][q] = ExitThresholds.ABOVE_ALL;
        }
        return new ExitThresholds[] {
            ExitThresholds.of(all[0], all[1]), ExitThresholds.of(all[2], all[3]), ExitThresholds.of(all[4], all[5])
        };
    }

    /** Loose, tight, never, and ones that let about a third of the events on at every exit. */
    private static Thresholds[] pairs(float[][] scores) {
        float[] all = scores[0].clone();
        Arrays.sort(all);
        // Between two scores, for the last bit of a confidence may differ.
        float low = middle(all, all.length / 3);
        float high = Math.max(low, middle(all, 2 * all.length / 3));
        return new Thresholds[] {
            new Thresholds(low, high), new Thresholds(0, Thresholds.NEVER), new Thresholds(high, high)
        };
    }

    private static float middle(float[] sorted, int at) {
        return sorted.length == 1 ? sorted[0] - 0.001f : (sorted[at] + sorted[Math.min(at + 1, sorted.length - 1)]) / 2;
    }

    private static void checkWalk(Map<String, GraphSession.Output> walk, float[][] staged, Rule thresholds) {
        int exits = staged.length;
        int events = staged[0].length;
        float[] confidences = walk.get(GraphNames.CONFIDENCES).floats();
        assertArrayEquals(
                new long[] {events, exits}, walk.get(GraphNames.CONFIDENCES).shape());
        for (int k = 0; k < events; k++) {
            Thresholds.Decision decision = thresholds.decide(staged, k);
            assertEquals(
                    decision.critical() ? 1 : 0, walk.get(GraphNames.DECISION).longs()[k]);
            assertEquals(decision.exit() + 1, walk.get(GraphNames.EXIT).longs()[k]);
            for (int q = 0; q < exits; q++) {
                float wanted = q <= decision.exit() ? staged[q][k] : GraphNames.NOT_REACHED;
                assertEquals(wanted, confidences[k * exits + q], 1e-6, "event " + k + " at exit " + (q + 1));
            }
        }
    }

    static float[][] staged(ModelGraphs graphs, EarlyExitModel model, float[] input, int events) {
        int exits = model.config().exits();
        float[][] confidences = new float[exits][];
        float[] features = input;
        long[] shape = shape(model, events);
        for (int q = 0; q < exits; q++) {
            try (GraphSession stage = GraphSession.open("stage", graphs.stage(q).toBytes())) {
                Map<String, GraphSession.Output> outputs = stage.run(features, shape);
                confidences[q] = outputs.get(GraphNames.CONFIDENCE).floats();
                assertArrayEquals(
                        new long[] {events}, outputs.get(GraphNames.CONFIDENCE).shape());
                if (q < exits - 1) {
                    features = outputs.get(GraphNames.NEXT_FEATURES).floats();
                    shape = outputs.get(GraphNames.NEXT_FEATURES).shape();
                }
            }
        }
        return confidences;
    }

    static long[] shape(EarlyExitModel model, int events) {
        return new long[] {
            events,
            model.config().channels(),
            model.config().height(),
            model.config().width()
        };
    }

    static float[] scaled(float[] levels) {
        float[] pixels = levels.clone();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= PER_LEVEL;
        }
        return pixels;
    }
}

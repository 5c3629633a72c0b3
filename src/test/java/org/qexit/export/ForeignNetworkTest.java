package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.GraphNames;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.ForeignGraph;
import org.qexit.onnx.foreign.ForeignModel;
import org.qexit.onnx.foreign.ForeignRun;
import org.qexit.onnx.foreign.StageCut;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.trace.Thresholds;

/** Random graphs with skips everywhere, turned axes, values of other types and shapes asked for, cut at random exits. */
class ForeignNetworkTest {
    private static final int EVENTS = 12;
    private static final int CHANNELS = 3;
    private static final int ROWS = 4;
    private static final int VALUES = CHANNELS * ROWS;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void stagesAndWholeGraphSayWhatTheModelSays(int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        boolean oneByOne = seed % 3 == 0;
        int opset = seed % 2 == 0 ? 17 : 11;
        int exits = 2 + random.nextInt(3);
        boolean single = seed % 5 == 0;
        Path file = directory.resolve("m.onnx");
        Files.write(file, RandomGraph.of(random, exits, opset, oneByOne, single ? 1 : 3));
        List<String> names = new ArrayList<>();
        for (int q = 0; q < exits; q++) {
            names.add("exit " + q);
        }
        ForeignModel model = ForeignModel.read(file, names);
        float[] values = new float[EVENTS * VALUES];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(256);
        }
        EventInput.Normalisation norm = new EventInput.Normalisation(255, new float[] {0.4f}, new float[] {0.3f});
        EventInput input = EventInput.of(model, new long[] {CHANNELS, 1, ROWS}, norm);
        ForeignRun run = new ForeignRun(ForeignGraph.of(model, java.util.Arrays.copyOf(values, VALUES), input), input);
        assertEquals(oneByOne, run.graph().oneByOne());
        ForeignReference numbers =
                new ForeignReference(run, new ExitScores(single ? 1 : 3, List.of(1), none(exits), none(exits)));
        float[][] expected = numbers.confidences(values, EVENTS);
        ForeignNetwork network = new ForeignNetwork(StageCut.of(run.graph()), input, numbers.scores());
        float[][] staged = staged(network, values, oneByOne ? 1 : 5);
        double middle = 0;
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < EVENTS; k++) {
                assertEquals(expected[q][k], staged[q][k], 1e-6, "exit " + q + ", event " + k);
                middle += expected[q][k] / (exits * EVENTS);
            }
        }
        Thresholds thresholds = new Thresholds((float) middle * 0.9f, (float) Math.min(1, middle * 1.1));
        byte[] whole = new ModelGraphs(network).whole(thresholds).toBytes();
        int batch = oneByOne ? 1 : 4;
        try (GraphSession session = GraphSession.open("model", whole)) {
            for (int first = 0; first < EVENTS; first += batch) {
                Map<String, GraphSession.Output> said =
                        session.run(part(values, first, batch), batch, CHANNELS, 1, ROWS);
                for (int i = 0; i < batch; i++) {
                    Thresholds.Decision decision = thresholds.decide(expected, first + i);
                    assertEquals(decision.exit() + 1, said.get(GraphNames.EXIT).longs()[i]);
                    assertEquals(
                            decision.critical() ? 1 : 0,
                            said.get(GraphNames.DECISION).longs()[i]);
                    for (int q = 0; q < exits; q++) {
                        float wanted = q <= decision.exit() ? expected[q][first + i] : -1;
                        assertEquals(wanted, said.get(GraphNames.CONFIDENCES).floats()[i * exits + q], 1e-6);
                    }
                }
            }
        }
        assertTrue(network.given(0).size() >= 1);
    }

    private static List<Boolean> none(int exits) {
        return java.util.Collections.nCopies(exits, false);
    }

    private static float[] part(float[] values, int first, int count) {
        return java.util.Arrays.copyOfRange(values, first * VALUES, (first + count) * VALUES);
    }

    private static float[][] staged(ForeignNetwork network, float[] values, int most) {
        float[][] staged = new float[network.exits()][EVENTS];
        for (int first = 0; first < EVENTS; first += most) {
            int batch = Math.min(most, EVENTS - first);
            Map<String, GraphSession.Output> given = Map.of(
                    "input",
                    new GraphSession.Output(new long[] {batch, CHANNELS, 1, ROWS}, part(values, first, batch), null));
            for (int q = 0; q < network.exits(); q++) {
                byte[] graph = new ModelGraphs(network).stage(q).toBytes();
                try (GraphSession stage = GraphSession.open("stage " + q, graph)) {
                    Map<String, GraphSession.Output> outputs = stage.run(given);
                    System.arraycopy(outputs.remove("confidence").floats(), 0, staged[q], first, batch);
                    Map<String, GraphSession.Output> next = new java.util.LinkedHashMap<>();
                    outputs.forEach((name, value) -> next.put(name.substring("next_".length()), value));
                    given = next;
                }
            }
        }
        return staged;
    }

    /** Values of [N, 3, 4], [3, N, 4] (turned), [N] (sums) and booleans, of earlier ones at random. */
    private static final class RandomGraph {
        private final SplittableRandom random;
        private final int opset;
        private final GraphBuilder graph = GraphBuilder.create();
        private final List<String> plain = new ArrayList<>(List.of("the event"));
        private final List<String> turned = new ArrayList<>();
        private final List<String> masks = new ArrayList<>();
        private final List<String> sums = new ArrayList<>();
        private int count;

        private RandomGraph(SplittableRandom random, int opset) {
            this.random = random;
            this.opset = opset;
        }

        static byte[] of(SplittableRandom random, int exits, int opset, boolean oneByOne, int classes) {
            RandomGraph made = new RandomGraph(random, opset);
            List<OnnxValue> outputs = new ArrayList<>();
            made.graph.scalar("half", 0.5f);
            for (int q = 0; q < exits; q++) {
                for (int i = 0; i < 6; i++) {
                    made.step();
                }
                made.head(q, classes);
                outputs.add(OnnxValue.untold("exit " + q));
            }
            String batch = oneByOne ? "1" : "N";
            OnnxGraph graph = made.graph.build(
                    "random",
                    List.of(new OnnxValue("the event", ElementType.FLOAT, List.of(batch, "3", "4"))),
                    outputs);
            return new OnnxModel(8, opset, "test", "", graph, Map.of()).toBytes();
        }

        private String any(List<String> values) {
            return values.get(random.nextInt(values.size()));
        }

        private void step() {
            String name = "v" + count++;
            switch (random.nextInt(9)) {
                case 0 -> plain.add(graph.node("Tanh", name, List.of(any(plain))));
                case 1 -> plain.add(graph.node("Add", name, List.of(any(plain), any(plain))));
                case 2 -> {
                    float[] weights = new float[16];
                    for (int i = 0; i < 16; i++) {
                        weights[i] = (float) (random.nextDouble() - 0.5);
                    }
                    plain.add(graph.node("MatMul", name, List.of(any(plain), graph.floats(name + "w", weights, 4, 4))));
                }
                case 3 -> turned.add(graph.node("Transpose", name, List.of(any(plain)), Attribute.of("perm", 1, 0, 2)));
                case 4 -> {
                    if (!turned.isEmpty()) {
                        String tanh = graph.node("Tanh", name + "t", List.of(any(turned)));
                        plain.add(graph.node("Transpose", name, List.of(tanh), Attribute.of("perm", 1, 0, 2)));
                    }
                }
                case 5 -> masks.add(graph.node("Greater", name, List.of(any(plain), "half")));
                case 6 -> {
                    if (!masks.isEmpty()) {
                        plain.add(graph.node("Where", name, List.of(any(masks), any(plain), any(plain))));
                    }
                }
                case 7 -> {
                    Attribute drop = Attribute.of("keepdims", 0);
                    sums.add(graph.node(
                            "ReduceMean", name, List.of(any(plain)), Attribute.of("axes", new long[] {1, 2}), drop));
                }
                default -> {
                    // Flat and back by a shape that is asked for, as exporters write it.
                    String value = any(plain);
                    String shape = graph.node("Shape", name + "s", List.of(value));
                    String flat = graph.node("Flatten", name + "f", List.of(any(plain)));
                    plain.add(graph.node("Reshape", name, List.of(flat, shape)));
                }
            }
        }

        private void head(int exit, int classes) {
            String value = any(plain);
            if (!sums.isEmpty()) {
                String sum = any(sums);
                String wide = opset >= 13
                        ? graph.node("Unsqueeze", "u" + exit, List.of(sum, graph.longs("ua" + exit, 1, 2)))
                        : graph.node("Unsqueeze", "u" + exit, List.of(sum), Attribute.of("axes", new long[] {1, 2}));
                value = graph.node("Add", "us" + exit, List.of(value, wide));
            }
            String all = graph.node("Add", "all" + exit, List.of(value, "the event"));
            String flat = graph.node("Flatten", "flat" + exit, List.of(all));
            float[] weights = new float[12 * classes];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (random.nextDouble() - 0.5);
            }
            graph.node("MatMul", "exit " + exit, List.of(flat, graph.floats("w" + exit, weights, 12, classes)));
        }
    }
}

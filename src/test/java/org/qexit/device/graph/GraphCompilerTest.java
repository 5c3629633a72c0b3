package org.qexit.device.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.engine.event.EventProgram;
import org.qexit.engine.event.Walk;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;

/** Programs beside ONNX Runtime: every operator in every form that is taken, and what is refused. */
class GraphCompilerTest {
    private final SplittableRandom random = new SplittableRandom(11);
    private final GraphBuilder graph = GraphBuilder.create();
    private int names;

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    private String floats(long... dims) {
        return graph.floats("c" + names++, numbers((int) Arrays.stream(dims).reduce(1, (a, b) -> a * b)), dims);
    }

    private String node(String operator, List<String> inputs, Attribute... attributes) {
        return graph.node(operator, "v" + names++, inputs, attributes);
    }

    private OnnxModel model(String answer, int opset, long... shape) {
        graph.node("Identity", "confidence", List.of(answer));
        return new OnnxModel(
                8,
                opset,
                "test",
                "",
                graph.build("g", List.of(OnnxValue.batch("input", shape)), List.of(OnnxValue.untold("confidence"))),
                Map.of());
    }

    /** The program of what was built gives what ONNX Runtime gives, on several events, one after another in the same room. */
    private void agrees(String answer, int... shape) throws UnsupportedGraph {
        agreesAs(17, answer, shape);
    }

    private void agreesAs(int opset, String answer, int... shape) throws UnsupportedGraph {
        OnnxModel model =
                model(answer, opset, Arrays.stream(shape).asLongStream().toArray());
        int size = shape[0] * shape[1] * shape[2];
        try (GraphSession session = GraphSession.open("test", model.toBytes())) {
            EventProgram program = null;
            for (int k = 0; k < 3; k++) {
                float[] event = numbers(size);
                float[] expected = session.run(event, 1, shape[0], shape[1], shape[2])
                        .get("confidence")
                        .floats();
                if (program == null) {
                    program = GraphCompiler.compile(
                            List.of(model),
                            List.of(List.of("input")),
                            List.of(List.of("confidence")),
                            expected.length,
                            shape);
                }
                Walk walk = program.begin(event);
                float[] given = walk.next();
                double scale = 1;
                for (float value : expected) {
                    scale = Math.max(scale, Math.abs(value));
                }
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], given[i], 2e-6 * scale, "number " + i);
                }
                walk.leave();
            }
        }
    }

    private void refused(String reason, String answer, int... shape) {
        OnnxModel model = model(answer, 17, Arrays.stream(shape).asLongStream().toArray());
        String message = refusal(model, shape);
        assertTrue(message.contains(reason), message);
    }

    private static String refusal(OnnxModel model, int... shape) {
        String message = assertThrows(
                        UnsupportedGraph.class,
                        () -> GraphCompiler.compile(
                                List.of(model), List.of(List.of("input")), List.of(List.of("confidence")), 1, shape))
                .getMessage();
        assertEquals(1, message.lines().count());
        return message;
    }

    private String conv(String input, int from, int to, int rows, int columns, Attribute... attributes) {
        return node("Conv", List.of(input, floats(to, from, rows, columns), floats(to)), attributes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void convolutionsOfManyForms(int seed) throws UnsupportedGraph {
        SplittableRandom form = new SplittableRandom(seed);
        int channels = 1 + form.nextInt(4);
        int rows = 5 + form.nextInt(9);
        int columns = 5 + form.nextInt(9);
        String value = node("Mul", List.of(graph.input("input"), graph.scalar("scale", 0.25f)));
        int before = channels;
        int height = rows;
        int width = columns;
        for (int layer = 0; layer < 3; layer++) {
            int to = 1 + form.nextInt(21);
            int kernelRows = 1 + form.nextInt(Math.min(3, height));
            int kernelColumns = 1 + form.nextInt(Math.min(3, width));
            int[] pads = {form.nextInt(2), form.nextInt(3), form.nextInt(2), form.nextInt(2)};
            int[] strides = {1 + form.nextInt(2) * (height > 6 ? 1 : 0), 1};
            height = (height + pads[0] + pads[2] - kernelRows) / strides[0] + 1;
            width = (width + pads[1] + pads[3] - kernelColumns) / strides[1] + 1;
            value = conv(
                    value,
                    before,
                    to,
                    kernelRows,
                    kernelColumns,
                    Attribute.of("pads", pads[0], pads[1], pads[2], pads[3]),
                    Attribute.of("strides", strides[0], strides[1]));
            if (form.nextInt(3) > 0) {
                value = node(form.nextBoolean() ? "Relu" : "Tanh", List.of(value));
            }
            int[][] pools = {{2, 2}, {1, 2}, {3, 2}, {4, 1}, {1, 1}};
            int[] pool = pools[form.nextInt(pools.length)];
            if (height >= pool[0] && width >= pool[1]) {
                int stride = form.nextInt(4) == 0 ? 1 : pool[0];
                value = node(
                        "MaxPool",
                        List.of(value),
                        Attribute.of("kernel_shape", pool[0], pool[1]),
                        Attribute.of("strides", stride, pool[1]));
                height = (height - pool[0]) / stride + 1;
                width = (width - pool[1]) / pool[1] + 1;
            }
            before = to;
        }
        value = node("Flatten", List.of(value), Attribute.of("axis", 1));
        value = node("Gemm", List.of(value, floats(height * width * before, 3), floats(3)));
        agrees(value, channels, rows, columns);
    }

    @Test
    void valuesThatSeveralReadAreKept() throws UnsupportedGraph {
        String input = graph.input("input");
        String first = conv(input, 2, 5, 3, 3, Attribute.of("pads", 1, 1, 1, 1));
        String active = node("Relu", List.of(first));
        String second = conv(active, 5, 5, 3, 3, Attribute.of("pads", 1, 1, 1, 1));
        String sum = node("Add", List.of(second, first));
        String scaled = node("Mul", List.of(sum, floats(1, 5, 1, 1)));
        String joined = node("Concat", List.of(scaled, active, input), Attribute.of("axis", 1));
        String pooled =
                node("MaxPool", List.of(joined), Attribute.of("kernel_shape", 2, 2), Attribute.of("strides", 2, 2));
        String third = conv(pooled, 12, 4, 1, 1);
        String mean = node("GlobalAveragePool", List.of(third));
        String other = node(
                "ReduceMean", List.of(joined), Attribute.of("axes", new long[] {2, 3}), Attribute.of("keepdims", 0));
        String flat = node("Flatten", List.of(mean), Attribute.of("axis", 1));
        String both = node("Concat", List.of(flat, other), Attribute.of("axis", -1));
        agrees(node("Softmax", List.of(both), Attribute.of("axis", 1)), 2, 6, 7);
    }

    @Test
    void scaledInputsThatOthersReadToo() throws UnsupportedGraph {
        String scaled = node("Mul", List.of(graph.input("input"), graph.scalar("scale", 0.5f)));
        String maps = conv(scaled, 1, 3, 3, 3, Attribute.of("pads", 1, 1, 1, 1));
        agrees(node("Add", List.of(maps, scaled)), 1, 4, 4);
    }

    @Test
    void productsOfManyForms() throws UnsupportedGraph {
        String flat = node("Flatten", List.of(graph.input("input")));
        String turned = node(
                "Gemm",
                List.of(flat, floats(18, 24), floats(1)),
                Attribute.of("transB", 1),
                new Attribute.Real("alpha", 0.5f),
                new Attribute.Real("beta", -2f));
        String few = node("Gemm", List.of(flat, floats(24, 6)));
        String rows = node("Reshape", List.of(turned, graph.longs("rows", 1, 3, -1)));
        String right = node("MatMul", List.of(rows, floats(6, 20)));
        String left = node("MatMul", List.of(floats(5, 3), right));
        String whole = node("MatMul", List.of(node("Transpose", List.of(right), Attribute.of("perm", 0, 2, 1)), right));
        String picked = node("Gather", List.of(left, graph.longs("ids", 4, -5, 0, 4)), Attribute.of("axis", 1));
        String sums = node("ReduceSum", List.of(picked, graph.longs("axis", 1)), Attribute.of("keepdims", 0));
        String again = node("ReduceSum", List.of(whole, graph.longs("last", -1)));
        String column = node("Squeeze", List.of(again, graph.longs("drop", 2)));
        String all = node("Concat", List.of(few, sums, column), Attribute.of("axis", 1));
        agrees(node("Unsqueeze", List.of(all, graph.longs("at", 0, 3))), 2, 3, 4);
    }

    @Test
    void numbersOneByOneAndPairByPair() throws UnsupportedGraph {
        String input = graph.input("input");
        String x = node("Mul", List.of(input, graph.scalar("many", 40f)));
        String turns = node("Add", List.of(node("Cos", List.of(x)), node("Sin", List.of(x))));
        String curve = node("Div", List.of(node("Sigmoid", List.of(input)), graph.scalar("two", 2f)));
        String wide = node("Sub", List.of(turns, floats(3, 1)));
        String low = node("Min", List.of(wide, node("Tanh", List.of(input))));
        agrees(node("Max", List.of(low, curve)), 1, 3, 5);
    }

    /** Axes as attributes, as files of before opset 13 have them. */
    @Test
    void olderOperators() throws UnsupportedGraph {
        String flat = node("Flatten", List.of(graph.input("input")));
        String sum =
                node("ReduceSum", List.of(flat), Attribute.of("axes", new long[] {1}), Attribute.of("keepdims", 0));
        agreesAs(11, node("Unsqueeze", List.of(sum), Attribute.of("axes", new long[] {1})), 1, 2, 2);
    }

    @Test
    void unknownFormsAreRefusedInOneLine() {
        String input = graph.input("input");
        refused("operator Erf", node("Erf", List.of(input)), 1, 2, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dilations", "group", "auto_pad", "text", "pads"})
    void convolutionsOfOtherFormsAreRefused(String what) {
        String input = graph.input("input");
        Attribute odd = switch (what) {
            case "dilations" -> Attribute.of("dilations", 2, 2);
            case "group" -> Attribute.of("group", 2);
            case "auto_pad" -> new Attribute.Text("auto_pad", "SAME_UPPER");
            case "text" -> new Attribute.Text("strides", "2");
            default -> Attribute.of("pads", -1, 0, 0, 0);
        };
        String message = refusal(model(conv(input, 1, 1, 3, 3, odd), 17, 1, 8, 8), 1, 8, 8);
        assertTrue(message.contains("Conv"), message);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        String input = graph.input("input");
        String flat = node("Flatten", List.of(input));
        refused("MatMul", node("MatMul", List.of(flat, floats(5, 1))), 1, 2, 2);
    }

    @Test
    void kernelsLargerThanTheMapAreRefused() {
        refused("Conv", conv(graph.input("input"), 1, 1, 5, 5), 1, 4, 8);
    }

    @Test
    void claimsOfMuchMemoryAreRefusedBeforeItIsTaken() {
        String input = graph.input("input");
        String column = node("Reshape", List.of(input, graph.longs("column", 4, 1)));
        String many = node("Gather", List.of(column, graph.longs("ids", new long[3000])), Attribute.of("axis", 0));
        String row = node("Reshape", List.of(many, graph.longs("row", 1, -1)));
        String square = node("Reshape", List.of(node("Add", List.of(many, row)), graph.longs("again", -1, 1)));
        String value = node("Mul", List.of(square, node("Reshape", List.of(square, graph.longs("wide", 1, -1)))));
        refused("memory", value, 1, 2, 2);
    }

    @Test
    void borderOfHugePadsIsRefused() {
        String value = conv(graph.input("input"), 1, 1, 1, 1, Attribute.of("pads", 900_000, 900_000, 900_000, 900_000));
        refused("memory", value, 1, 2, 2);
    }

    @Test
    void namesThatNobodyDefinesAreRefused() {
        graph.input("input");
        refused("nobody", node("Relu", List.of("absent")), 1, 2, 2);
    }

    @Test
    void answersOfAnotherSizeAreRefused() {
        refused("16 numbers; expected 1", node("Relu", List.of(graph.input("input"))), 1, 4, 4);
    }

    @Test
    void numbersOfOtherTypesAreRefused() {
        String input = graph.input("input");
        String whole = graph.constant(OnnxTensor.ofInts("whole", new int[] {1, 2}, 2));
        refused("INT32", node("Add", List.of(input, whole)), 1, 1, 2);
    }
}

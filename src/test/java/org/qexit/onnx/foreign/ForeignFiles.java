package org.qexit.onnx.foreign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;

/** Small files of [N, 1, 28, 28] to [N, 10], each wrong in one way. */
public final class ForeignFiles {
    private ForeignFiles() {}

    public static byte[] bad(String which) {
        return switch (which) {
            case "nan" -> model(17, tail("x", Float.NaN), List.of("?", "1", "28", "28"));
            case "batch" -> model(17, tail("x", 1), List.of("8", "1", "28", "28"));
            case "shape" -> model(17, tail("x", 1), List.of("?", "1", "28", "29"));
            case "old" -> model(8, tail("x", 1), List.of("?", "1", "28", "28"));
            case "external" -> external();
            case "text" -> "no protobuf at all".getBytes(StandardCharsets.UTF_8);
            default -> {
                GraphBuilder graph = GraphBuilder.create();
                yield graph(which, graph);
            }
        };
    }

    private static GraphBuilder tail(String input, float weight) {
        GraphBuilder graph = GraphBuilder.create();
        head(graph, input, "e1", weight);
        return graph;
    }

    private static void head(GraphBuilder graph, String input, String output, float weight) {
        graph.node("Flatten", output + ".flat", List.of(input));
        float[] weights = new float[7840];
        java.util.Arrays.fill(weights, weight);
        graph.floats(output + ".w", weights, 784, 10);
        graph.node("MatMul", output, List.of(output + ".flat", output + ".w"));
    }

    private static byte[] graph(String which, GraphBuilder graph) {
        List<OnnxValue> inputs = new ArrayList<>(List.of(input(ElementType.FLOAT, List.of("N", "1", "28", "28"))));
        List<OnnxValue> outputs = new ArrayList<>(List.of(OnnxValue.untold("e1")));
        switch (which) {
            case "rows" -> {
                graph.longs("s", -1, 196);
                graph.node("Reshape", "e1", List.of("x", "s"));
            }
            case "baked" -> {
                graph.longs("s", 1, 784);
                graph.node("Reshape", "r", List.of("x", "s"));
                graph.floats("w", new float[7840], 784, 10);
                graph.node("MatMul", "e1", List.of("r", "w"));
            }
            case "if" -> {
                OnnxGraph branch = new OnnxGraph("b", List.of(), List.of(), List.of(), List.of());
                graph.constant(new OnnxTensor("c", ElementType.BOOL, new long[0], new byte[] {1}));
                graph.node(
                        "If",
                        "e1",
                        List.of("c"),
                        Attribute.of("then_branch", branch),
                        Attribute.of("else_branch", branch));
            }
            case "order" -> {
                graph.node("Flatten", "e1", List.of("r"));
                graph.node("Relu", "r", List.of("x"));
            }
            case "loop" -> graph.node("Loop", "e1", List.of("x"));
            case "domain" -> graph.nodes("Own", "", List.of("x"), List.of("e1"));
            case "random" -> graph.node("RandomNormalLike", "e1", List.of("x"));
            case "inputs" -> {
                head(graph, "x", "e1", 1);
                inputs.add(new OnnxValue("y", ElementType.FLOAT, List.of("N")));
            }
            case "type" -> {
                head(graph, "x", "e1", 1);
                inputs.set(0, input(ElementType.INT64, List.of("N", "1", "28", "28")));
            }
            case "constant" -> {
                graph.floats("w", new float[10], 1, 10);
                graph.node("Identity", "e1", List.of("w"));
            }
            case "classes" -> {
                graph.node("Flatten", "e1", List.of("x"));
                head(graph, "x", "e2", 1);
                outputs.add(OnnxValue.untold("e2"));
            }
            default -> throw new IllegalArgumentException(which);
        }
        OnnxGraph built = graph.build("bad", inputs, outputs);
        if (which.equals("domain")) {
            OnnxNode node = new OnnxNode("Own", "com.example", "n", List.of("x"), List.of("e1"), List.of());
            built = new OnnxGraph("bad", List.of(node), List.of(), inputs, outputs);
        }
        return new OnnxModel(8, 17, "test", "", built, Map.of()).toBytes();
    }

    private static OnnxValue input(ElementType type, List<String> dims) {
        return new OnnxValue("x", type, dims);
    }

    private static byte[] model(long opset, GraphBuilder graph, List<String> dims) {
        List<String> named =
                dims.stream().map(dim -> dim.equals("?") ? "N" : dim).toList();
        OnnxGraph built = graph.build("bad", List.of(input(ElementType.FLOAT, named)), List.of(OnnxValue.untold("e1")));
        return new OnnxModel(8, opset, "test", "", built, Map.of()).toBytes();
    }

    /** data_location = EXTERNAL in the weights: field 14 (tag 0x70) behind the name. */
    private static byte[] external() {
        byte[] whole = model(17, tail("x", 1), List.of("?", "1", "28", "28"));
        // The weights' elements: field 9 of 31,360 bytes; an unknown field of the same length stands in for the mark.
        for (int i = 0; i < whole.length - 3; i++) {
            // dims 784 (08 90 06): becomes the mark and a dimension of one byte is left out.
            if (whole[i] == 0x08 && whole[i + 1] == (byte) 0x90 && whole[i + 2] == 0x06) {
                whole[i] = 0x70;
                whole[i + 1] = (byte) 0x81;
                whole[i + 2] = 0x00;
                return whole;
            }
        }
        throw new IllegalStateException("no weights");
    }
}

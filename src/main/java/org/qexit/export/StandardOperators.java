package org.qexit.export;

import java.util.List;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.GraphBuilder;

/**
 * Operators whose form depends on the version of the standard set, from 9 on.
 *
 * @param opset version of the standard operators
 * @param irVersion of the file format
 */
record StandardOperators(long opset, long irVersion) {
    private static final long COMPARISONS_WITH_EQUALITY = 12;
    private static final long AXES_AS_INPUT = 13;

    /** a ≤ b, of numbers that are not NaN. */
    String lessOrEqual(GraphBuilder graph, String name, String a, String b) {
        return compare(graph, "LessOrEqual", "Greater", name, List.of(a, b));
    }

    /** a ≥ b, of numbers that are not NaN. */
    String greaterOrEqual(GraphBuilder graph, String name, String a, String b) {
        return compare(graph, "GreaterOrEqual", "Less", name, List.of(a, b));
    }

    private String compare(GraphBuilder graph, String operator, String opposite, String name, List<String> inputs) {
        if (opset >= COMPARISONS_WITH_EQUALITY) {
            return graph.node(operator, name, inputs);
        }
        return graph.node("Not", name, List.of(graph.node(opposite, name + ".not", inputs)));
    }

    /** A second axis of size one. */
    String column(GraphBuilder graph, String walk, String value) {
        if (opset >= AXES_AS_INPUT) {
            String axis = graph.longs(walk + ".axis", 1);
            return graph.node("Unsqueeze", walk + ".column", List.of(value, axis));
        }
        return graph.node("Unsqueeze", walk + ".column", List.of(value), Attribute.of("axes", new long[] {1}));
    }

    /** Sums of rows, {@code [N, K]} to {@code [N]}. */
    String rowSums(GraphBuilder graph, String name, String value) {
        Attribute drop = Attribute.of("keepdims", 0);
        if (opset >= AXES_AS_INPUT) {
            String axis = graph.longs(name + ".axis", 1);
            return graph.node("ReduceSum", name, List.of(value, axis), drop);
        }
        return graph.node("ReduceSum", name, List.of(value), Attribute.of("axes", new long[] {1}), drop);
    }
}

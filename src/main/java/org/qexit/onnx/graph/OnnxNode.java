package org.qexit.onnx.graph;

import java.util.List;

/**
 * One operator at work.
 *
 * @param operator its name in its domain
 * @param domain empty for the standard operators
 * @param name unique in the model
 * @param inputs names of values, in the operator's order; empty where an optional one is left out
 * @param outputs names of values that it defines
 * @param attributes the rest
 */
public record OnnxNode(
        String operator,
        String domain,
        String name,
        List<String> inputs,
        List<String> outputs,
        List<Attribute> attributes) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }
}

package org.qexit.onnx.graph;

import java.util.List;

/**
 * A graph: nodes in an order in which they can run.
 *
 * @param name its name
 * @param nodes every input of a node is defined before it
 * @param initialisers constants
 * @param inputs what the caller gives; none in a branch of {@code If}
 * @param outputs what the caller gets
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxTensor> initialisers,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs) {
    public OnnxGraph {
        nodes = List.copyOf(nodes);
        initialisers = List.copyOf(initialisers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}

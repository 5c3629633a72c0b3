package org.qexit.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxValue;

/**
 * A graph whose outputs bear their names where they are made, instead of behind an {@code Identity}: a runtime may run such a node, and copy,
 * for every event. One stays where an output is an input of the graph, another output too, or seen by a graph within the graph.
 */
final class WithoutCopies {
    private WithoutCopies() {}

    static OnnxGraph of(OnnxGraph graph) {
        Set<String> outputs = new HashSet<>();
        graph.outputs().forEach(output -> outputs.add(output.name()));
        Set<String> made = new HashSet<>();
        Set<String> within = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            made.addAll(node.outputs());
            node.attributes().forEach(attribute -> collect(attribute, within));
        }
        Map<String, String> names = new HashMap<>();
        Set<OnnxNode> gone = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            if (node.operator().equals("Identity")
                    && outputs.contains(node.outputs().get(0))) {
                String value = node.inputs().get(0);
                if (made.contains(value)
                        && !outputs.contains(value)
                        && !within.contains(value)
                        && !names.containsKey(value)) {
                    names.put(value, node.outputs().get(0));
                    gone.add(node);
                }
            }
        }
        List<OnnxNode> nodes = new ArrayList<>();
        for (OnnxNode node : graph.nodes()) {
            if (!gone.contains(node)) {
                nodes.add(new OnnxNode(
                        node.operator(),
                        node.domain(),
                        node.name(),
                        renamed(node.inputs(), names),
                        renamed(node.outputs(), names),
                        node.attributes()));
            }
        }
        return new OnnxGraph(graph.name(), nodes, graph.initialisers(), graph.inputs(), graph.outputs());
    }

    private static List<String> renamed(List<String> values, Map<String, String> names) {
        return values.stream().map(value -> names.getOrDefault(value, value)).toList();
    }

    /** All names in graphs within the graph. */
    private static void collect(Attribute attribute, Set<String> names) {
        if (attribute instanceof Attribute.Subgraph within) {
            for (OnnxNode node : within.graph().nodes()) {
                names.addAll(node.inputs());
                node.attributes().forEach(inner -> collect(inner, names));
            }
            within.graph().outputs().stream().map(OnnxValue::name).forEach(names::add);
        }
    }
}

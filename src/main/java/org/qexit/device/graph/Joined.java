package org.qexit.device.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;

/**
 * The graphs of all stages as one: what a stage hands on is what the next takes, {@code Identity} is gone, and names of different stages
 * differ. A name here has one number, whatever names the files have for it.
 */
final class Joined {
    /**
     * A node.
     *
     * @param stage from 0
     * @param inputs canonical names, or empty
     * @param outputs canonical names, or empty
     */
    record Node(int stage, OnnxNode node, List<String> inputs, List<String> outputs) {
        String operator() {
            return node.operator();
        }
    }

    final List<Node> nodes = new ArrayList<>();
    final Map<String, OnnxTensor> constants = new HashMap<>();
    /** The answer of each stage, then what it hands on. */
    final List<List<String>> outputs = new ArrayList<>();
    /** Who reads a value. */
    final Map<String, List<Node>> readers = new HashMap<>();
    /** What is asked for from outside. */
    final Set<String> exported = new HashSet<>();

    final String event = "0:event";

    private final Map<String, String> canonical = new HashMap<>();

    /**
     * @param inputs names of what each stage takes
     * @param outputsOf names of what each stage gives, its answer first
     */
    Joined(List<OnnxModel> stages, List<List<String>> inputs, List<List<String>> outputsOf) throws UnsupportedGraph {
        for (int q = 0; q < stages.size(); q++) {
            OnnxGraph graph = stages.get(q).graph();
            List<String> taken = inputs.get(q);
            List<String> given = q == 0
                    ? List.of(event)
                    : outputs.get(q - 1).subList(1, outputs.get(q - 1).size());
            if (taken.size() != given.size()) {
                throw new UnsupportedGraph("a stage takes " + taken.size() + " tensors; expected " + given.size());
            }
            for (int i = 0; i < taken.size(); i++) {
                define(q, taken.get(i), given.get(i));
            }
            for (OnnxTensor tensor : graph.initialisers()) {
                // A file may list a constant among its inputs, too.
                define(q, tensor.name(), q + ":" + tensor.name());
                constants.put(q + ":" + tensor.name(), tensor);
            }
            for (OnnxNode node : graph.nodes()) {
                add(q, node);
            }
            List<String> own = new ArrayList<>();
            for (String name : outputsOf.get(q)) {
                own.add(use(q, name));
            }
            outputs.add(own);
            exported.add(own.get(0));
            if (q == 0) {
                exported.addAll(own);
            }
        }
    }

    private void add(int stage, OnnxNode node) throws UnsupportedGraph {
        if (!node.domain().isEmpty()) {
            throw new UnsupportedGraph("operator " + node.domain() + "." + node.operator());
        }
        List<String> from = new ArrayList<>();
        for (String name : node.inputs()) {
            from.add(name.isEmpty() ? "" : use(stage, name));
        }
        if (node.operator().equals("Identity")
                && from.size() == 1
                && node.outputs().size() == 1) {
            define(stage, node.outputs().get(0), from.get(0));
            return;
        }
        List<String> to = new ArrayList<>();
        for (String name : node.outputs()) {
            if (!name.isEmpty()) {
                define(stage, name, stage + ":" + name);
            }
            to.add(name.isEmpty() ? "" : stage + ":" + name);
        }
        if (node.operator().equals("Constant")) {
            OnnxTensor value = new Attributes(node).tensor("value");
            if (value == null || to.size() != 1) {
                throw new UnsupportedGraph("a Constant without a tensor");
            }
            constants.put(to.get(0), value);
            return;
        }
        Node joined = new Node(stage, node, List.copyOf(from), List.copyOf(to));
        nodes.add(joined);
        from.forEach(
                name -> readers.computeIfAbsent(name, key -> new ArrayList<>()).add(joined));
    }

    private void define(int stage, String name, String as) throws UnsupportedGraph {
        if (canonical.put(stage + ":" + name, as) != null) {
            throw new UnsupportedGraph("the name '" + name + "' stands twice");
        }
    }

    private String use(int stage, String name) throws UnsupportedGraph {
        String found = canonical.get(stage + ":" + name);
        if (found == null) {
            throw new UnsupportedGraph("'" + name + "' is nobody's output");
        }
        return found;
    }

    /** The one node that reads a value, if it is in the same stage and nobody else asks for the value; else null. */
    Node onlyReader(String name, int stage) {
        List<Node> all = readers.getOrDefault(name, List.of());
        return all.size() == 1 && all.get(0).stage() == stage && !exported.contains(name) ? all.get(0) : null;
    }
}

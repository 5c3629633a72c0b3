package org.qexit.onnx.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What ONNX's own checker demands of a graph's structure, written anew from the specification (IR.md): every name defined before it is
 * used, once, and not hiding one of the graph around it; every output defined; nodes with operators of the standard domain; branches
 * without inputs.
 */
public final class OnnxCheck {
    private final List<String> problems = new ArrayList<>();
    private final Set<String> nodeNames = new HashSet<>();

    private OnnxCheck() {}

    /** Everything that is wrong with a file; empty for a clean one. */
    public static List<String> problems(byte[] file) {
        OnnxModel model = OnnxReader.read(file);
        OnnxCheck check = new OnnxCheck();
        check.check(model.irVersion() == 8, "IR version " + model.irVersion());
        check.check(model.opset() == 17, "operator set " + model.opset());
        check.check(!model.graph().inputs().isEmpty(), "no inputs");
        check.graph(model.graph(), Set.of(), true);
        return check.problems;
    }

    private void graph(OnnxGraph graph, Set<String> around, boolean top) {
        check(!graph.name().isEmpty(), "a graph has no name");
        Set<String> own = new HashSet<>();
        check(top || graph.inputs().isEmpty(), graph.name() + " is a branch and has inputs");
        graph.inputs().forEach(input -> define(input.name(), own, around));
        graph.initialisers().forEach(tensor -> define(tensor.name(), own, around));
        for (OnnxNode node : graph.nodes()) {
            check(nodeNames.add(node.name()), "two nodes named " + node.name());
            check(node.domain().isEmpty() && !node.operator().isEmpty(), node.name() + " is not a standard operator");
            for (String input : node.inputs()) {
                check(
                        input.isEmpty() || own.contains(input) || around.contains(input),
                        node.name() + " uses " + input + " before it is defined");
            }
            Set<String> seen = new HashSet<>(around);
            seen.addAll(own);
            for (Attribute attribute : node.attributes()) {
                if (attribute instanceof Attribute.Subgraph branch) {
                    graph(branch.graph(), seen, false);
                }
            }
            node.outputs().forEach(output -> define(output, own, around));
        }
        check(!graph.outputs().isEmpty(), graph.name() + " has no outputs");
        for (OnnxValue output : graph.outputs()) {
            check(own.contains(output.name()), graph.name() + " does not define its output " + output.name());
        }
    }

    private void define(String name, Set<String> own, Set<String> around) {
        check(!name.isEmpty(), "a value has no name");
        check(!around.contains(name), name + " hides a name of the graph around it");
        check(own.add(name), name + " is defined twice");
    }

    private void check(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}

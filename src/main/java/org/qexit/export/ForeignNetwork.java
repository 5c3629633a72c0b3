package org.qexit.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.StageCut;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;

/** A foreign model's own nodes, cut into stages, with what makes its numbers confidences behind them. */
final class ForeignNetwork implements StagedNetwork {
    private final StageCut cut;
    private final EventInput input;
    private final ExitScores scores;

    ForeignNetwork(StageCut cut, EventInput input, ExitScores scores) {
        this.cut = cut;
        this.input = input;
        this.scores = scores;
    }

    @Override
    public int exits() {
        return cut.stages();
    }

    @Override
    public long[] eventShape() {
        return input.event().clone();
    }

    @Override
    public List<long[]> given(int exit) {
        return cut.carried(exit).stream().map(name -> cut.value(name).shape()).toList();
    }

    @Override
    public StandardOperators operators() {
        OnnxModel model = cut.graph().model().model();
        return new StandardOperators(model.opset(), Math.max(OnnxModel.IR_VERSION, model.irVersion()));
    }

    @Override
    public boolean oneByOne() {
        return cut.graph().oneByOne();
    }

    @Override
    public Stage write(GraphBuilder graph, int exit, List<String> taken) {
        String prefix = "s" + (exit + 1) + ".";
        List<String> before = exit == 0 ? List.of() : cut.carried(exit - 1);
        Map<String, String> names = new HashMap<>();
        names.put("", "");
        if (exit == 0) {
            names.put(cut.graph().model().input().name(), input.write(graph, taken.get(0)));
        }
        for (int i = 0; i < before.size(); i++) {
            if (cut.takes(exit, before.get(i))) {
                names.put(before.get(i), cut.value(before.get(i)).unpack(graph, taken.get(i), prefix + before.get(i)));
            }
        }
        for (OnnxNode node : cut.nodes(exit)) {
            copy(graph, node, names, prefix);
        }
        String confidence =
                confidence(graph, exit, named(graph, cut.graph().model().exits().get(exit), names, prefix));
        List<String> given = new ArrayList<>();
        for (String value : cut.carried(exit)) {
            int passed = before.indexOf(value);
            given.add(
                    passed >= 0
                            ? taken.get(passed)
                            : cut.value(value).pack(graph, named(graph, value, names, prefix), prefix + value));
        }
        return new Stage(given, confidence);
    }

    private void copy(GraphBuilder graph, OnnxNode node, Map<String, String> names, String prefix) {
        List<String> inputs = new ArrayList<>();
        for (String value : node.inputs()) {
            inputs.add(named(graph, value, names, prefix));
        }
        List<String> outputs = new ArrayList<>();
        for (String value : node.outputs()) {
            outputs.add(value.isEmpty() ? "" : prefix + value);
            names.put(value, value.isEmpty() ? "" : prefix + value);
        }
        graph.nodes(
                node.operator(),
                outputs.get(0),
                inputs,
                outputs,
                node.attributes().toArray(Attribute[]::new));
    }

    /** The name of a value in this graph; constants come into it when they are first asked for. */
    private String named(GraphBuilder graph, String value, Map<String, String> names, String prefix) {
        return names.computeIfAbsent(value, own -> {
            OnnxTensor constant = cut.graph().constant(own);
            if (constant == null) {
                throw new IllegalStateException("stage " + prefix + " lacks the value '" + own + "'");
            }
            return graph.constant(new OnnxTensor(prefix + own, constant.type(), constant.dims(), constant.raw()));
        });
    }

    private String confidence(GraphBuilder graph, int exit, String said) {
        String name = "exit" + (exit + 1);
        String value = said;
        if (cut.type(cut.graph().model().exits().get(exit)) != ElementType.FLOAT) {
            value = graph.node("Cast", name + ".float", List.of(value), Attribute.of("to", ElementType.FLOAT.number()));
        }
        boolean probabilities = scores.probabilities().get(exit);
        String sum;
        if (scores.classes() == 1) {
            value = graph.node("Reshape", name + ".row", List.of(value, graph.longs(name + ".shape", -1)));
            sum = probabilities ? value : graph.node("Sigmoid", name + ".probability", List.of(value));
            if (scores.critical().get(0) == 0) {
                sum = graph.node("Sub", name + ".complement", List.of(graph.scalar(name + ".unity", 1f), sum));
            }
        } else {
            value = graph.node(
                    "Reshape", name + ".rows", List.of(value, graph.longs(name + ".shape", -1, scores.classes())));
            String all = probabilities
                    ? value
                    : graph.node("Softmax", name + ".probabilities", List.of(value), Attribute.of("axis", 1));
            String ids = graph.longs(
                    name + ".ids",
                    scores.critical().stream().mapToLong(Integer::longValue).toArray());
            String critical = graph.node("Gather", name + ".critical", List.of(all, ids), Attribute.of("axis", 1));
            sum = operators().rowSums(graph, name + ".sum", critical);
        }
        String atLeast = graph.node("Max", name + ".at_least", List.of(sum, graph.scalar(name + ".least", 0f)));
        return graph.node("Min", name + ".confidence", List.of(atLeast, graph.scalar(name + ".most", 1f)));
    }
}

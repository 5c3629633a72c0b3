package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import org.qexit.bundle.GraphNames;
import org.qexit.bundle.NodeSettings;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.trace.ClassThresholds;

/** The ONNX graphs of an edge node's bundle: one per stage, and one of all with the early exit inside. */
final class NodeGraphs {
    private final NetworkLowering network;
    private final int exits;
    private final int classes;
    private final NodeSettings node;

    NodeGraphs(NetworkLowering network, NodeSettings node) {
        this.network = network;
        this.exits = network.config().exits();
        this.classes = node.classes().size();
        this.node = node;
    }

    /**
     * Stage q: {@code input} (stage 1) or {@code features} in; {@code next_features} (not the last stage) and {@code probabilities} out.
     *
     * @param exit q, from 0
     */
    OnnxModel stage(int exit) {
        GraphBuilder graph = GraphBuilder.create();
        String input = graph.input(exit == 0 ? GraphNames.INPUT : GraphNames.FEATURES);
        String features = network.block(graph, exit, input);
        String probabilities = network.head(graph, exit, features);
        List<OnnxValue> outputs = new ArrayList<>();
        if (exit < exits - 1) {
            graph.node("Identity", GraphNames.NEXT_FEATURES, List.of(features));
            outputs.add(OnnxValue.batch(GraphNames.NEXT_FEATURES, network.inputShape(exit + 1)));
        }
        graph.node("Identity", GraphNames.PROBABILITIES, List.of(probabilities));
        outputs.add(OnnxValue.batch(GraphNames.PROBABILITIES, classes));
        return ModelGraphs.model(
                graph.build("stage-" + (exit + 1), List.of(OnnxValue.batch(input, network.inputShape(exit))), outputs));
    }

    /** An exit's names: what it says, whether it decides, and what. */
    private record Exit(String probabilities, String decided, String verdict) {}

    /**
     * The whole walk, docs/edge-node.md: {@code input} in; {@code class} (-1 = false alarm), {@code exit} (from 1) and
     * {@code confidences} {@code [N, L, K]} out, where an exit that an event did not reach has {@value GraphNames#NOT_REACHED}.
     */
    OnnxModel whole() {
        GraphBuilder graph = GraphBuilder.create();
        String features = graph.input(GraphNames.INPUT);
        ClassThresholds thresholds = node.thresholds();
        graph.scalar(GraphNames.LOWER, thresholds.lower());
        graph.scalar(GraphNames.UPPER, thresholds.upper());
        graph.scalar("even", ClassThresholds.EVEN);
        graph.longs(
                "critical",
                node.critical().stream().mapToLong(Integer::longValue).toArray());
        graph.scalar("false_alarm", (long) ClassThresholds.FALSE_ALARM);
        if (exits > 1) {
            graph.scalar("zero", 0L);
            graph.scalar("not_reached", GraphNames.NOT_REACHED);
        }
        String block = network.block(graph, 0, features);
        String raw = network.head(graph, 0, block);
        String decision = null;
        String exit = null;
        String alive = null;
        List<String> columns = new ArrayList<>();
        for (int q = 0; q < exits; q++) {
            String walk = "walk" + (q + 1);
            if (q > 0) {
                String[] next = gate(graph, q, network.captured(graph, block), raw, alive);
                block = next[0];
                raw = next[1];
            }
            String axis = graph.longs(walk + ".axis", 1);
            String seen = raw;
            if (alive != null) {
                String rows = graph.node("Unsqueeze", walk + ".rows", List.of(alive, axis));
                seen = graph.node("Where", walk + ".seen", List.of(rows, raw, "not_reached"));
            }
            columns.add(graph.node("Unsqueeze", walk + ".column", List.of(seen, axis)));
            Exit rule = rule(graph, walk, raw, q == exits - 1);
            String shape = graph.node("Shape", walk + ".shape", List.of(rule.verdict()));
            String here = ModelGraphs.fill(graph, walk + ".number", shape, q + 1);
            decision = alive == null
                    ? rule.verdict()
                    : graph.node("Where", walk + ".decision", List.of(alive, rule.verdict(), decision));
            exit = alive == null ? here : graph.node("Where", walk + ".exit", List.of(alive, here, exit));
            if (q < exits - 1) {
                String open = graph.node("Not", walk + ".open", List.of(rule.decided()));
                alive = alive == null ? open : graph.node("And", walk + ".alive", List.of(alive, open));
            }
        }
        graph.node("Identity", GraphNames.CLASS, List.of(decision));
        graph.node("Identity", GraphNames.EXIT, List.of(exit));
        graph.node("Concat", GraphNames.CONFIDENCES, columns, Attribute.of("axis", 1));
        return ModelGraphs.model(graph.build(
                "model",
                List.of(OnnxValue.batch(GraphNames.INPUT, network.inputShape(0))),
                List.of(
                        OnnxValue.batch(GraphNames.CLASS, ElementType.INT64),
                        OnnxValue.batch(GraphNames.EXIT, ElementType.INT64),
                        OnnxValue.batch(GraphNames.CONFIDENCES, exits, classes))));
    }

    /** The rule of {@link ClassThresholds} at one exit. s is added up class by class, as there: floats sum otherwise in another order. */
    private Exit rule(GraphBuilder graph, String walk, String raw, boolean last) {
        String sum = null;
        for (int id : node.critical()) {
            String column = graph.node(
                    "Gather",
                    walk + ".p" + id,
                    List.of(raw, graph.scalar(walk + ".id" + id, (long) id)),
                    Attribute.of("axis", 1));
            sum = sum == null ? column : graph.node("Add", walk + ".s" + id, List.of(sum, column));
        }
        String critical = graph.node("Gather", walk + ".critical", List.of(raw, "critical"), Attribute.of("axis", 1));
        String most = graph.node(
                "ReduceMax",
                walk + ".most",
                List.of(critical),
                Attribute.of("axes", new long[] {1}),
                Attribute.of("keepdims", 0));
        String first = graph.node(
                "ArgMax", walk + ".first", List.of(critical), Attribute.of("axis", 1), Attribute.of("keepdims", 0));
        String best = graph.node("Gather", walk + ".best", List.of("critical", first), Attribute.of("axis", 0));
        String low = graph.node("LessOrEqual", walk + ".low", List.of(sum, GraphNames.LOWER));
        String high = graph.node("GreaterOrEqual", walk + ".high", List.of(most, GraphNames.UPPER));
        String alarm = low;
        if (last) {
            String notHigh = graph.node("Not", walk + ".not_high", List.of(high));
            String unlikely = graph.node("LessOrEqual", walk + ".unlikely", List.of(sum, "even"));
            String weak = graph.node("And", walk + ".weak", List.of(notHigh, unlikely));
            alarm = graph.node("Or", walk + ".alarm", List.of(low, weak));
        }
        String verdict = graph.node("Where", walk + ".verdict", List.of(alarm, "false_alarm", best));
        String decided = last ? null : graph.node("Or", walk + ".decided", List.of(low, high));
        return new Exit(raw, decided, verdict);
    }

    /** Stage q behind an {@code If}: runs where any event is alive. Returns the names of its feature maps and probabilities. */
    private String[] gate(GraphBuilder graph, int exit, String features, String probabilities, String alive) {
        String gate = "gate" + (exit + 1);
        String any = ModelGraphs.any(graph, gate, alive);
        GraphBuilder run = graph.branch();
        String block = network.block(run, exit, features);
        String head = network.head(run, exit, block);
        GraphBuilder skip = graph.branch();
        String skipped = skip.node("Mul", gate + ".skipped", List.of(probabilities, "not_reached"));
        List<OnnxValue> ran = new ArrayList<>();
        List<OnnxValue> passed = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        if (exit < exits - 1) {
            ModelGraphs.features(network.inputShape(exit + 1), skip, gate, block, ran, passed);
            outputs.add(gate + ".features");
        }
        ran.add(OnnxValue.batch(head, classes));
        passed.add(OnnxValue.batch(skipped, classes));
        outputs.add(gate + ".probabilities");
        graph.nodes(
                "If",
                gate,
                List.of(any),
                outputs,
                Attribute.of("then_branch", run.build(gate + ".run", List.of(), ran)),
                Attribute.of("else_branch", skip.build(gate + ".skip", List.of(), passed)));
        return new String[] {outputs.get(0), outputs.get(outputs.size() - 1)};
    }
}

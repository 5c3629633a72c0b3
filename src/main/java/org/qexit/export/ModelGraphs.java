package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.common.Version;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/**
 * The ONNX graphs of a bundle: one per stage, and one of all with the early exit inside. Names of inputs and outputs are part of the
 * bundle's format.
 */
final class ModelGraphs {
    private final StagedNetwork network;
    private final int exits;

    ModelGraphs(StagedNetwork network) {
        this.network = network;
        this.exits = network.exits();
    }

    /**
     * Stage q: {@code input} (stage 1) or {@code features} in; {@code next_features} (not the last stage) and {@code confidence} out.
     *
     * @param exit q, from 0
     */
    OnnxModel stage(int exit) {
        GraphBuilder graph = GraphBuilder.create();
        List<long[]> shapes = exit == 0 ? List.of(network.eventShape()) : network.given(exit - 1);
        List<String> taken = GraphNames.inputs(exit, shapes.size());
        List<OnnxValue> inputs = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            inputs.add(batch(graph.input(taken.get(i)), shapes.get(i)));
        }
        StagedNetwork.Stage stage = network.write(graph, exit, taken);
        List<OnnxValue> outputs = new ArrayList<>();
        List<long[]> given = network.given(exit);
        List<String> names = GraphNames.handedOn(given.size());
        for (int i = 0; i < given.size(); i++) {
            graph.node("Identity", names.get(i), List.of(stage.given().get(i)));
            outputs.add(batch(names.get(i), given.get(i)));
        }
        graph.node("Identity", GraphNames.CONFIDENCE, List.of(stage.confidence()));
        outputs.add(batch(GraphNames.CONFIDENCE));
        return model(graph.build("stage-" + (exit + 1), inputs, outputs), network.operators());
    }

    /** Of events along the first axis: as many as there are, or one. */
    private OnnxValue batch(String name, long... shape) {
        OnnxValue free = OnnxValue.batch(name, shape);
        List<String> dims = new ArrayList<>(free.dims());
        if (network.oneByOne()) {
            dims.set(0, "1");
        }
        return new OnnxValue(name, ElementType.FLOAT, dims);
    }

    /** The whole walk with constants as its rule has them. */
    OnnxModel whole(Rule thresholds) {
        return whole(thresholds, thresholds.kind() == RuleKind.PER_EXIT);
    }

    /**
     * The whole walk, docs/maths.md §1: {@code input} in; {@code decision} (1 = critical), {@code exit} (from 1) and {@code confidences}
     * out, where an exit that an event did not reach has {@value GraphNames#NOT_REACHED}. A stage runs only if some event of the batch is
     * undecided before it, and what comes out for an event does not depend on the others.
     *
     * @param perExit whether it has thresholds for each exit, as {@link BundleManifest#PER_EXIT_FORMAT} has
     */
    OnnxModel whole(Rule thresholds, boolean perExit) {
        GraphBuilder graph = GraphBuilder.create();
        String features = graph.input(GraphNames.INPUT);
        (perExit
                        ? GraphNames.constants(thresholds.perExit(exits))
                        : new TreeMap<>(GraphNames.constants((Thresholds) thresholds)))
                .forEach(graph::scalar);
        if (exits > 1) {
            graph.scalar("zero", 0L);
            graph.scalar("not_reached", GraphNames.NOT_REACHED);
        }
        StagedNetwork.Stage stage = network.write(graph, 0, List.of(features));
        String raw = stage.confidence();
        String count = graph.node("Shape", "walk.count", List.of(raw));
        String decision = null;
        String exit = null;
        String alive = null;
        List<String> columns = new ArrayList<>();
        for (int q = 0; q < exits; q++) {
            String walk = "walk" + (q + 1);
            if (q > 0) {
                stage = gate(graph, q, network.captured(graph, stage.given()), raw, alive);
                raw = stage.confidence();
            }
            String seen = alive == null ? raw : graph.node("Where", walk + ".seen", List.of(alive, raw, "not_reached"));
            columns.add(network.operators().column(graph, walk, seen));
            String lower = perExit ? GraphNames.lower(q) : GraphNames.LOWER;
            String upper = perExit ? GraphNames.upper(q) : GraphNames.UPPER;
            String low = network.operators().lessOrEqual(graph, walk + ".low", raw, lower);
            String high = network.operators().greaterOrEqual(graph, walk + ".high", raw, upper);
            String notLow = graph.node("Not", walk + ".not_low", List.of(low));
            String critical = graph.node("And", walk + ".critical", List.of(notLow, high));
            String verdict = graph.node("Cast", walk + ".verdict", List.of(critical), to(ElementType.INT64));
            String here = fill(graph, walk + ".number", count, q + 1);
            if (alive == null) {
                decision = verdict;
                exit = here;
            } else {
                decision = graph.node("Where", walk + ".decision", List.of(alive, verdict, decision));
                exit = graph.node("Where", walk + ".exit", List.of(alive, here, exit));
            }
            if (q < exits - 1) {
                String decided = graph.node("Or", walk + ".decided", List.of(low, high));
                String open = graph.node("Not", walk + ".open", List.of(decided));
                alive = alive == null ? open : graph.node("And", walk + ".alive", List.of(alive, open));
            }
        }
        graph.node("Identity", GraphNames.DECISION, List.of(decision));
        graph.node("Identity", GraphNames.EXIT, List.of(exit));
        graph.node("Concat", GraphNames.CONFIDENCES, columns, Attribute.of("axis", 1));
        return model(
                graph.build(
                        "model",
                        List.of(batch(GraphNames.INPUT, network.eventShape())),
                        List.of(
                                OnnxValue.batch(GraphNames.DECISION, ElementType.INT64),
                                OnnxValue.batch(GraphNames.EXIT, ElementType.INT64),
                                OnnxValue.batch(GraphNames.CONFIDENCES, exits))),
                network.operators());
    }

    /** Stage q behind an {@code If}: runs where any event is alive. Returns the names of what it hands on and of its confidences. */
    private StagedNetwork.Stage gate(
            GraphBuilder graph, int exit, List<String> taken, String confidence, String alive) {
        String gate = "gate" + (exit + 1);
        String any = any(graph, gate, alive);

        GraphBuilder run = graph.branch();
        StagedNetwork.Stage written = network.write(run, exit, taken);
        GraphBuilder skip = graph.branch();
        String skipped = skip.node("Mul", gate + ".skipped", List.of(confidence, "not_reached"));

        List<OnnxValue> ran = new ArrayList<>();
        List<OnnxValue> passed = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<String> given = new ArrayList<>();
        for (int i = 0; i < network.given(exit).size(); i++) {
            String value = written.given().get(i);
            if (taken.contains(value)) {
                given.add(value);
            } else {
                String place = i == 0 ? gate : gate + "_" + (i + 1);
                features(network.given(exit).get(i), skip, place, value, ran, passed);
                outputs.add(place + ".features");
                given.add(place + ".features");
            }
        }
        ran.add(OnnxValue.batch(written.confidence()));
        passed.add(OnnxValue.batch(skipped));
        outputs.add(gate + ".confidence");
        graph.nodes(
                "If",
                gate,
                List.of(any),
                outputs,
                Attribute.of("then_branch", run.build(gate + ".run", List.of(), ran)),
                Attribute.of("else_branch", skip.build(gate + ".skip", List.of(), passed)));
        return new StagedNetwork.Stage(given, gate + ".confidence");
    }

    /** Whether any event is alive; "zero" is a constant of the graph. */
    static String any(GraphBuilder graph, String gate, String alive) {
        String ones = graph.node("Cast", gate + ".alive", List.of(alive), to(ElementType.INT64));
        String sum = graph.node("ReduceSum", gate + ".count", List.of(ones), Attribute.of("keepdims", 0));
        return graph.node("Greater", gate + ".any", List.of(sum, "zero"));
    }

    /** The feature maps as an output of both branches: of the one that skips, what nobody will look at, no values of the right rank. */
    static void features(
            long[] shape, GraphBuilder skip, String gate, String block, List<OnnxValue> ran, List<OnnxValue> passed) {
        long[] empty = new long[shape.length + 1];
        System.arraycopy(shape, 0, empty, 1, shape.length);
        String none = skip.longs(gate + ".none.shape", empty);
        String nothing = skip.node("ConstantOfShape", gate + ".none", List.of(none));
        List<String> dims = new ArrayList<>(List.of("M" + gate.substring("gate".length())));
        for (long size : shape) {
            dims.add(Long.toString(size));
        }
        ran.add(new OnnxValue(block, ElementType.FLOAT, dims));
        passed.add(new OnnxValue(nothing, ElementType.FLOAT, dims));
    }

    /** An int64 vector, {@code [N]}, of one value. */
    static String fill(GraphBuilder graph, String name, String count, long value) {
        return graph.node(
                "ConstantOfShape",
                name,
                List.of(count),
                Attribute.of("value", OnnxTensor.ofLongs("", new long[] {value}, 1)));
    }

    private static Attribute to(ElementType type) {
        return Attribute.of("to", type.number());
    }

    static OnnxModel model(OnnxGraph graph) {
        return model(graph, new StandardOperators(OnnxModel.OPSET, OnnxModel.IR_VERSION));
    }

    private static OnnxModel model(OnnxGraph graph, StandardOperators operators) {
        return new OnnxModel(
                operators.irVersion(),
                operators.opset(),
                "qexit",
                Version.current(),
                WithoutCopies.of(graph),
                Map.of("format", BundleManifest.FORMAT));
    }
}

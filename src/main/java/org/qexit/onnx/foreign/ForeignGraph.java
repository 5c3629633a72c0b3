package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;

/** Who makes which value of a foreign model, of what, and what the values are. */
public final class ForeignGraph {
    private final ForeignModel model;
    private final List<OnnxNode> nodes;
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, OnnxTensor> constants = new HashMap<>();
    private final BitSet ofInput = new BitSet();
    private final Map<String, ValueKind> kinds = new HashMap<>();
    private final boolean oneByOne;
    private final String warning;

    private ForeignGraph(ForeignModel model, float[] events, EventInput input) {
        this.model = model;
        this.nodes = model.model().graph().nodes();
        model.model().graph().initialisers().forEach(tensor -> constants.put(tensor.name(), tensor));
        for (int i = 0; i < nodes.size(); i++) {
            for (String value : nodes.get(i).outputs()) {
                if (!value.isEmpty() && producers.put(value, i) != null) {
                    throw new UserError(
                            model.name() + ": two nodes make '" + UserError.shown(value) + "'; expected one");
                }
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (String value : nodes.get(i).inputs()) {
                if (producers.getOrDefault(value, -1) >= i) {
                    throw new UserError(
                            model.name() + ": a node " + nodes.get(i).operator() + " uses '"
                                    + UserError.shown(value)
                                    + "' before it is made; expected nodes in an order in which they can run");
                }
            }
            if (nodes.get(i).inputs().stream().anyMatch(this::dependsOnInput)) {
                ofInput.set(i);
            }
        }
        for (String exit : model.exits()) {
            if (!dependsOnInput(exit)) {
                throw new UserError(model.name() + ": output '" + UserError.shown(exit)
                        + "' does not depend on the event; expected an exit's scores");
            }
        }
        Probe probe = new Probe(events, input);
        this.oneByOne = probe.oneByOne;
        this.warning = probe.warning;
    }

    /**
     * Finds out about a model by running it on an event.
     *
     * @param event one event, as the data have it
     * @throws UserError if it cannot be run
     */
    public static ForeignGraph of(ForeignModel model, float[] event, EventInput input) {
        return new ForeignGraph(model, event, input);
    }

    private boolean dependsOnInput(String value) {
        Integer producer = producers.get(value);
        return producer == null ? value.equals(model.input().name()) : ofInput.get(producer);
    }

    /** Runs the model with all of its values as outputs. */
    private final class Probe {
        private final float[] event;
        private final EventInput input;
        private boolean oneByOne = model.oneByOne();
        private String warning;

        Probe(float[] event, EventInput input) {
            this.event = event;
            this.input = input;
            try (GraphSession session =
                    GraphSession.openQuietly(model.name(), allOutputs().toBytes())) {
                List<Map<String, GraphSession.Kind>> found = new ArrayList<>();
                found.add(run(session, 1));
                try {
                    for (int batch = 2; batch <= 3 && !oneByOne; batch++) {
                        found.add(run(session, batch));
                        checkBatch(found.get(found.size() - 1), batch);
                    }
                } catch (UserError e) {
                    oneByOne = true;
                    warning = model.name() + ": says that its batch size is free, but cannot run several events ("
                            + e.getMessage() + "); taken one at a time";
                }
                checkBatch(found.get(0), 1);
                List<Map<String, GraphSession.Kind>> used = oneByOne ? found.subList(0, 1) : found;
                found.get(0).forEach((value, kind) -> {
                    if (used.stream().allMatch(kinds -> kinds.containsKey(value))) {
                        long[][] shapes = used.stream()
                                .map(kinds -> kinds.get(value).shape())
                                .toArray(long[][]::new);
                        kinds.put(value, ValueKind.of(type(kind.type()), shapes));
                    }
                });
                kinds.put(
                        model.input().name(),
                        new ValueKind(ElementType.FLOAT, input.batch(1), oneByOne ? ValueKind.NONE : 0));
            }
        }

        private Map<String, GraphSession.Kind> run(GraphSession session, int batch) {
            float[] values = new float[batch * event.length];
            for (int k = 0; k < batch; k++) {
                System.arraycopy(event, 0, values, k * event.length, event.length);
            }
            return session.kinds(input.apply(values), input.batch(batch));
        }

        /** @throws UserError unless every exit has so many rows, which may do without the axis where it is one */
        private void checkBatch(Map<String, GraphSession.Kind> found, int batch) {
            for (String exit : model.exits()) {
                long[] shape = found.containsKey(exit) ? found.get(exit).shape() : new long[] {0};
                long rows = shape.length == 0 ? 1 : shape[0];
                if (rows != batch) {
                    throw new UserError(model.name() + ": output '" + UserError.shown(exit) + "' has " + rows
                            + " rows for a batch of " + batch + "; expected one row of scores for each event");
                }
            }
        }
    }

    /** Null for a type that no bundle holds. */
    private static ElementType type(String name) {
        return Arrays.stream(ElementType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private OnnxModel allOutputs() {
        OnnxGraph graph = model.model().graph();
        List<OnnxValue> outputs =
                producers.keySet().stream().sorted().map(OnnxValue::untold).toList();
        OnnxGraph probed = new OnnxGraph("probe", nodes, graph.initialisers(), List.of(freed(model.input())), outputs);
        return written(model.model(), probed);
    }

    /** The input by its first axis alone, so that no claim of the file stands in the way. */
    private static OnnxValue freed(OnnxValue input) {
        if (input.dims() == null) {
            return input;
        }
        List<String> dims = new ArrayList<>();
        for (int i = 0; i < input.dims().size(); i++) {
            String dim = input.dims().get(i);
            dims.add(dim.equals("?") ? "free" + i : dim);
        }
        return new OnnxValue(input.name(), input.type(), dims);
    }

    private static OnnxModel written(OnnxModel like, OnnxGraph graph) {
        long version = Math.max(OnnxModel.IR_VERSION, like.irVersion());
        return new OnnxModel(version, like.opset(), "qexit", "", graph, Map.of());
    }

    public ForeignModel model() {
        return model;
    }

    /** Whether it takes one event at a time only. */
    public boolean oneByOne() {
        return oneByOne;
    }

    /** What the user should know of it, or null. */
    public String warning() {
        return warning;
    }

    List<OnnxNode> nodes() {
        return nodes;
    }

    ValueKind kind(String value) {
        ValueKind kind = kinds.get(value);
        return kind == null ? new ValueKind(null, new long[0], ValueKind.MIXED) : kind;
    }

    /** The node that makes a value, or -1 for the input, constants and values left out. */
    int producer(String value) {
        return producers.getOrDefault(value, -1);
    }

    /** The constant of this name, or null. */
    public OnnxTensor constant(String value) {
        return constants.get(value);
    }

    boolean isInput(String value) {
        return value.equals(model.input().name()) && !producers.containsKey(value);
    }

    /** Whether a node's outputs are the same for all events. */
    boolean isFixed(int node) {
        return !ofInput.get(node);
    }

    /** All nodes that a value needs. */
    BitSet needs(String value) {
        BitSet needed = new BitSet();
        List<String> open = new ArrayList<>(List.of(value));
        while (!open.isEmpty()) {
            int node = producer(open.remove(open.size() - 1));
            if (node >= 0 && !needed.get(node)) {
                needed.set(node);
                open.addAll(nodes.get(node).inputs());
            }
        }
        return needed;
    }

    /** Nodes on the longest way from the input to each exit. */
    int depth(String value) {
        Map<Integer, Integer> depths = new LinkedHashMap<>();
        BitSet needed = needs(value);
        for (int node = needed.nextSetBit(0); node >= 0; node = needed.nextSetBit(node + 1)) {
            int most = 0;
            for (String input : nodes.get(node).inputs()) {
                most = Math.max(most, depths.getOrDefault(producer(input), 0));
            }
            depths.put(node, isFixed(node) ? 0 : most + 1);
        }
        return depths.getOrDefault(producer(value), 0);
    }
}

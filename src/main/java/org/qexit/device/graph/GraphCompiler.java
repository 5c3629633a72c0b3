package org.qexit.device.graph;

import java.util.ArrayList;
import java.util.List;
import org.qexit.engine.event.EventProgram;
import org.qexit.onnx.graph.OnnxModel;

/**
 * Makes a program of the graphs of a bundle's stages. It trusts nothing that they say: shapes are worked out from the event's on, memory is
 * counted before it is taken, and whatever is not understood to the letter is refused.
 */
public final class GraphCompiler {
    private final Draft draft;
    private final Convolutions convolutions;
    private final Products products;
    private final Shaping shaping;
    private final Arithmetic arithmetic;

    private GraphCompiler(Draft draft) {
        this.draft = draft;
        this.convolutions = new Convolutions(draft);
        this.products = new Products(draft);
        this.shaping = new Shaping(draft);
        this.arithmetic = new Arithmetic(draft);
    }

    /**
     * Makes it.
     *
     * @param stages their graphs
     * @param inputs names of what each takes
     * @param outputs names of what each gives, its answer first
     * @param width numbers of an answer
     * @param shape channels, rows and columns of an event
     * @throws UnsupportedGraph if there is something in them that the engine does not run
     */
    public static EventProgram compile(
            List<OnnxModel> stages, List<List<String>> inputs, List<List<String>> outputs, int width, int... shape)
            throws UnsupportedGraph {
        try {
            return new GraphCompiler(new Draft(new Joined(stages, inputs, outputs))).program(width, shape);
        } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnsupportedGraph("tensors that do not fit each other: " + e.getMessage());
        }
    }

    private EventProgram program(int width, int... shape) throws UnsupportedGraph {
        Joined graph = draft.graph;
        Value event = draft.fresh(1, shape[0], shape[1], shape[2]);
        draft.put(graph.event, event);
        List<EventProgram.Stage> stages = new ArrayList<>();
        int next = 0;
        for (int q = 0; q < graph.outputs.size(); q++) {
            for (; next < graph.nodes.size() && graph.nodes.get(next).stage() == q; next++) {
                Joined.Node node = graph.nodes.get(next);
                if (!draft.done.contains(node)) {
                    lower(node);
                }
            }
            List<String> given = graph.outputs.get(q);
            EventProgram.Numbers answer = numbers(draft.value(given.get(0)));
            if (answer.count() != width) {
                throw new UnsupportedGraph("a stage says " + answer.count() + " numbers; expected " + width);
            }
            EventProgram.Numbers handedOn = q == 0 && given.size() == 2 ? numbers(draft.value(given.get(1))) : null;
            stages.add(new EventProgram.Stage(draft.takeSteps(), answer, handedOn));
        }
        return new EventProgram(stages, event.slot(), draft.slots.sizes(), draft.slots.constants());
    }

    private static EventProgram.Numbers numbers(Value value) {
        return new EventProgram.Numbers(value.slot(), value.at(), value.size());
    }

    private void lower(Joined.Node node) throws UnsupportedGraph {
        switch (node.operator()) {
            case "Conv" -> convolutions.convolve(node);
            case "MaxPool" -> convolutions.pool(node);
            case "GlobalAveragePool", "ReduceMean", "ReduceSum" -> convolutions.reduce(node);
            case "Gemm" -> products.gemm(node);
            case "MatMul" -> products.multiply(node);
            case "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Gather", "Concat", "Transpose" -> shaping.lower(node);
            case "Relu", "Tanh", "Sigmoid", "Cos", "Sin", "Add", "Sub", "Mul", "Div", "Max", "Min", "Softmax" ->
                arithmetic.lower(node);
            default -> throw new UnsupportedGraph("operator " + node.operator());
        }
    }
}

package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.UserError;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;

/**
 * What an event costs that leaves at each exit: multiply-accumulates of convolutions, matrix products and recurrent layers; numbers read and
 * written by all nodes, weights included; weights. By the shapes that the values have.
 */
public final class ExitCosts {
    private final ForeignGraph graph;

    private ExitCosts(ForeignGraph graph) {
        this.graph = graph;
    }

    /**
     * Sums up to an exit.
     *
     * @param macs multiply-accumulate operations
     * @param memoryAccesses numbers read and written
     * @param parameters constants of floating point that are used
     */
    public record Cost(long macs, long memoryAccesses, long parameters) {}

    /** Of every exit in turn, what the exits before it needed included. */
    public static List<Cost> cumulative(ForeignGraph graph) {
        ExitCosts costs = new ExitCosts(graph);
        List<Cost> sums = new ArrayList<>();
        BitSet union = new BitSet();
        for (String exit : graph.model().exits()) {
            union.or(graph.needs(exit));
            sums.add(costs.of(union));
        }
        return sums;
    }

    /**
     * Refuses exits in an order that cannot be meant: an earlier exit that by itself takes more arithmetic than a later one, on a way that is
     * as long, or that is made of what the later one says.
     *
     * @throws UserError if there is such a pair
     */
    public static void checkOrder(ForeignGraph graph) {
        ExitCosts costs = new ExitCosts(graph);
        List<String> exits = graph.model().exits();
        for (int early = 0; early < exits.size(); early++) {
            for (int late = early + 1; late < exits.size(); late++) {
                BitSet before = graph.needs(exits.get(early));
                long first = costs.of(before).macs();
                long second = costs.of(graph.needs(exits.get(late))).macs();
                boolean within = graph.producer(exits.get(late)) >= 0 && before.get(graph.producer(exits.get(late)));
                boolean deeper = graph.depth(exits.get(early)) >= graph.depth(exits.get(late));
                if (first > second && (deeper || within)) {
                    throw new UserError(String.format(
                            java.util.Locale.ROOT,
                            "--outputs: exit '%s' takes %,d multiply-accumulates and exit '%s', which comes later, %,d;"
                                    + " expected the cheapest exit first. Maybe the order is wrong",
                            exits.get(early),
                            first,
                            exits.get(late),
                            second));
                }
            }
        }
    }

    private Cost of(BitSet nodes) {
        long macs = 0;
        long accesses = 0;
        Set<String> weights = new HashSet<>();
        for (int i = nodes.nextSetBit(0); i >= 0; i = nodes.nextSetBit(i + 1)) {
            OnnxNode node = graph.nodes().get(i);
            for (String input : node.inputs()) {
                OnnxTensor constant = graph.constant(input);
                if (constant != null && isReal(constant.type())) {
                    weights.add(input);
                }
            }
            if (graph.isFixed(i)) {
                continue;
            }
            macs += macs(node);
            accesses += node.inputs().stream().mapToLong(this::elements).sum()
                    + node.outputs().stream().mapToLong(this::elements).sum();
        }
        return new Cost(
                macs, accesses, weights.stream().mapToLong(this::elements).sum());
    }

    private static boolean isReal(ElementType type) {
        return type != ElementType.INT64 && type != ElementType.INT32 && type != ElementType.BOOL;
    }

    private long elements(String value) {
        OnnxTensor constant = graph.constant(value);
        if (constant != null) {
            return constant.raw().length / constant.type().bytes();
        }
        return value.isEmpty() || graph.kind(value).type() == null
                ? 0
                : graph.kind(value).elements();
    }

    private long[] shape(String value) {
        OnnxTensor constant = graph.constant(value);
        return constant != null ? constant.dims() : graph.kind(value).shape();
    }

    private long macs(OnnxNode node) {
        List<String> inputs = node.inputs();
        long out = elements(node.outputs().get(0));
        return switch (node.operator()) {
            case "Conv", "ConvInteger", "QLinearConv" -> {
                long[] weight = shape(inputs.get(node.operator().equals("QLinearConv") ? 3 : 1));
                yield weight.length == 0 || weight[0] == 0 ? 0 : out * (product(weight) / weight[0]);
            }
            case "ConvTranspose" -> {
                long[] weight = shape(inputs.get(1));
                yield weight.length == 0 || weight[0] == 0
                        ? 0
                        : elements(inputs.get(0)) * (product(weight) / weight[0]);
            }
            case "Gemm" -> {
                long[] left = shape(inputs.get(0));
                boolean turned = node.attributes().stream()
                        .anyMatch(a ->
                                a instanceof Attribute.Int flag && flag.name().equals("transA") && flag.value() != 0);
                yield left.length < 2 ? 0 : out * left[turned ? 0 : 1];
            }
            case "MatMul", "MatMulInteger", "QLinearMatMul" -> {
                long[] left = shape(inputs.get(0));
                yield left.length == 0 ? 0 : out * left[left.length - 1];
            }
            case "LSTM", "GRU", "RNN" -> {
                // Every step multiplies by all weights W and R once.
                long[] sequence = shape(inputs.get(0));
                yield sequence.length == 0 ? 0 : sequence[0] * (elements(inputs.get(1)) + elements(inputs.get(2)));
            }
            default -> 0;
        };
    }

    private static long product(long[] dims) {
        long product = 1;
        for (long dim : dims) {
            product *= dim;
        }
        return product;
    }
}

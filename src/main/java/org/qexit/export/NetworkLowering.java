package org.qexit.export;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Tensor;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.LinearHead;
import org.qexit.nn.head.MlpHead;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.head.Reduction;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.GraphBuilder;

/** A model's blocks and heads as standard operators, named as the model's tensors are. Exits q count from 0. */
final class NetworkLowering implements StagedNetwork {
    private final EarlyExitModel model;
    private final ModelConfig config;
    private final float scale;
    private final ConvolutionWriter convolutions;

    /** Adds a convolution with its bias to a graph. */
    @FunctionalInterface
    interface ConvolutionWriter {
        /** Returns the name of the output. */
        String write(GraphBuilder graph, Convolution convolution, String input);

        /** What is done to feature maps that a branch of {@code If} will take from the graph around it; returns the name of the result. */
        default String captured(GraphBuilder graph, String features) {
            return features;
        }

        /** One for another graph of the same model: the whole graph or a stage, written from its first convolution on. */
        default ConvolutionWriter fresh() {
            return this;
        }

        /** What is done to a convolution's output behind its activation; returns the name of the result. */
        default String activated(GraphBuilder graph, String name, String output) {
            return output;
        }

        /** Whether it takes weights that the input's scale was multiplied into; else the input is multiplied. */
        default boolean takesScaledWeights() {
            return false;
        }

        /** In single precision. */
        ConvolutionWriter PLAIN = new ConvolutionWriter() {
            @Override
            public String write(GraphBuilder graph, Convolution convolution, String input) {
                return convolution.node(
                        graph, input, parameter(graph, convolution.weights()), parameter(graph, convolution.bias()));
            }

            @Override
            public boolean takesScaledWeights() {
                return true;
            }
        };
    }

    /**
     * A convolution with its bias.
     *
     * @param weights {@code [output channel][input channel][row][column]}
     * @param bias {@code [output channel]}
     * @param kernel rows and columns
     * @param padding rows and columns of zeros on each side
     */
    record Convolution(String name, Tensor weights, Tensor bias, long[] kernel, long[] padding) {
        /** Adds the operator, weights and bias being there; returns the name of its output. */
        String node(GraphBuilder graph, String input, String weights, String bias) {
            return graph.node(
                    "Conv",
                    name,
                    List.of(input, weights, bias),
                    Attribute.of("kernel_shape", kernel),
                    Attribute.of("pads", padding[0], padding[1], padding[0], padding[1]));
        }
    }

    /**
     * @param scale what the first block's input is multiplied by; 1 for nothing
     */
    NetworkLowering(EarlyExitModel model, float scale, ConvolutionWriter convolutions) {
        this.model = model;
        this.config = model.config();
        this.scale = scale;
        this.convolutions = convolutions;
    }

    ModelConfig config() {
        return config;
    }

    /** Shape of what stage q takes: channels, height, width. */
    long[] inputShape(int exit) {
        return exit == 0
                ? new long[] {config.channels(), config.height(), config.width()}
                : Arrays.stream(config.shapes().get(exit - 1)).asLongStream().toArray();
    }

    /** Adds block q; returns the name of its feature maps. */
    String block(GraphBuilder graph, int exit, String features) {
        List<BlockConfig> parts = config.blocks().get(exit).parts();
        int[] shape = Arrays.stream(inputShape(exit)).mapToInt(Math::toIntExact).toArray();
        String block = "block" + (exit + 1);
        String previous = features;
        if (exit == 0 && scale != 1 && !convolutions.takesScaledWeights()) {
            previous = graph.node("Mul", "normalised", List.of(previous, graph.scalar("normalised.scale", scale)));
        }
        int index = 0;
        for (int p = 0; p < parts.size(); p++) {
            BlockConfig part = parts.get(p);
            for (int c = 0; c < part.convolutions(); c++) {
                previous = convolution(graph, block + ".conv" + ++index, part, shape[1] == 1, previous);
            }
            if (part.pools(shape[1], shape[2])) {
                long rows = shape[1] == 1 ? 1 : part.pool();
                long columns = shape[2] == 1 ? 1 : part.pool();
                previous = graph.node(
                        "MaxPool",
                        block + ".pool" + (p == parts.size() - 1 ? "" : p + 1),
                        List.of(previous),
                        Attribute.of("kernel_shape", rows, columns),
                        Attribute.of("strides", rows, columns));
            }
            shape = part.shapeBehind(shape);
        }
        return previous;
    }

    /** Adds a convolution and its activation. */
    private String convolution(GraphBuilder graph, String name, BlockConfig block, boolean flatRows, String input) {
        long half = block.kernel() / 2;
        Tensor weights = model.tensor(name + ".weight");
        boolean first = name.equals("block1.conv1");
        Convolution convolution = new Convolution(
                name,
                first && scale != 1 && convolutions.takesScaledWeights() ? scaled(weights) : weights,
                model.tensor(name + ".bias"),
                new long[] {flatRows ? 1 : block.kernel(), block.kernel()},
                new long[] {flatRows ? 0 : half, half});
        String active =
                graph.node(activation(), name + ".activation", List.of(convolutions.write(graph, convolution, input)));
        return convolutions.activated(graph, name, active);
    }

    /** W (s x) = (s W) x, and what is around the input is 0 either way. */
    private Tensor scaled(Tensor weights) {
        float[] values = weights.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
        return new Tensor(weights.name(), weights.shape(), values);
    }

    private String activation() {
        return switch (config.activation()) {
            case RELU -> "Relu";
            case TANH -> "Tanh";
        };
    }

    @Override
    public int exits() {
        return config.exits();
    }

    @Override
    public long[] eventShape() {
        return inputShape(0);
    }

    @Override
    public List<long[]> given(int exit) {
        return exit == config.exits() - 1 ? List.of() : List.of(inputShape(exit + 1));
    }

    @Override
    public Stage write(GraphBuilder graph, int exit, List<String> taken) {
        String features = block(graph, exit, taken.get(0));
        return new Stage(List.of(features), head(graph, exit, features));
    }

    /** Prepares feature maps for a branch of {@code If}. */
    String captured(GraphBuilder graph, String features) {
        return convolutions.captured(graph, features);
    }

    @Override
    public List<String> captured(GraphBuilder graph, List<String> values) {
        return List.of(captured(graph, values.get(0)));
    }

    /** Adds head q; returns the name of the confidences, {@code [N]}, or of the probabilities of several classes, {@code [N, K]}. */
    String head(GraphBuilder graph, int exit, String features) {
        HeadConfig head = config.heads().get(exit);
        String prefix = "exit" + (exit + 1);
        String previous = features;
        if (head.reduce() == Reduction.AVERAGE) {
            previous = graph.node("GlobalAveragePool", prefix + ".average", List.of(previous));
        }
        previous = graph.node("Flatten", prefix + ".flat", List.of(previous), Attribute.of("axis", 1));
        String logits = dense(graph, prefix + ".logits", head.match(new HeadBody(graph, exit, previous)));
        String both = graph.node("Softmax", prefix + ".softmax", List.of(logits), Attribute.of("axis", 1));
        if (!config.binary()) {
            return both;
        }
        return graph.node(
                "Gather",
                prefix + ".confidence",
                List.of(both, graph.scalar(prefix + ".confidence.class", 1L)),
                Attribute.of("axis", 1));
    }

    /**
     * The layers of head {@code exit} before its logits: each case adds them behind {@code features} and returns the name of their output.
     */
    private final class HeadBody implements HeadConfig.Cases<String> {
        private final GraphBuilder graph;
        private final int exit;
        private final String prefix;
        private final String features;

        HeadBody(GraphBuilder graph, int exit, String features) {
            this.graph = graph;
            this.exit = exit;
            this.prefix = "exit" + (exit + 1);
            this.features = features;
        }

        @Override
        public String linear(LinearHead head) {
            return features;
        }

        @Override
        public String mlp(MlpHead head) {
            String hidden = dense(graph, prefix + ".hidden", features);
            return head.rings() == null
                    ? graph.node("Tanh", prefix + ".hidden.activation", List.of(hidden))
                    : rings(graph, prefix + ".ring", hidden, model.tensor(prefix + ".ring.own"));
        }

        @Override
        public String quantum(QuantumHead head) {
            String angles = dense(graph, prefix + ".angles", features);
            if (head.keepsAnglesNear()) {
                angles = graph.node("Tanh", prefix + ".angles.activation", List.of(angles));
            }
            return CircuitLowering.lower(
                    graph,
                    prefix + ".circuit",
                    CircuitSegments.of(head.ansatz().circuit(), theta(exit)),
                    circuitInputs(exit, head),
                    angles);
        }
    }

    /** θ of head q's circuit. */
    double[] theta(int exit) {
        return doubles(model.tensor("exit" + (exit + 1) + ".circuit.theta"));
    }

    /** x = π/2 + s z, z behind the tanh if there is one; docs/maths.md §9. */
    CircuitLowering.Inputs circuitInputs(int exit, QuantumHead head) {
        int inputs = head.ansatz().circuit().inputs();
        int[] from = new int[inputs];
        double[] factor = new double[inputs];
        Arrays.setAll(from, a -> a % head.qubits());
        Arrays.fill(factor, 1);
        tensor("exit" + (exit + 1) + ".circuit.scale")
                .ifPresent(scales -> Arrays.setAll(factor, a -> scales.values()[a]));
        return new CircuitLowering.Inputs(head.qubits(), from, factor, Math.PI / 2);
    }

    /** Residual rings, docs/maths.md §9: each unit sees its left neighbour through a tanh; the last rings see the first layer again. */
    private String rings(GraphBuilder graph, String prefix, String hidden, Tensor own) {
        int rings = own.shape()[0];
        int units = own.shape()[1];
        Tensor gain = model.tensor(prefix + ".gain");
        Tensor bias = model.tensor(prefix + ".bias");
        Optional<Tensor> skip = tensor(prefix + ".skip");
        int skips = skip.map(t -> t.shape()[0]).orElse(0);
        long[] left = new long[units];
        Arrays.setAll(left, i -> (i + units - 1) % units);
        String neighbours = graph.longs(prefix + ".left", left);
        String state = hidden;
        for (int r = 0; r < rings; r++) {
            String name = prefix + (r + 1);
            String neighbour =
                    graph.node("Gather", name + ".neighbour", List.of(state, neighbours), Attribute.of("axis", 1));
            String shifted = graph.node("Add", name + ".shifted", List.of(neighbour, row(graph, name, bias, r)));
            String active = graph.node("Tanh", name + ".activation", List.of(shifted));
            String kept = graph.node("Mul", name + ".kept", List.of(state, row(graph, name, own, r)));
            String gained = graph.node("Mul", name + ".gained", List.of(active, row(graph, name, gain, r)));
            state = graph.node("Add", name + ".state", List.of(kept, gained));
            int s = r - rings + skips;
            if (s >= 0) {
                String again =
                        graph.node("Mul", name + ".skipped", List.of(hidden, row(graph, name, skip.orElseThrow(), s)));
                state = graph.node("Add", name + ".sum", List.of(state, again));
            }
        }
        return state;
    }

    private static String row(GraphBuilder graph, String name, Tensor matrix, int row) {
        int width = matrix.shape()[1];
        String kind = matrix.name().substring(matrix.name().lastIndexOf('.'));
        return graph.floats(name + kind, Arrays.copyOfRange(matrix.values(), row * width, (row + 1) * width), width);
    }

    private String dense(GraphBuilder graph, String name, String input) {
        return graph.node(
                "Gemm",
                name,
                List.of(
                        input,
                        parameter(graph, model.tensor(name + ".weight")),
                        parameter(graph, model.tensor(name + ".bias"))));
    }

    private Optional<Tensor> tensor(String name) {
        return model.tensors().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst();
    }

    static String parameter(GraphBuilder graph, Tensor tensor) {
        return graph.floats(
                tensor.name(),
                tensor.values(),
                Arrays.stream(tensor.shape()).asLongStream().toArray());
    }

    private static double[] doubles(Tensor tensor) {
        double[] wide = new double[tensor.values().length];
        Arrays.setAll(wide, i -> tensor.values()[i]);
        return wide;
    }
}

package org.qexit.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Tensor;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;

/**
 * Convolutions in 8-bit integers by the standard operators {@code QuantizeLinear} and {@code DequantizeLinear} around them, which runtimes
 * fuse into integer kernels: x ≈ s (q − z). Weights are uint8 with a scale per output channel and z = 128, biases int32, activations uint8
 * with the static range that calibration saw.
 *
 * <p>Not int8 weights: without VNNI instructions, x86 adds products of uint8 and int8 in saturating arithmetic. With uint8 on both sides
 * every processor gives the same answer.
 */
final class IntegerConvolutions implements NetworkLowering.ConvolutionWriter {
    private static final int MOST_WEIGHT = 127;
    private static final int WEIGHT_ZERO = 128;
    private static final int LEVELS = 255;

    /** The ranges {min, max}: of the input, and per convolution of what it hands on. */
    private final Map<String, float[]> ranges;

    private final boolean relu;
    private String before = "input";
    private float inputScale;

    private IntegerConvolutions(Map<String, float[]> ranges, boolean relu) {
        this.ranges = ranges;
        this.relu = relu;
    }

    @Override
    public IntegerConvolutions fresh() {
        return new IntegerConvolutions(ranges, relu);
    }

    /** Finds the ranges by running the blocks in single precision on calibration events, {@code [event][feature]}, flattened. */
    static IntegerConvolutions calibrate(NetworkLowering network, float[] values, int events) {
        ModelConfig config = network.config();
        GraphBuilder graph = GraphBuilder.create();
        String features = graph.input("input");
        List<OnnxValue> outputs = new ArrayList<>();
        boolean relu = config.activation() == Activation.RELU;
        for (int q = 0; q < config.exits(); q++) {
            int[] shape = Arrays.stream(network.inputShape(q))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            features = network.block(graph, q, features);
            int index = 0;
            for (BlockConfig part : config.blocks().get(q).parts()) {
                for (int c = 0; c < part.convolutions(); c++) {
                    String name = "block" + (q + 1) + ".conv" + ++index;
                    outputs.add(
                            OnnxValue.batch(relu ? name + ".activation" : name, part.channels(), shape[1], shape[2]));
                }
                shape = part.shapeBehind(shape);
            }
        }
        OnnxModel model = new OnnxModel(
                OnnxModel.IR_VERSION,
                OnnxModel.OPSET,
                "qexit",
                "",
                graph.build("calibration", List.of(OnnxValue.batch("input", network.inputShape(0))), outputs),
                Map.of());
        Map<String, float[]> ranges = new HashMap<>();
        ranges.put("input", new float[] {0, 1});
        int size = config.features();
        try (GraphSession session = GraphSession.open("calibration", model.toBytes())) {
            for (int first = 0; first < events; first += 64) {
                int batch = Math.min(64, events - first);
                session.run(
                                Arrays.copyOfRange(values, first * size, (first + batch) * size),
                                batch,
                                config.channels(),
                                config.height(),
                                config.width())
                        .forEach((name, output) -> widen(
                                ranges.computeIfAbsent(name.replace(".activation", ""), key -> new float[2]),
                                output.floats()));
            }
        }
        return new IntegerConvolutions(ranges, relu);
    }

    /** A range always holds 0, so that padding is exact. */
    private static void widen(float[] range, float[] values) {
        for (float value : values) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
    }

    @Override
    public String write(GraphBuilder graph, NetworkLowering.Convolution convolution, String input) {
        String name = convolution.name();
        Tensor weights = convolution.weights();
        Tensor bias = convolution.bias();
        String source = before(name);
        float[] inputRange = relu || source.equals("input") ? ranges.get(source) : new float[] {-1, 1};
        String quantised = pair(graph, name + ".input", input, inputRange);
        inputScale = scale(inputRange);
        int channels = weights.shape()[0];
        int perChannel = weights.values().length / channels;
        float[] scales = new float[channels];
        byte[] levels = new byte[weights.values().length];
        int[] biases = new int[channels];
        float[] biasScales = new float[channels];
        for (int c = 0; c < channels; c++) {
            float most = 0;
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                most = Math.max(most, Math.abs(weights.values()[i]));
            }
            scales[c] = most == 0 ? 1 : most / MOST_WEIGHT;
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                levels[i] = (byte) (WEIGHT_ZERO + Math.round(weights.values()[i] / scales[c]));
            }
            biasScales[c] = scales[c] * inputScale;
            biases[c] = Math.round(bias.values()[c] / biasScales[c]);
        }
        long[] dims = Arrays.stream(weights.shape()).asLongStream().toArray();
        String w = dequantised(
                graph,
                weights.name(),
                new OnnxTensor(weights.name() + ".levels", ElementType.UINT8, dims, levels),
                scales);
        String b = dequantised(
                graph, bias.name(), OnnxTensor.ofInts(bias.name() + ".levels", biases, channels), biasScales);
        String output = convolution.node(graph, quantised, w, b);
        before = name;
        return relu ? output : pair(graph, name + ".output", output, ranges.get(name));
    }

    /** In a stage's graph the first convolution follows one of an earlier graph. */
    private String before(String name) {
        if (!before.equals("input")) {
            return before;
        }
        int block = Integer.parseInt(name.substring("block".length(), name.indexOf('.')));
        if (block == 1) {
            return "input";
        }
        int last = 1;
        while (ranges.containsKey("block" + (block - 1) + ".conv" + (last + 1))) {
            last++;
        }
        return "block" + (block - 1) + ".conv" + last;
    }

    @Override
    public String activated(GraphBuilder graph, String name, String output) {
        return relu ? pair(graph, name + ".output", output, ranges.get(name)) : output;
    }

    /**
     * Keeps ONNX Runtime 1.29 from moving a {@code DequantizeLinear} up to a branch that takes its value: it counts that among the inputs
     * of {@code If}, where it is not, and fails an assertion, which ends the process. Nothing moves past a negation.
     */
    @Override
    public String captured(GraphBuilder graph, String features) {
        String negative = graph.node("Neg", features + ".negative", List.of(features));
        return graph.node("Neg", features + ".captured", List.of(negative));
    }

    private static float scale(float[] range) {
        return range[1] == range[0] ? 1 : (range[1] - range[0]) / LEVELS;
    }

    /** To uint8 and back: what a runtime fuses with its neighbours. */
    private static String pair(GraphBuilder graph, String name, String value, float[] range) {
        String scale = graph.scalar(name + ".scale", scale(range));
        byte[] zero = {(byte) Math.round(-range[0] / scale(range))};
        String point = graph.constant(new OnnxTensor(name + ".zero", ElementType.UINT8, new long[0], zero));
        String levels = graph.node("QuantizeLinear", name + ".levels", List.of(value, scale, point));
        return graph.node("DequantizeLinear", name + ".value", List.of(levels, scale, point));
    }

    private static String dequantised(GraphBuilder graph, String name, OnnxTensor levels, float[] scales) {
        String scale = graph.floats(name + ".scale", scales, scales.length);
        byte[] zeros = ByteBuffer.allocate(scales.length * levels.type().bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .array();
        if (levels.type() == ElementType.UINT8) {
            Arrays.fill(zeros, (byte) WEIGHT_ZERO);
        }
        String zero = graph.constant(new OnnxTensor(name + ".zero", levels.type(), new long[] {scales.length}, zeros));
        return graph.node(
                "DequantizeLinear", name, List.of(graph.constant(levels), scale, zero), Attribute.of("axis", 0));
    }
}

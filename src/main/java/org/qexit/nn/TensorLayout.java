package org.qexit.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadLayer;
import org.qexit.nn.head.ParameterTensor;

/**
 * The parameter tensors of a model in the order in which they are stored: blocks first, then heads, from the input on. Knows
 * how each is initialised and which DL4J parameter it is.
 */
public final class TensorLayout {
    private final List<Slot> slots = new ArrayList<>();

    private TensorLayout() {}

    /**
     * @param name the tensor's name
     * @param shape its shape, row-major
     * @param key DL4J's name
     * @param mean mean of its initial values
     * @param deviation their standard deviation
     */
    record Slot(String name, int[] shape, String key, double mean, double deviation) {
        int size() {
            return Tensor.size(shape);
        }

        /** Seeded by the tensor's own name, so that no two tensors or threads share a stream. */
        float[] initial(RandomStreams random) {
            float[] values = new float[size()];
            Arrays.fill(values, (float) mean);
            if (deviation > 0) {
                SplittableRandom stream = random.stream("init/" + name);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (mean + deviation * stream.nextGaussian());
                }
            }
            return values;
        }
    }

    public static TensorLayout of(ModelConfig model) {
        TensorLayout layout = new TensorLayout();
        int[] shape = {model.channels(), model.height(), model.width()};
        for (int b = 0; b < model.exits(); b++) {
            int index = 0;
            for (BlockConfig part : model.blocks().get(b).parts()) {
                int channels = shape[0];
                for (int c = 0; c < part.convolutions(); c++) {
                    int kernelRows = shape[1] == 1 ? 1 : part.kernel();
                    layout.add(
                            Network.convolution(b, index++),
                            new int[] {part.channels(), channels, kernelRows, part.kernel()},
                            channels * kernelRows * part.kernel(),
                            part.channels(),
                            model.activation());
                    channels = part.channels();
                }
                shape = part.shapeBehind(shape);
            }
        }
        for (int q = 0; q < model.exits(); q++) {
            layout.addHead(model, q);
        }
        return layout;
    }

    private void addHead(ModelConfig model, int exit) {
        HeadConfig head = model.heads().get(exit);
        for (HeadLayer layer : head.stack(model.headFeatures(exit), model.outputs())) {
            String name = Network.head(exit, layer.name());
            for (ParameterTensor tensor : layer.tensors()) {
                slots.add(new Slot(
                        name + "." + tensor.name(),
                        tensor.shape(),
                        name + "_" + tensor.key(),
                        tensor.mean(),
                        tensor.deviation()));
            }
        }
    }

    /** He et al. 2015 before a rectifier: variance 2 / fan-in; Glorot and Bengio 2010 otherwise: 2 / (fan-in + fan-out). */
    private void add(String layer, int[] shape, int fanIn, int outputs, Activation next) {
        double variance = switch (next) {
            case RELU -> 2.0 / fanIn;
            case TANH -> 2.0 / (fanIn + outputs);
        };
        slots.add(new Slot(layer + ".weight", shape, layer + "_W", 0, Math.sqrt(variance)));
        slots.add(new Slot(layer + ".bias", new int[] {outputs}, layer + "_b", 0, 0));
    }

    List<Slot> slots() {
        return slots;
    }

    /** Number of all parameters. */
    public int size() {
        int sum = 0;
        for (Slot slot : slots) {
            sum = Math.addExact(sum, slot.size());
        }
        return sum;
    }

    /** All values of tensors of this layout, one tensor after another. */
    public float[] flat(List<Tensor> tensors) {
        float[] all = new float[size()];
        int at = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.values(), 0, all, at, tensor.values().length);
            at += tensor.values().length;
        }
        return all;
    }

    /** The inverse of {@link #flat}. */
    public List<Tensor> tensors(float[] all) {
        if (all.length != size()) {
            throw new IllegalArgumentException(all.length + " values; expected " + size());
        }
        List<Tensor> tensors = new ArrayList<>();
        int at = 0;
        for (Slot slot : slots) {
            tensors.add(new Tensor(slot.name(), slot.shape(), Arrays.copyOfRange(all, at, at + slot.size())));
            at += slot.size();
        }
        return tensors;
    }

    /** Initial values of all tensors. */
    List<Tensor> initial(RandomStreams random) {
        return slots.stream()
                .map(slot -> new Tensor(slot.name(), slot.shape(), slot.initial(random)))
                .toList();
    }
}

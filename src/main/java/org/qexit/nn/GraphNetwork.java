package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.qexit.common.RandomStreams;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadLayer;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.head.Reduction;
import org.qexit.nn.layer.FirstConvolution;
import org.qexit.nn.layer.QuantumLayer;
import org.qexit.nn.loss.BatchLossFunction;
import org.qexit.nn.loss.LogitLoss;

/** A model as a DL4J graph: the blocks, their heads' logits side by side, the loss. */
final class GraphNetwork extends Network {
    private static final String INPUT = "image";
    private static final String LOSS = "loss";

    /** Small enough that single precision holds its digits. */
    private static final int BASE = 1 << 20;

    private final ModelConfig model;
    private final ComputationGraph graph;
    private final BatchLossFunction loss;
    private final DataType type;
    private int[] places;

    private GraphNetwork(ModelConfig model, DataType type, IUpdater updater) {
        super(model);
        Backend.ensure();
        this.model = model;
        this.type = type;
        this.loss = new BatchLossFunction(crossEntropy(model));
        this.graph = new ComputationGraph(configure(model, type, updater, loss));
        graph.init();
        LossLayer built = (LossLayer) graph.getLayer(LOSS).conf().getLayer();
        if (built.getLossFn() != loss) {
            throw new IllegalStateException("DL4J copied the loss function");
        }
    }

    /** For inference. */
    static GraphNetwork forInference(ModelConfig model) {
        return new GraphNetwork(model, DataType.FLOAT, new NoOp());
    }

    /**
     * For training with Adam.
     *
     * @param learningRate of a step, from 0
     */
    static GraphNetwork training(ModelConfig model, IntToDoubleFunction learningRate) {
        return new GraphNetwork(
                model,
                DataType.FLOAT,
                Adam.builder()
                        .learningRateSchedule(new StepSchedule(learningRate))
                        .build());
    }

    /** In double precision, for gradient checks. */
    static GraphNetwork forChecking(ModelConfig model) {
        return new GraphNetwork(model, DataType.DOUBLE, new NoOp());
    }

    /** Of a block's last part, which the exit sees, {@code block1.pool}; of those before, {@code block1.pool1} and on. */
    private static String pool(int block, int part, int parts) {
        return "block" + (block + 1) + ".pool" + (part == parts - 1 ? "" : part + 1);
    }

    private static ComputationGraphConfiguration configure(
            ModelConfig model, DataType type, IUpdater updater, BatchLossFunction loss) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(updater)
                .activation(new ActivationIdentity())
                .graphBuilder()
                .addInputs(INPUT)
                .setInputTypes(InputType.convolutional(model.height(), model.width(), model.channels()));
        String previous = INPUT;
        int[] shape = {model.channels(), model.height(), model.width()};
        List<String> exits = new ArrayList<>();
        for (int b = 0; b < model.exits(); b++) {
            List<BlockConfig> parts = model.blocks().get(b).parts();
            int index = 0;
            for (int p = 0; p < parts.size(); p++) {
                for (int c = 0; c < parts.get(p).convolutions(); c++) {
                    String convolution = convolution(b, index++);
                    builder.addLayer(convolution, convolution(model, parts.get(p), shape, previous), previous);
                    previous = convolution;
                }
                if (parts.get(p).pools(shape[1], shape[2])) {
                    String pool = pool(b, p, parts.size());
                    builder.addLayer(pool, pool(parts.get(p), shape), previous);
                    previous = pool;
                }
                shape = parts.get(p).shapeBehind(shape);
            }
            exits.add(addHead(builder, model, b, previous));
        }
        String logits = exits.get(0);
        if (exits.size() > 1) {
            logits = "logits";
            builder.addVertex(logits, new MergeVertex(), exits.toArray(String[]::new));
        }
        return builder.addLayer(
                        LOSS,
                        new LossLayer.Builder(loss)
                                .activation(new ActivationIdentity())
                                .build(),
                        logits)
                .setOutputs(LOSS)
                .build();
    }

    private static ConvolutionLayer convolution(ModelConfig model, BlockConfig block, int[] shape, String previous) {
        ConvolutionLayer.Builder convolution = new ConvolutionLayer.Builder(
                        shape[1] == 1 ? 1 : block.kernel(), block.kernel())
                .convolutionMode(ConvolutionMode.Same)
                .nOut(block.channels())
                .activation(model.activation().ofDl4j());
        return previous.equals(INPUT) ? new FirstConvolution(convolution) : convolution.build();
    }

    private static SubsamplingLayer pool(BlockConfig block, int[] shape) {
        int rows = shape[1] == 1 ? 1 : block.pool();
        int columns = shape[2] == 1 ? 1 : block.pool();
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(rows, columns)
                .stride(rows, columns)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
    }

    private static String addHead(
            ComputationGraphConfiguration.GraphBuilder builder, ModelConfig model, int exit, String features) {
        HeadConfig head = model.heads().get(exit);
        String previous = features;
        if (head.reduce() == Reduction.AVERAGE) {
            previous = head(exit, "average");
            builder.addLayer(previous, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), features);
        }
        for (HeadLayer layer : head.stack(model.headFeatures(exit), model.outputs())) {
            builder.addLayer(head(exit, layer.name()), layer.layer().get(), previous);
            previous = head(exit, layer.name());
        }
        return previous;
    }

    @Override
    public TrainingEngine engine() {
        return TrainingEngine.DL4J;
    }

    ComputationGraph graph() {
        return graph;
    }

    @Override
    public void judgeBy(LogitLoss next) {
        loss.judgeBy(next);
    }

    @Override
    public double[] lastLogits() {
        return loss.lastLogits();
    }

    @Override
    public void fit(float[] images, int[] truth, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch);
                INDArray y = labels(truth, batch)) {
            graph.fit(new INDArray[] {x}, new INDArray[] {y});
        }
    }

    @Override
    double[] logits(float[] images, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch);
                INDArray output = graph.outputSingle(false, x)) {
            return output.dup('c').data().asDouble();
        }
    }

    @Override
    float[] firstBlock(float[] images, int batch) {
        List<BlockConfig> parts = model.blocks().get(0).parts();
        int[] shape = {model.channels(), model.height(), model.width()};
        int convolutions = 0;
        for (BlockConfig part : parts) {
            convolutions += part.convolutions();
        }
        for (BlockConfig part : parts.subList(0, parts.size() - 1)) {
            shape = part.shapeBehind(shape);
        }
        boolean pooled = parts.get(parts.size() - 1).pools(shape[1], shape[2]);
        String last = pooled ? pool(0, parts.size() - 1, parts.size()) : convolution(0, convolutions - 1);
        return activations(last, images, batch).asFloat();
    }

    @Override
    double[] preAngles(int exit, float[] images, int batch) {
        return activations(head(exit, QuantumHead.ANGLES), images, batch).asDouble();
    }

    private DataBuffer activations(String layer, float[] images, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch)) {
            return graph.feedForward(x, false).get(layer).dup('c').data();
        }
    }

    INDArray images(float[] pixels, int batch) {
        long[] shape = {batch, model.channels(), model.height(), model.width()};
        int length = batch * model.features();
        float[] exact = pixels.length == length ? pixels : java.util.Arrays.copyOf(pixels, length);
        return cast(Nd4j.createFromArray(exact).reshape('c', shape));
    }

    INDArray labels(int[] labels, int batch) {
        float[] column = new float[batch];
        for (int k = 0; k < batch; k++) {
            column[k] = labels[k];
        }
        return cast(Nd4j.createFromArray(column).reshape('c', batch, 1));
    }

    private INDArray cast(INDArray array) {
        return type == DataType.FLOAT ? array : array.castTo(type);
    }

    @Override
    public void seedShots(RandomStreams random) {
        for (Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            QuantumLayer.seedShots(layer, () -> random.seed("shots/" + name));
        }
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : layout().slots()) {
            float[] values = graph.getParam(slot.key()).dup('c').data().asFloat();
            tensors.add(new Tensor(slot.name(), slot.shape(), values));
        }
        return tensors;
    }

    @Override
    void setTensors(List<Tensor> tensors) {
        for (int i = 0; i < layout().slots().size(); i++) {
            TensorLayout.Slot slot = layout().slots().get(i);
            INDArray parameter = graph.getParam(slot.key());
            if (parameter.length() != slot.size() || tensors.get(i).values().length != slot.size()) {
                throw new IllegalStateException(slot.name() + " has " + parameter.length() + " values in DL4J, "
                        + tensors.get(i).values().length + " given; expected " + slot.size());
            }
            parameter.assign(Nd4j.createFromArray(tensors.get(i).values()).reshape('c', parameter.shape()));
        }
    }

    @Override
    public float[] optimiser() {
        float[] state = graph.getUpdater().getStateViewArray().dup('c').data().asFloat();
        float[] moments = new float[state.length];
        int count = state.length / 2;
        int[] from = places();
        for (int i = 0; i < count; i++) {
            moments[i] = state[from[i]];
            moments[count + i] = state[count + from[i]];
        }
        return moments;
    }

    @Override
    public boolean updateIsFinite() {
        return Double.isFinite(graph.getGradientsViewArray().sumNumber().doubleValue());
    }

    @Override
    public void restore(float[] parameters, float[] optimiser, int steps) {
        setTensors(layout().tensors(parameters));
        INDArray view = graph.getUpdater().getStateViewArray();
        if (view.length() != optimiser.length) {
            throw new IllegalArgumentException(optimiser.length + " values; expected " + view.length());
        }
        float[] state = new float[optimiser.length];
        int count = state.length / 2;
        int[] to = places();
        for (int i = 0; i < count; i++) {
            state[to[i]] = optimiser[i];
            state[count + to[i]] = optimiser[count + i];
        }
        view.assign(Nd4j.createFromArray(state).reshape('c', view.shape()));
        graph.getConfiguration().setIterationCount(steps);
    }

    /** Where each parameter in the layout's order stands in DL4J's: found by parameters that are their own places, in digits of {@link #BASE}. */
    private int[] places() {
        if (places == null) {
            float[] kept = graph.params().dup('c').data().asFloat();
            int[] found = new int[kept.length];
            for (int digit = 1; digit > 0 && digit <= kept.length; digit *= BASE) {
                float[] own = new float[kept.length];
                for (int i = 0; i < own.length; i++) {
                    own[i] = i / digit % BASE;
                }
                assign(graph.params(), own);
                float[] read = layout().flat(tensors());
                for (int i = 0; i < read.length; i++) {
                    found[i] += digit * (int) read[i];
                }
            }
            assign(graph.params(), kept);
            places = found;
        }
        return places;
    }

    private static void assign(INDArray view, float[] values) {
        view.assign(Nd4j.createFromArray(values).reshape('c', view.shape()));
    }
}

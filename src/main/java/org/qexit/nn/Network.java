package org.qexit.nn;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadLayer;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.head.Reduction;
import org.qexit.nn.layer.FirstConvolution;
import org.qexit.nn.layer.QuantumLayer;
import org.qexit.nn.loss.BatchLossFunction;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.DeepSupervision;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.loss.Objective;
import org.qexit.trace.DeviceTrace;

/**
 * The DL4J graph of a model: the blocks, their heads' logits side by side, the loss. Used by one thread at a time; two
 * networks share nothing.
 */
public final class Network {
    private static final String INPUT = "image";
    private static final String LOSS = "loss";

    private final ModelConfig model;
    private final ComputationGraph graph;
    private final BatchLossFunction loss;
    private final TensorLayout layout;
    private final DataType type;

    private Network(ModelConfig model, DataType type, IUpdater updater) {
        Backend.ensure();
        this.model = model;
        this.type = type;
        this.layout = TensorLayout.of(model);
        this.loss = new BatchLossFunction(crossEntropy(model));
        this.graph = new ComputationGraph(configure(model, type, updater, loss));
        graph.init();
        LossLayer built = (LossLayer) graph.getLayer(LOSS).conf().getLayer();
        if (built.getLossFn() != loss) {
            throw new IllegalStateException("DL4J copied the loss function");
        }
    }

    /** For inference. */
    static Network forInference(ModelConfig model) {
        return new Network(model, DataType.FLOAT, new NoOp());
    }

    /**
     * For training with Adam.
     *
     * @param learningRate of a step, from 0
     */
    public static Network forTraining(ModelConfig model, IntToDoubleFunction learningRate) {
        return new Network(
                model,
                DataType.FLOAT,
                Adam.builder()
                        .learningRateSchedule(new StepSchedule(learningRate))
                        .build());
    }

    /** In double precision, for gradient checks. */
    static Network forChecking(ModelConfig model) {
        return new Network(model, DataType.DOUBLE, new NoOp());
    }

    static String convolution(int block, int index) {
        return "block" + (block + 1) + ".conv" + (index + 1);
    }

    private static String pool(int block) {
        return "block" + (block + 1) + ".pool";
    }

    static String head(int exit, String layer) {
        return "exit" + (exit + 1) + "." + layer;
    }

    static String logits(int exit) {
        return head(exit, HeadConfig.LOGITS);
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
        int height = model.height();
        int width = model.width();
        List<String> exits = new ArrayList<>();
        for (int b = 0; b < model.exits(); b++) {
            BlockConfig block = model.blocks().get(b);
            for (int c = 0; c < block.convolutions(); c++) {
                ConvolutionLayer.Builder convolution = new ConvolutionLayer.Builder(
                                height == 1 ? 1 : block.kernel(), block.kernel())
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(block.channels())
                        .activation(activation(model));
                builder.addLayer(
                        convolution(b, c),
                        b == 0 && c == 0 ? new FirstConvolution(convolution) : convolution.build(),
                        previous);
                previous = convolution(b, c);
            }
            if (block.pool() > 1 && (height > 1 || width > 1)) {
                int poolRows = height == 1 ? 1 : block.pool();
                int poolColumns = width == 1 ? 1 : block.pool();
                String pool = pool(b);
                builder.addLayer(
                        pool,
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                .kernelSize(poolRows, poolColumns)
                                .stride(poolRows, poolColumns)
                                .convolutionMode(ConvolutionMode.Truncate)
                                .build(),
                        previous);
                previous = pool;
            }
            height = model.shapes().get(b)[1];
            width = model.shapes().get(b)[2];
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

    private static IActivation activation(ModelConfig model) {
        return switch (model.activation()) {
            case RELU -> new ActivationReLU();
            case TANH -> new ActivationTanH();
        };
    }

    public ModelConfig model() {
        return model;
    }

    ComputationGraph graph() {
        return graph;
    }

    /** By what the batches to come are judged, which then holds their loss; cross-entropies until it is said. */
    public void judgeBy(LogitLoss next) {
        loss.judgeBy(next);
    }

    /** Logits of the last batch that was judged, {@code [event][K · exit + class]}, flattened; not a copy. */
    public double[] lastLogits() {
        return loss.lastLogits();
    }

    private static LogitLoss crossEntropy(ModelConfig model) {
        if (model.binary()) {
            return new CoupledLoss(Objective.crossEntropy(model.exits()));
        }
        double[] exitWeights = new double[model.exits()];
        double[] classWeights = new double[model.outputs()];
        Arrays.fill(exitWeights, 1);
        Arrays.fill(classWeights, 1);
        return new DeepSupervision(exitWeights, classWeights);
    }

    /** Sets all parameters to their initial values. */
    public void initialise(RandomStreams random) {
        setTensors(layout.initial(random));
    }

    /**
     * Sets all parameters to those of a model as trained.
     *
     * @throws IllegalArgumentException if it is another network's
     */
    public void initialise(EarlyExitModel trained) {
        if (!trained.config().equals(model)) {
            throw new IllegalArgumentException(
                    "model " + trained.config().name() + " is another network than model " + model.name());
        }
        setTensors(trained.stored());
    }

    public TensorLayout layout() {
        return layout;
    }

    /**
     * One optimiser step on a batch; its loss is then at what {@link #judgeBy} was given.
     *
     * @param truth each event's class; 0 or 1 where exits tell normal from critical
     */
    public void fit(float[] images, int[] truth, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch);
                INDArray y = labels(truth, batch)) {
            graph.fit(new INDArray[] {x}, new INDArray[] {y});
        }
    }

    /** Logits {@code [event][K · exit + class]} of a batch, flattened. */
    double[] logits(float[] images, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch);
                INDArray output = graph.outputSingle(false, x)) {
            return output.dup('c').data().asDouble();
        }
    }

    /** The output of the first block for a batch, {@code [event][channel · height · width]}, flattened. */
    float[] firstBlock(float[] images, int batch) {
        BlockConfig block = model.blocks().get(0);
        boolean pooled = block.pool() > 1 && (model.height() > 1 || model.width() > 1);
        return activations(pooled ? pool(0) : convolution(0, block.convolutions() - 1), images, batch)
                .asFloat();
    }

    /** What enters the circuit of an exit's quantum head for a batch, {@code [event][qubit]}, flattened. */
    double[] preAngles(int exit, float[] images, int batch) {
        return activations(head(exit, QuantumHead.ANGLES), images, batch).asDouble();
    }

    private DataBuffer activations(String layer, float[] images, int batch) {
        Backend.ensure();
        try (INDArray x = images(images, batch)) {
            return graph.feedForward(x, false).get(layer).dup('c').data();
        }
    }

    /** Logits of events by the parameters as they are now, {@code [exit][event · K + class]}. */
    public double[][] logits(LabelledSet events) {
        return new Inference(this, Inference.SHOT_SEED).logits(events);
    }

    /** The confidence trace of a device's events by the parameters as they are now. */
    public DeviceTrace trace(String device, LabelledSet events) {
        return new Inference(this, Inference.SHOT_SEED).trace(device, events);
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

    /** Starts every quantum head's shots anew, each from a stream named after the head. Nothing happens without shots. */
    public void seedShots(RandomStreams random) {
        for (Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            QuantumLayer.seedShots(layer, () -> random.seed("shots/" + name));
        }
    }

    /** Copies of all parameters, in the layout's order. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : layout.slots()) {
            float[] values = graph.getParam(slot.key()).dup('c').data().asFloat();
            tensors.add(new Tensor(slot.name(), slot.shape(), values));
        }
        return tensors;
    }

    /** Sets all parameters. */
    void setTensors(List<Tensor> tensors) {
        for (int i = 0; i < layout.slots().size(); i++) {
            TensorLayout.Slot slot = layout.slots().get(i);
            INDArray parameter = graph.getParam(slot.key());
            if (parameter.length() != slot.size() || tensors.get(i).values().length != slot.size()) {
                throw new IllegalStateException(slot.name() + " has " + parameter.length() + " values in DL4J, "
                        + tensors.get(i).values().length + " given; expected " + slot.size());
            }
            parameter.assign(Nd4j.createFromArray(tensors.get(i).values()).reshape('c', parameter.shape()));
        }
    }

    /** A copy of all parameters in DL4J's order. */
    public float[] parameters() {
        return graph.params().dup('c').data().asFloat();
    }

    /** A copy of the optimiser's state in DL4J's order. */
    public float[] optimiser() {
        return graph.getUpdater().getStateViewArray().dup('c').data().asFloat();
    }

    /** Whether the last step's update, into which the updater turned the gradient, holds finite numbers only. */
    public boolean updateIsFinite() {
        return Double.isFinite(graph.getGradientsViewArray().sumNumber().doubleValue());
    }

    /**
     * Puts the network where another one was after some steps.
     *
     * @throws IllegalArgumentException if the sizes are not this network's
     */
    public void restore(float[] parameters, float[] optimiser, int steps) {
        assign(graph.params(), parameters);
        assign(graph.getUpdater().getStateViewArray(), optimiser);
        graph.getConfiguration().setIterationCount(steps);
    }

    private static void assign(INDArray view, float[] values) {
        if (view.length() != values.length) {
            throw new IllegalArgumentException(values.length + " values; expected " + view.length());
        }
        view.assign(Nd4j.createFromArray(values.clone()).reshape('c', view.shape()));
    }
}

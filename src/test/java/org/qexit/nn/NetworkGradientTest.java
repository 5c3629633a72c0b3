package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.qexit.common.RandomStreams;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadNoise;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.head.Reduction;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.DeepSupervision;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.quantum.Ansatz;

/** The gradient of the whole coupled graph, in double precision, against central differences of its loss. */
class NetworkGradientTest {
    private static final int BATCH = 5;
    private static final double STEP = 1e-5;

    /** Entries of a tensor that are checked, at most. */
    private static final int CHECKED = 12;

    private static final double TOLERANCE = 1e-6;

    static List<ModelConfig> models() {
        QuantumHead quantum = HeadConfig.quantum(3, 2);
        return List.of(
                model("quantum", 1, 6, 5, List.of(quantum, HeadConfig.quantum(2, 1))),
                model(
                        "encodings",
                        2,
                        4,
                        4,
                        List.of(
                                HeadConfig.quantum(2, 2)
                                        .with(Reduction.AVERAGE)
                                        .with(Ansatz.Encoding.RZ)
                                        .with(Ansatz.Entangler.CZ_RING)
                                        .uploading(true, false),
                                quantum.with(Ansatz.Entangler.NONE))),
                model(
                        "mixed",
                        1,
                        5,
                        5,
                        List.of(HeadConfig.mlp(3), HeadConfig.linear().with(Reduction.AVERAGE))),
                model(
                        "scaled",
                        1,
                        4,
                        4,
                        List.of(
                                quantum.with(Ansatz.Encoding.RX).uploading(true, true),
                                HeadConfig.quantum(2, 1).uploading(false, true))),
                model("bounded", 1, 4, 4, List.of(quantum.within(true).uploading(true, true), quantum.within(true))),
                model("rings", 1, 4, 4, List.of(HeadConfig.mlp(3, 3, 2), HeadConfig.mlp(1, 1, 0))),
                model("signal", 1, 1, 12, List.of(HeadConfig.linear(), quantum)),
                new ModelConfig(
                        "leads",
                        2,
                        1,
                        17,
                        Activation.TANH,
                        List.of(new BlockConfig(2, 5, 3, 1), new BlockConfig(3, 3, 2, 1)),
                        List.of(quantum, HeadConfig.mlp(2))),
                new ModelConfig("one", 1, 3, 3, null, List.of(new BlockConfig(2, 1, 1, 1)), List.of(quantum)),
                new ModelConfig(
                        "noisy",
                        1,
                        2,
                        2,
                        null,
                        List.of(new BlockConfig(2, 1, 1, 1)),
                        List.of(HeadConfig.quantum(2, 1).measured(null, new HeadNoise(0.02, 0.03, 0.04, 0.05)))),
                new ModelConfig(
                        "before",
                        1,
                        6,
                        5,
                        Activation.TANH,
                        List.of(new BlockConfig(
                                3, 3, 1, 2, List.of(new BlockConfig(2, 3, 2, 1), new BlockConfig(2, 1, 1, 1)))),
                        List.of(quantum)),
                model("classes", 1, 6, 5, List.of(quantum, HeadConfig.mlp(3)))
                        .withClasses(List.of("a", "b", "c", "d", "e")),
                model("three", 3, 4, 4, List.of(HeadConfig.linear(), HeadConfig.mlp(2, 2, 1)))
                        .withClasses(List.of("a", "b", "c")));
    }

    private static ModelConfig model(String name, int channels, int height, int width, List<HeadConfig> heads) {
        return new ModelConfig(
                name,
                channels,
                height,
                width,
                Activation.TANH,
                List.of(new BlockConfig(2, 3, 2, 2), new BlockConfig(3, 3, 2, 1)),
                heads);
    }

    @ParameterizedTest
    @MethodSource("models")
    void coupledGradientAgreesWithFiniteDifferences(ModelConfig model) {
        assertTrue(worstError(model, 1) < TOLERANCE, model.name() + ": " + worstError(model, 1));
    }

    /** The check itself must notice a gradient that is off by a thousandth. */
    @Test
    void checkNoticesAScaledGradient() {
        assertTrue(worstError(models().get(0), 1.001) > 100 * TOLERANCE);
    }

    static LogitLoss judge(ModelConfig model) {
        if (!model.binary()) {
            double[] exitWeights = new double[model.exits()];
            java.util.Arrays.setAll(exitWeights, q -> 0.4 + q);
            double[] classWeights = new double[model.outputs()];
            java.util.Arrays.setAll(classWeights, c -> 1.5 / (1 + c));
            return new DeepSupervision(exitWeights, classWeights);
        }
        return new CoupledLoss(new Objective(
                model.exits(),
                List.of(new LossTerm.CrossEntropy(0.7, null, 2.0, 1.5), new LossTerm.Path(0.8)),
                new SoftRule(Margin.LOGIT, 2, 0.35, 0.55),
                1.5,
                0.2,
                0.4,
                0.1,
                new double[model.exits()]));
    }

    private static int[] truth(ModelConfig model) {
        return model.binary() ? new int[] {1, 0, 0, 1, 0} : new int[] {1, 0, model.outputs() - 1, 1, 0};
    }

    /** The worst relative error over all tensors, of the last tensor with {@code scale} applied to its gradient. */
    private static double worstError(ModelConfig model, double scale) {
        GraphNetwork network = GraphNetwork.forChecking(model);
        SplittableRandom random = new SplittableRandom(3);
        for (TensorLayout.Slot slot : network.layout().slots()) {
            INDArray parameter = network.graph().getParam(slot.key());
            double[] values = new double[slot.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.5 * random.nextGaussian();
            }
            set(parameter, values);
        }
        float[] images = new float[BATCH * model.features()];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        int[] labels = truth(model);
        LogitLoss judge = judge(model);
        network.judgeBy(judge);
        Map<String, INDArray> gradients = gradients(network, images, labels);
        double worst = 0;
        for (TensorLayout.Slot slot : network.layout().slots()) {
            INDArray parameter = network.graph().getParam(slot.key());
            INDArray gradient = gradients.get(slot.key());
            assertEquals(slot.size(), gradient.length());
            double[] values = doubles(parameter);
            double[] analytic = doubles(gradient);
            double norm = 0;
            double error = 0;
            for (int i = 0; i < values.length; i += 1 + values.length / CHECKED) {
                double kept = values[i];
                values[i] = kept + STEP;
                double above = loss(network, judge, slot, values, images, labels);
                values[i] = kept - STEP;
                double below = loss(network, judge, slot, values, images, labels);
                values[i] = kept;
                double numeric = (above - below) / (2 * STEP);
                double scaled = analytic[i]
                        * (slot.key().endsWith("theta") || slot.key().endsWith("gain") ? scale : 1);
                norm = Math.max(norm, Math.abs(numeric));
                error = Math.max(error, Math.abs(numeric - scaled));
            }
            set(parameter, values);
            assertTrue(norm > 1e-4, slot.name() + " has no gradient to check");
            worst = Math.max(worst, error / norm);
        }
        return worst;
    }

    private static double loss(
            GraphNetwork network,
            LogitLoss judge,
            TensorLayout.Slot slot,
            double[] values,
            float[] images,
            int[] labels) {
        set(network.graph().getParam(slot.key()), values);
        gradients(network, images, labels);
        return judge.loss();
    }

    private static void set(INDArray parameter, double[] values) {
        parameter.assign(Nd4j.createFromArray(values).reshape('c', parameter.shape()));
    }

    private static double[] doubles(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    /** Mean gradients by DL4J's names. */
    private static Map<String, INDArray> gradients(GraphNetwork network, float[] images, int[] labels) {
        return gradients(network, images, labels, BATCH);
    }

    static Map<String, INDArray> gradients(GraphNetwork network, float[] images, int[] labels, int batch) {
        network.graph().setInputs(network.images(images, batch));
        network.graph().setLabels(network.labels(labels, batch));
        network.graph().computeGradientAndScore();
        Map<String, INDArray> sums = network.graph().gradient().gradientForVariable();
        Map<String, INDArray> means = new java.util.HashMap<>();
        sums.forEach((key, sum) -> means.put(key, sum.dup().divi(batch)));
        return means;
    }

    /** Training runs in float on oneDNN, which the double-precision check above never reaches. */
    @ParameterizedTest
    @MethodSource("models")
    void floatGradientOnOneDnnAgreesWithDouble(ModelConfig model) {
        GraphNetwork single = GraphNetwork.training(model, step -> 0.1);
        GraphNetwork twice = GraphNetwork.forChecking(model);
        List<Tensor> tensors = single.layout().initial(RandomStreams.of(8));
        single.setTensors(tensors);
        twice.setTensors(tensors);
        float[] images = new float[BATCH * model.features()];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        int[] labels = truth(model);
        Map<String, INDArray> inFloat = gradients(single, images, labels);
        Map<String, INDArray> inDouble = gradients(twice, images, labels);
        inDouble.forEach((key, exact) -> assertArrayEquals(
                doubles(exact),
                doubles(inFloat.get(key)),
                2e-5 * (1 + exact.amaxNumber().doubleValue()),
                key));
    }

    @Test
    void initialisationDependsOnSeedAndTensorOnly() {
        TensorLayout layout = TensorLayout.of(models().get(0));
        List<Tensor> first = layout.initial(RandomStreams.of(5));
        List<Tensor> again = layout.initial(RandomStreams.of(5));
        List<Tensor> other = layout.initial(RandomStreams.of(6));
        for (int i = 0; i < first.size(); i++) {
            assertEquals(
                    java.util.Arrays.toString(first.get(i).values()),
                    java.util.Arrays.toString(again.get(i).values()));
        }
        assertTrue(!java.util.Arrays.toString(first.get(0).values())
                .equals(java.util.Arrays.toString(other.get(0).values())));
    }
}

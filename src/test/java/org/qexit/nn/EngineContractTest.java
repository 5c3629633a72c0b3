package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.qexit.common.RandomStreams;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.Reduction;
import org.qexit.nn.loss.LogitLoss;

/** Our own engine against DL4J, the reference: losses, gradients, optimiser's steps, and each going on where the other stopped. */
class EngineContractTest {
    /** Of the norm of a tensor's gradient, single precision against DL4J's double. */
    private static final double TOLERANCE = 1e-5;

    private static final double RATE = 0.003;

    static Stream<Arguments> cases() {
        List<ModelConfig> models = new ArrayList<>(NetworkGradientTest.models());
        models.add(new ModelConfig(
                "rectified",
                1,
                28,
                28,
                Activation.RELU,
                List.of(BlockConfig.of(8), BlockConfig.of(16), BlockConfig.of(32)),
                List.of(HeadConfig.quantum(4, 2), HeadConfig.mlp(4), HeadConfig.linear())));
        models.add(new ModelConfig(
                "odd",
                3,
                11,
                9,
                Activation.RELU,
                List.of(new BlockConfig(5, 5, 3, 2), new BlockConfig(7, 3, 1, 3), new BlockConfig(3, 1, 2, 1)),
                List.of(
                        HeadConfig.linear().with(Reduction.AVERAGE),
                        HeadConfig.mlp(5).with(Reduction.AVERAGE),
                        HeadConfig.mlp(9))));
        models.add(new ModelConfig(
                "wide",
                3,
                13,
                15,
                Activation.RELU,
                List.of(new BlockConfig(8, 3, 1, 2), new BlockConfig(12, 3, 2, 2), new BlockConfig(40, 3, 1, 1)),
                List.of(
                        HeadConfig.linear(),
                        HeadConfig.mlp(3),
                        HeadConfig.linear().with(Reduction.AVERAGE))));
        models.add(new ModelConfig(
                "beats",
                2,
                1,
                64,
                Activation.RELU,
                List.of(new BlockConfig(6, 7, 4, 1), new BlockConfig(9, 5, 3, 2)),
                List.of(HeadConfig.mlp(3), HeadConfig.quantum(3, 1).within(true))));
        models.add(new ModelConfig(
                "column",
                1,
                12,
                1,
                Activation.RELU,
                List.of(new BlockConfig(3, 3, 2, 1), new BlockConfig(4, 5, 2, 1)),
                List.of(HeadConfig.linear(), HeadConfig.linear())));
        return models.stream()
                .flatMap(model -> Stream.of(1, 16, 37).map(batch -> Arguments.of(model, batch)))
                .filter(each -> !((ModelConfig) each.get()[0]).name().equals("rectified") || (int) each.get()[1] == 37);
    }

    private static EngineNetwork ours(ModelConfig model) {
        return new EngineNetwork(model, EngineNetwork.blueprint(model).orElseThrow(), step -> RATE, 1);
    }

    private static float[] images(ModelConfig model, int batch, SplittableRandom random) {
        float[] images = new float[batch * model.features()];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextDouble();
        }
        return images;
    }

    private static int[] truth(ModelConfig model, int batch) {
        int[] truth = new int[batch];
        for (int k = 0; k < batch; k++) {
            truth[k] = model.binary() ? (k % 3 == 0 ? 1 : 0) : k % model.outputs();
        }
        return truth;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientAreThoseOfTheReference(ModelConfig model, int batch) {
        SplittableRandom random = new SplittableRandom(6);
        EngineNetwork ours = ours(model);
        GraphNetwork reference = GraphNetwork.forChecking(model);
        List<Tensor> tensors = reference.layout().initial(RandomStreams.of(8));
        // Biases other than 0, too.
        tensors.forEach(tensor -> {
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] += (float) (0.1 * random.nextGaussian());
            }
        });
        ours.setTensors(tensors);
        reference.setTensors(tensors);
        LogitLoss loss = NetworkGradientTest.judge(model);
        LogitLoss exact = NetworkGradientTest.judge(model);
        ours.judgeBy(loss);
        reference.judgeBy(exact);
        float[] images = images(model, batch, random);
        int[] truth = truth(model, batch);
        Map<String, INDArray> expected = NetworkGradientTest.gradients(reference, images, truth, batch);
        float[] all = ours.differentiate(images, truth, batch);
        assertEquals(exact.loss(), loss.loss(), 1e-5 * (1 + Math.abs(exact.loss())));
        int at = 0;
        for (TensorLayout.Slot slot : ours.layout().slots()) {
            double[] values = expected.get(slot.key()).dup('c').data().asDouble();
            double error = 0;
            double norm = 0;
            for (int i = 0; i < values.length; i++) {
                error += Math.pow(all[at + i] - values[i], 2);
                norm += values[i] * values[i];
            }
            at += values.length;
            assertTrue(
                    Math.sqrt(error) <= TOLERANCE * Math.sqrt(norm) + 1e-12,
                    slot.name() + ": " + Math.sqrt(error / norm));
        }
    }

    /** Ten steps on fresh batches; parameters whose gradient is next to nothing may differ by more, for Adam divides by its size. */
    @ParameterizedTest
    @MethodSource("cases")
    void tenStepsOfAdamAreThoseOfTheReference(ModelConfig model, int batch) {
        EngineNetwork ours = ours(model);
        GraphNetwork reference = GraphNetwork.training(model, step -> RATE);
        ours.initialise(RandomStreams.of(3));
        reference.initialise(RandomStreams.of(3));
        steps(ours, reference, model, batch, 0, 10);
    }

    private static void steps(Network ours, Network reference, ModelConfig model, int batch, int from, int to) {
        int[] truth = truth(model, batch);
        for (int step = from; step < to; step++) {
            float[] images = images(model, batch, new SplittableRandom(step));
            LogitLoss loss = NetworkGradientTest.judge(model);
            LogitLoss exact = NetworkGradientTest.judge(model);
            ours.judgeBy(loss);
            reference.judgeBy(exact);
            ours.fit(images, truth, batch);
            reference.fit(images, truth, batch);
            assertEquals(exact.loss(), loss.loss(), 1e-4 * (1 + Math.abs(exact.loss())), "step " + step);
            assertTrue(ours.updateIsFinite());
        }
        float[] actual = ours.parameters();
        float[] expected = reference.parameters();
        double error = 0;
        for (int i = 0; i < actual.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
        }
        // Against what ten steps may move.
        assertTrue(
                Math.sqrt(error / actual.length) <= 0.01 * RATE * (to - from),
                "parameters differ by " + Math.sqrt(error / actual.length));
    }

    @Test
    void eachGoesOnWhereTheOtherStopped() {
        ModelConfig model = NetworkGradientTest.models().get(0);
        EngineNetwork ours = ours(model);
        GraphNetwork reference = GraphNetwork.training(model, step -> RATE);
        ours.initialise(RandomStreams.of(3));
        reference.initialise(RandomStreams.of(3));
        steps(ours, reference, model, 16, 0, 4);
        EngineNetwork oursAgain = ours(model);
        GraphNetwork referenceAgain = GraphNetwork.training(model, step -> RATE);
        oursAgain.restore(reference.parameters(), reference.optimiser(), 4);
        referenceAgain.restore(ours.parameters(), ours.optimiser(), 4);
        float[] moments = ours.optimiser();
        float[] theirs = reference.optimiser();
        for (int i = 0; i < moments.length; i++) {
            assertEquals(theirs[i], moments[i], 1e-5 * (1 + Math.abs(theirs[i])), "moment " + i);
        }
        steps(oursAgain, referenceAgain, model, 16, 4, 8);
        steps(ours, reference, model, 16, 4, 8);
        float[] straight = ours.parameters();
        float[] crossed = oursAgain.parameters();
        for (int i = 0; i < straight.length; i++) {
            assertEquals(straight[i], crossed[i], 1e-4, "parameter " + i);
        }
    }

    /** Half of the heap at most; what does not fit is told with the number. */
    @Test
    void whatDoesNotFitIsToldWithTheNumber() {
        ModelConfig model = new ModelConfig(
                "large",
                3,
                224,
                224,
                Activation.RELU,
                List.of(BlockConfig.of(32), BlockConfig.of(64)),
                List.of(HeadConfig.linear(), HeadConfig.linear()));
        long budget = Network.budget(model, 64, 1);
        assertTrue(budget >= 0 && budget <= Runtime.getRuntime().maxMemory() / 2, budget + " bytes");
        assertTrue(Network.obstacle(model, 64, 1 << 20)
                .matches("batches of 64 need \\d{3} MiB at least.* 1 MiB that images.*"));
        assertNull(Network.obstacle(model, 64, Long.MAX_VALUE));
    }

    @Test
    void headsThatMeasureRunOnTheReference() {
        ModelConfig model = NetworkGradientTest.models().get(0);
        ModelConfig measured = model.withHeads(List.of(
                HeadConfig.quantum(3, 2).measured(100, null), model.heads().get(1)));
        assertEquals(
                TrainingEngine.QEXIT, Network.forTraining(model, step -> RATE).engine());
        assertEquals(
                TrainingEngine.DL4J, Network.forTraining(measured, step -> RATE).engine());
        assertEquals(
                TrainingEngine.DL4J,
                Network.forTraining(model, step -> RATE, TrainingEngine.DL4J, 1).engine());
    }
}

package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.qexit.nn.layer.FirstConvolution;

/** Outputs and gradients are those of DL4J's own layer. */
class FirstConvolutionTest {
    private static MultiLayerNetwork network(
            boolean first, DataType type, IActivation activation, int[] input, int outputs, int kernel) {
        ConvolutionLayer.Builder convolution = new ConvolutionLayer.Builder(input[1] == 1 ? 1 : kernel, kernel)
                .convolutionMode(ConvolutionMode.Same)
                .nOut(outputs)
                .activation(activation);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .list()
                .layer(first ? new FirstConvolution(convolution) : convolution.build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        // Does not saturate, however many inputs it has.
                        .activation(new ActivationIdentity())
                        .build())
                .setInputType(InputType.convolutional(input[1], input[2], input[0]))
                .build());
        network.init();
        return network;
    }

    @ParameterizedTest
    @CsvSource({
        // batch, channels, height, width, outputs, kernel
        "64, 1, 28, 28, 8, 3",
        "1, 1, 28, 28, 1, 3",
        "5, 3, 32, 32, 16, 5",
        "7, 2, 9, 6, 3, 5",
        "4, 17, 8, 8, 5, 3",
        "3, 4, 5, 5, 2, 1",
        "16, 1, 1, 180, 4, 7",
        "2, 2, 1, 11, 3, 3",
        "3, 1, 2, 2, 2, 7",
        "2, 1, 1, 1, 2, 3",
    })
    void matchesTheLibrary(int batch, int channels, int height, int width, int outputs, int kernel) {
        Backend.ensure();
        SplittableRandom random = new SplittableRandom(5);
        int[] input = {channels, height, width};
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (IActivation activation : new IActivation[] {new ActivationReLU(), new ActivationTanH()}) {
                MultiLayerNetwork ours = network(true, type, activation, input, outputs, kernel);
                MultiLayerNetwork theirs = network(false, type, activation, input, outputs, kernel);
                assertInstanceOf(FirstConvolution.class, ours.getLayer(0).conf().getLayer());
                ours.params().assign(random(random, type, ours.params().shape()).muli(0.3));
                theirs.params().assign(ours.params());
                // Twice, for nothing may be left over from the batch before.
                for (int round = 0; round < 2; round++) {
                    INDArray x = random(random, type, batch, channels, height, width);
                    INDArray y = random(random, type, batch, 3);
                    assertClose(theirs.output(x), ours.output(x), type);
                    assertClose(gradient(theirs, x, y), gradient(ours, x, y), type);
                }
            }
        }
    }

    /** Between −1 and 1; ND4J's own numbers differ from run to run whatever the seed. */
    private static INDArray random(SplittableRandom random, DataType type, long... shape) {
        long length = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        double[] values = random.doubles(length, -1, 1).toArray();
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    private static INDArray gradient(MultiLayerNetwork network, INDArray x, INDArray y) {
        network.setInput(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        return network.gradient().gradient().dup();
    }

    private static void assertClose(INDArray expected, INDArray actual, DataType type) {
        double scale = expected.norm2Number().doubleValue();
        assertTrue(scale > 0);
        assertEquals(0, expected.distance2(actual) / scale, type == DataType.FLOAT ? 2e-5 : 1e-12);
    }
}

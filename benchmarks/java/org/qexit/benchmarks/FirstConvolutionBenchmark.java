package org.qexit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qexit.nn.layer.FirstConvolution;

/**
 * Forward and backward of a network that is little more than its first convolution, beside DL4J's own layer on oneDNN; one thread with
 * OMP_NUM_THREADS=1.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 8, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Dorg.eclipse.deeplearning4j.helpers.disable=false")
public class FirstConvolutionBenchmark {
    /** Which layer. */
    public enum Layer {
        /** qexit's. */
        FIRST,
        /** DL4J's. */
        LIBRARY
    }

    /** Samples, channels, height, width, channels out, kernel. */
    @Param({"64x1x28x28x8x3", "128x1x28x28x2x3", "64x3x32x32x16x3", "128x1x1x180x4x7"})
    public String shape;

    @Param({"FIRST", "LIBRARY"})
    public Layer layer;

    private MultiLayerNetwork network;
    private INDArray input;
    private INDArray labels;

    @Setup
    public void prepare() {
        String[] parts = shape.split("x");
        int[] n = new int[parts.length];
        for (int i = 0; i < n.length; i++) {
            n[i] = Integer.parseInt(parts[i]);
        }
        ConvolutionLayer.Builder convolution = new ConvolutionLayer.Builder(n[2] == 1 ? 1 : n[5], n[5])
                .convolutionMode(ConvolutionMode.Same)
                .nOut(n[4])
                .activation(new ActivationReLU());
        network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new NoOp())
                .list()
                .layer(layer == Layer.FIRST ? new FirstConvolution(convolution) : convolution.build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .activation(new ActivationSigmoid())
                        .build())
                .setInputType(InputType.convolutional(n[2], n[3], n[1]))
                .build());
        network.init();
        input = Nd4j.rand(DataType.FLOAT, n[0], n[1], n[2], n[3]);
        labels = Nd4j.rand(DataType.FLOAT, n[0], 2);
    }

    @Benchmark
    public double step() {
        network.fit(input, labels);
        return network.score();
    }
}

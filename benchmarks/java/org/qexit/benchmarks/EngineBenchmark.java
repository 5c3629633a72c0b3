package org.qexit.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qexit.engine.Adam;
import org.qexit.engine.Blueprint;
import org.qexit.engine.Engine;
import org.qexit.engine.KernelChoice;
import org.qexit.engine.Stage;

/**
 * The engine forward, and a whole step but for the loss, on batches of 64: blocks of 3×3 convolutions and 2×2 pooling with a head of
 * tanh units behind each, as the classical twin of the quickstart has them. PyTorch 1.13 in its best setting takes 6.0 ms for the first
 * network's step and 47 ms for the second's where this takes 3.0 and 56 (docs/performance.md). Samples, not means: on a machine that others
 * use, the least of them say most.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class EngineBenchmark {
    private static final int BATCH = 64;
    private static final int EXITS = 3;

    /** Channels, height and width of the images, then channels of each block. */
    @Param({"1x28x28x8x16x32", "3x32x32x32x64x128"})
    public String shape;

    @Param({"AUTO", "PLAIN"})
    public KernelChoice kernels;

    @Param({"1", "2"})
    public int threads;

    private final SplittableRandom random = new SplittableRandom(7);
    private final double[] logits = new double[BATCH * EXITS * 2];
    private Engine engine;
    private Adam adam;
    private float[] images;
    private float[] initial;
    private int[] truth;

    @Setup
    public void build() {
        String[] numbers = shape.split("x");
        int rows = Integer.parseInt(numbers[1]);
        int columns = Integer.parseInt(numbers[2]);
        List<Blueprint.Block> blocks = new ArrayList<>();
        List<Blueprint.Head> heads = new ArrayList<>();
        int height = rows;
        int width = columns;
        for (int b = 0; b < EXITS; b++) {
            int channels = Integer.parseInt(numbers[3 + b]);
            blocks.add(new Blueprint.Block(channels, 3, 3, 1, 2, 2));
            height /= 2;
            width /= 2;
            heads.add(new Blueprint.Head(
                    false,
                    List.of(new Stage.Dense(channels * height * width, 4, true), new Stage.Dense(4, 2, false))));
        }
        engine = Engine.of(
                new Blueprint(Integer.parseInt(numbers[0]), rows, columns, false, blocks, heads), kernels, threads);
        initial = new float[engine.parameters().length];
        for (int i = 0; i < initial.length; i++) {
            initial[i] = (float) (0.1 * random.nextGaussian());
        }
        truth = new int[logits.length];
        images = new float[BATCH * engine.blueprint().features()];
    }

    /**
     * Fresh images, truths and parameters, for who trains on the same ones for ever ends among the smallest of numbers, which are slow.
     */
    @Setup(Level.Iteration)
    public void draw() {
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextDouble();
        }
        for (int i = 0; i < truth.length; i++) {
            truth[i] = random.nextInt(2);
        }
        System.arraycopy(initial, 0, engine.parameters(), 0, initial.length);
        engine.load();
        adam = new Adam(initial.length, threads);
    }

    @Benchmark
    public double[] forward() {
        engine.forward(images, BATCH, logits);
        return logits;
    }

    @Benchmark
    public float[] step() {
        engine.forward(images, BATCH, logits);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (1 / (1 + Math.exp(-logits[i])) - truth[i]) / BATCH;
        }
        engine.backward(logits);
        adam.step(engine.parameters(), engine.gradient(), 1e-3);
        engine.load();
        return engine.gradient();
    }
}

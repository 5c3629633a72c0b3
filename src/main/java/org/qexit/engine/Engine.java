package org.qexit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.qexit.common.Checks;
import org.qexit.common.Team;

/**
 * Runs a {@link Blueprint} forward and backward on batches, in single precision; circuits and rings in double. Same parameters and samples
 * give the same bits on every processor, with or without the Vector API, on any number of threads: a tile has sixteen samples whatever the
 * processor's vectors hold, every product is added by one fused multiply-add in a fixed order, the batch is cut into parts by its size
 * alone, and parts are summed in order.
 *
 * <pre>{@code
 * var block = new Blueprint.Block(4, 3, 3, 1, 2, 2); // 4 channels, 3 x 3, one convolution, pooled by 2 x 2
 * var head = new Blueprint.Head(false, java.util.List.of(new Stage.Dense(4 * 3 * 3, 2, false)));
 * var blueprint = new Blueprint(1, 6, 6, false, java.util.List.of(block), java.util.List.of(head));
 * Engine engine = Engine.of(blueprint, KernelChoice.AUTO, 1);
 * Adam adam = new Adam(engine.parameters().length);
 * double[] logits = new double[20 * 2]; // [sample][exit · K + class]
 * engine.load(); // after parameters() have changed
 * engine.forward(new float[20 * 36], 20, logits);
 * double[] gradientOfLogits = new double[20 * 2]; // of a loss of the same batch
 * engine.backward(gradientOfLogits);
 * adam.step(engine.parameters(), engine.gradient(), 0.001);
 * }</pre>
 *
 * <p>Work of a step: three times that of the convolutions forward, less the first one's input gradient. Nothing is allocated after the
 * first batch of a size. One caller at a time.
 */
public final class Engine {
    /** Tiles of a part, of small batches: two, so that half of the usual batch of 64 is one. */
    private static final int TILES = 2;

    /** At most so many parts, for each has a gradient of its own. */
    private static final int PARTS = 16;

    /** Of the heap, for what forward keeps; the rest is the program's. */
    private static final double MEMORY_SHARE = 0.5;

    private final Shape shape;
    private final KernelChoice choice;
    private final int threads;
    private final float[] parameters;
    private final float[] gradient;
    private final List<Part> parts = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    // The call in progress, for the threads that work on it.
    private final Team.Job forward = this::forwardParts;
    private final Team.Job backward = this::backwardParts;
    private final AtomicInteger next = new AtomicInteger();
    private int batch;
    private int samplesPerPart;
    private int used;
    private float[] images;
    private double[] logits;
    private double[] upstream;

    private Engine(Shape shape, KernelChoice choice, int threads) {
        this.shape = shape;
        this.choice = choice;
        this.threads = threads;
        this.parameters = new float[shape.parameters];
        this.gradient = new float[shape.parameters];
    }

    /**
     * With parameters of 0.
     *
     * @param threads how many work on a batch; results do not depend on it
     * @throws IllegalArgumentException if the blueprint's layers do not fit each other
     */
    public static Engine of(Blueprint blueprint, KernelChoice choice, int threads) {
        Checks.within("threads", threads, 1, 1024);
        return new Engine(new Shape(blueprint), choice, threads);
    }

    /**
     * Bytes that batches of a size need.
     *
     * @param threads that work on them
     */
    public static long bytes(Blueprint blueprint, int batch, int threads) {
        Shape shape = new Shape(blueprint);
        long tiles = (batch + Grid.LANES - 1L) / Grid.LANES;
        long copies = 4L + Math.min(PARTS, tiles);
        return Float.BYTES * (shape.numbers(tiles + 1, threads) + copies * shape.parameters);
    }

    /** What of this JVM's memory may be used for batches, in bytes. */
    public static long budget() {
        return (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory());
    }

    public Blueprint blueprint() {
        return shape.blueprint;
    }

    /** "vector" or "plain": the inner loops that run. */
    public String kernelName() {
        return choice.create().name();
    }

    /** All parameters, the engine's own array: call {@link #load} after changes. */
    public float[] parameters() {
        return parameters;
    }

    /** ∂L/∂parameters of the last {@link #backward}; not a copy. */
    public float[] gradient() {
        return gradient;
    }

    /** Takes the parameters as they are now. */
    public void load() {
        shape.convolutions.forEach(each -> each.pack(parameters));
        shape.heads.forEach(head -> head.pack(parameters));
    }

    /**
     * Logits of a batch, by the parameters at the last {@link #load}.
     *
     * @param batchImages {@code [sample][channel · row · column]}, flattened
     * @param size samples, at least 1
     * @param batchLogits {@code [sample][logit]} of all exits side by side, flattened, overwritten
     */
    public void forward(float[] batchImages, int size, double[] batchLogits) {
        Checks.within("batch", size, 1, Integer.MAX_VALUE / Math.max(1, shape.blueprint.features()));
        if (batchImages.length < size * shape.blueprint.features() || batchLogits.length < size * shape.logits) {
            throw new IllegalArgumentException(batchImages.length + " values and " + batchLogits.length
                    + " logits for a batch of " + size + "; expected " + size * shape.blueprint.features() + " and "
                    + size * shape.logits);
        }
        int tiles = (size + Grid.LANES - 1) / Grid.LANES;
        int perPart = Math.max(TILES, (tiles + PARTS - 1) / PARTS);
        batch = size;
        samplesPerPart = perPart * Grid.LANES;
        used = (tiles + perPart - 1) / perPart;
        while (parts.size() < used || parts.get(used - 1).tiles < perPart) {
            if (!parts.isEmpty() && parts.get(0).tiles < perPart) {
                parts.clear();
            }
            parts.add(new Part(shape, perPart));
        }
        images = batchImages;
        logits = batchLogits;
        try {
            run(forward);
        } finally {
            images = null;
            logits = null;
        }
    }

    /**
     * The gradient of the parameters, behind {@link #forward} of the same batch.
     *
     * @param batchUpstream ∂L/∂logits, laid out as the logits
     */
    public void backward(double[] batchUpstream) {
        if (batch == 0 || batchUpstream.length < batch * shape.logits) {
            throw new IllegalArgumentException(
                    batchUpstream.length + " gradients; expected " + batch * shape.logits + ", as in forward before");
        }
        upstream = batchUpstream;
        try {
            run(backward);
        } finally {
            upstream = null;
        }
        System.arraycopy(parts.get(0).gradient, 0, gradient, 0, gradient.length);
        for (int p = 1; p < used; p++) {
            add(parts.get(p).gradient, gradient);
        }
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    private void run(Team.Job job) {
        int members = Math.min(threads, used);
        while (workers.size() < members) {
            workers.add(new Worker(shape, choice.create()));
        }
        next.set(0);
        Team.run(members, job);
    }

    private void forwardParts(int member) {
        for (int p = next.getAndIncrement(); p < used; p = next.getAndIncrement()) {
            workers.get(member).forward(parts.get(p), images, p * samplesPerPart, samples(p), logits);
        }
    }

    private void backwardParts(int member) {
        for (int p = next.getAndIncrement(); p < used; p = next.getAndIncrement()) {
            workers.get(member).backward(parts.get(p), upstream, p * samplesPerPart, samples(p));
        }
    }

    private int samples(int part) {
        return Math.min(samplesPerPart, batch - part * samplesPerPart);
    }

    /** Channels, rows and columns of the features that an exit's head sees. */
    public int[] featureShape(int exit) {
        Grid grid = shape.convolutions.get(shape.lastBefore[exit]).out;
        return new int[] {grid.channels, grid.rows, grid.columns};
    }

    /** The features of a sample of the last batch that an exit's head sees, {@code [channel · row · column]}, flattened. */
    public void features(int exit, int sample, float[] target, int at) {
        Grid grid = shape.convolutions.get(shape.lastBefore[exit]).out;
        Part part = parts.get(sample / samplesPerPart);
        int inPart = sample % samplesPerPart;
        float[] values = part.outputs.get(shape.lastBefore[exit]);
        int from = inPart / Grid.LANES * Math.toIntExact(grid.size()) + inPart % Grid.LANES;
        int[] places = grid.places();
        for (int i = 0; i < places.length; i++) {
            target[at + i] = values[from + places[i]];
        }
    }

    /** What a stage of a head gave for a sample of the last batch. */
    public double stageValue(int exit, int stage, int sample, int output) {
        Part part = parts.get(sample / samplesPerPart);
        return part.heads.get(exit).value(stage, sample % samplesPerPart, output);
    }
}

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
 * <p>Work of a step: three times that of the convolutions forward, less the first one's input gradient; those of 3 × 3 places between eight and
 * more channels on both sides take less than half the products ({@link WinogradFilter}). Where the memory does not suffice
 * for what forward keeps of a batch, backward computes it again part by part: a third more work, the same bits. Nothing is allocated after
 * the first batch of a size. One caller at a time.
 */
public final class Engine {
    /** Tiles of a part, of small batches: two, so that half of the usual batch of 64 is one. */
    private static final int TILES = 2;

    /** At most so many parts, for each has a gradient of its own. */
    private static final int PARTS = 16;

    /** Parameters are taken, and gradients summed, in so many shares, whoever does them. */
    private static final int SHARES = 8;

    /** Of the heap, for what forward keeps; the rest is the program's. */
    private static final double MEMORY_SHARE = 0.5;

    private final Shape shape;
    private final KernelChoice choice;
    private final int threads;
    private final float[] parameters;
    private final float[] gradient;
    private final long budget;
    /** Of the batch, or, where it is too large to be kept, one for each worker. */
    private final List<Part> parts = new ArrayList<>();

    private final List<float[]> gradients = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    // The call in progress, for the threads that work on it.
    private final Team.Job forward = this::forwardParts;
    private final Team.Job backward = this::backwardParts;
    private final Team.Job packing = this::packShares;
    private final Team.Job summing = this::sumShares;
    private final AtomicInteger next = new AtomicInteger();
    private int batch;
    private int samplesPerPart;
    private int used;
    private boolean kept;
    /** Which part the first worker holds, where parts are not kept; -1 for none. */
    private int held;
    /** Of a part that is computed again. */
    private double[] again = new double[0];

    private float[] images;
    private double[] logits;
    private double[] upstream;

    private Engine(Shape shape, KernelChoice choice, int threads, long budget) {
        this.budget = budget;
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
        return of(blueprint, choice, threads, budget());
    }

    /**
     * As before.
     *
     * @param budget bytes that a batch may take as a whole
     */
    public static Engine of(Blueprint blueprint, KernelChoice choice, int threads, long budget) {
        Checks.within("threads", threads, 1, 1024);
        return new Engine(new Shape(blueprint), choice, threads, budget);
    }

    /** Bytes that batches of a size need at least, part by part on one thread. */
    public static long leastBytes(Blueprint blueprint, int batch) {
        return bytes(new Shape(blueprint), batch, 1, false);
    }

    /** Bytes that batches of a size take if all that backward needs is kept. */
    public static long keptBytes(Blueprint blueprint, int batch, int threads) {
        return bytes(new Shape(blueprint), batch, threads, true);
    }

    private static long bytes(Shape shape, int batch, int threads, boolean keeps) {
        int tiles = tiles(batch);
        long copies = 4L + Math.min(PARTS, tiles);
        long held = keeps ? tiles : (long) threads * perPart(tiles);
        return Float.BYTES * (shape.numbers(held, threads) + copies * shape.parameters);
    }

    private static int tiles(int batch) {
        return (int) ((batch + Grid.LANES - 1L) / Grid.LANES);
    }

    private static int perPart(int tiles) {
        return Math.max(TILES, (tiles + PARTS - 1) / PARTS);
    }

    /** What of this JVM's memory may be used for batches at most, in bytes. */
    public static long budget() {
        return (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory());
    }

    public Blueprint blueprint() {
        return shape.blueprint;
    }

    /** How many threads work on a batch. */
    public int threads() {
        return threads;
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
        next.set(0);
        Team.run(threads, packing);
    }

    private void packShares(int member) {
        for (int s = next.getAndIncrement(); s < SHARES; s = next.getAndIncrement()) {
            for (int i = 0; i < shape.convolutions.size(); i++) {
                shape.convolutions.get(i).pack(parameters, s, SHARES);
            }
            for (int q = s; q < shape.heads.size(); q += SHARES) {
                shape.heads.get(q).pack(parameters);
            }
        }
    }

    /**
     * Logits of a batch, by the parameters at the last {@link #load}.
     *
     * @param batchImages {@code [sample][channel · row · column]}, flattened; not to be changed before the gradient is taken
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
        int tiles = tiles(size);
        int perPart = perPart(tiles);
        batch = size;
        samplesPerPart = perPart * Grid.LANES;
        used = (tiles + perPart - 1) / perPart;
        kept = bytes(shape, size, Math.min(threads, used), true) <= budget;
        held = -1;
        int rooms = kept ? used : members();
        while (!kept && parts.size() > rooms) {
            parts.remove(parts.size() - 1);
        }
        while (parts.size() < rooms || parts.get(rooms - 1).tiles < perPart) {
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
            images = kept ? null : batchImages;
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
        while (gradients.size() < used) {
            gradients.add(new float[shape.parameters]);
        }
        if (!kept && again.length < batch * shape.logits) {
            again = new double[batch * shape.logits];
        }
        upstream = batchUpstream;
        try {
            run(backward);
        } finally {
            upstream = null;
        }
        next.set(0);
        Team.run(threads, summing);
    }

    private void sumShares(int member) {
        for (int s = next.getAndIncrement(); s < SHARES; s = next.getAndIncrement()) {
            int begin = (int) ((long) gradient.length * s / SHARES);
            int end = (int) ((long) gradient.length * (s + 1) / SHARES);
            System.arraycopy(gradients.get(0), begin, gradient, begin, end - begin);
            for (int p = 1; p < used; p++) {
                add(gradients.get(p), gradient, begin, end);
            }
        }
    }

    private static void add(float[] from, float[] to, int begin, int end) {
        for (int i = begin; i < end; i++) {
            to[i] += from[i];
        }
    }

    private void run(Team.Job job) {
        int members = members();
        while (workers.size() < members) {
            workers.add(new Worker(shape, choice.create()));
        }
        next.set(0);
        Team.run(members, job);
    }

    /** How many work: where parts are not kept, as many as there is memory for. */
    private int members() {
        int members = Math.min(threads, used);
        while (!kept && members > 1 && bytes(shape, batch, members, false) > budget) {
            members--;
        }
        return members;
    }

    private void forwardParts(int member) {
        for (int p = next.getAndIncrement(); p < used; p = next.getAndIncrement()) {
            Part part = parts.get(kept ? p : member);
            workers.get(member).forward(part, images, p * samplesPerPart, samples(p), logits);
        }
    }

    private void backwardParts(int member) {
        for (int p = next.getAndIncrement(); p < used; p = next.getAndIncrement()) {
            Part part = parts.get(kept ? p : member);
            if (!kept) {
                workers.get(member).forward(part, images, p * samplesPerPart, samples(p), again);
            }
            workers.get(member).backward(part, upstream, p * samplesPerPart, samples(p), gradients.get(p));
        }
        held = -1;
    }

    /** The part of a sample of the last batch, as forward left it. */
    private Part part(int sample) {
        int p = sample / samplesPerPart;
        if (kept) {
            return parts.get(p);
        }
        if (held != p) {
            if (again.length < batch * shape.logits) {
                again = new double[batch * shape.logits];
            }
            workers.get(0).forward(parts.get(0), images, p * samplesPerPart, samples(p), again);
            held = p;
        }
        return parts.get(0);
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
        Part part = part(sample);
        int inPart = sample % samplesPerPart;
        Span values = part.outputs.get(shape.lastBefore[exit]);
        int from = values.tile(inPart / Grid.LANES, grid) + inPart % Grid.LANES;
        int[] places = grid.places();
        for (int i = 0; i < places.length; i++) {
            target[at + i] = values.values()[from + places[i]];
        }
    }

    /** What a stage of a head gave for a sample of the last batch. */
    public double stageValue(int exit, int stage, int sample, int output) {
        Part part = part(sample);
        return part.heads.get(exit).value(stage, sample % samplesPerPart, output);
    }
}

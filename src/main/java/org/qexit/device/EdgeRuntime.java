package org.qexit.device;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.engine.event.Walk;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What runs on a device: the stages of a bundle on the engine or in ONNX Runtime ({@link Backend}), one after the other, each only if the
 * exits before it were undecided. The decision rule is a {@link Rule}, in float.
 *
 * <pre>{@code
 * try (EdgeRuntime device = EdgeRuntime.open(Path.of("bundle.zip"), "ue1")) {
 *     float[] event = new float[device.input().size()];   // levels 0 to 255 of an image, row by row
 *     EdgeRuntime.Result result = device.classify(event);
 *     System.out.println(result.critical() ? "to the node that the plan names" : "normal at exit " + result.exit());
 * }
 * }</pre>
 *
 * <p><b>Events</b> are {@code float[channels * height * width]}, row-major, from 0 to the maximum that {@link #input} says: 255 for 8-bit
 * images, 1 for values that are scaled already. They are read, never written or kept. A {@link RangeWatch} beside the runtime notices
 * streams of scaled values where levels are expected.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} for an event of another length or shape, or with a value out of range; {@link
 * UserError}
 * for a bundle that is refused, or a graph that no runtime takes, cannot run, or that gives what is no confidence. The runtime remains
 * usable after either.
 *
 * <p><b>Threads.</b> All methods may be called by several threads at once, {@link #close} by one after the last call of the others. The
 * same event gives the same bits on the engine, with or without the Vector API, alone or among others; and in ONNX Runtime with one thread
 * alone: there {@link #classify(float[][])} gives an event's decision up to the rounding of another order of summation. Weights are held
 * once, whatever the number of threads: about the size of the stages' files. On the engine nothing is allocated for an event but its
 * {@link Result}.
 */
public final class EdgeRuntime implements AutoCloseable {
    private final BundleManifest manifest;
    private final Rule thresholds;
    private final StageRunner stages;
    private final Warning notice;

    private EdgeRuntime(BundleManifest manifest, Rule thresholds, Runners opened) {
        this.manifest = manifest;
        this.thresholds = thresholds;
        this.stages = opened.runner();
        this.notice = opened.notice().orElse(null);
    }

    /**
     * Opens a bundle as one of its devices.
     *
     * @param bundle a directory or a zip file
     * @param device the id of a device that the bundle has settings for
     * @throws UserError if the bundle is refused, has no such device, or ONNX Runtime refuses a graph
     */
    public static EdgeRuntime open(Path bundle, String device) {
        Bundle opened = Bundle.open(bundle);
        opened.checkForDevice();
        return open(opened, opened.device(device).thresholds(), 1);
    }

    /**
     * As {@link #open(Path, String)}, with thresholds of one's own: those of an update, say, or of a bundle whose signature was checked.
     *
     * @param threads that ONNX Runtime uses for one call, 1 to 1024; more than one ask for it
     * @throws UserError if ONNX Runtime refuses a graph, or the thresholds are for another number of exits
     */
    public static EdgeRuntime open(Bundle bundle, Rule thresholds, int threads) {
        return open(bundle, thresholds, Backend.AUTO, threads);
    }

    /**
     * As {@link #open(Bundle, Rule, int)}, in a runtime of one's choice.
     *
     * @throws UserError also if that runtime does not run the bundle
     */
    public static EdgeRuntime open(Bundle bundle, Rule thresholds, Backend backend, int threads) {
        bundle.checkForDevice();
        checkExits(bundle, Checks.present("thresholds", thresholds));
        Checks.within("threads", threads, 1, 1024);
        return new EdgeRuntime(
                bundle.manifest(),
                thresholds,
                Runners.open(bundle, GraphNames.CONFIDENCE, 1, Checks.present("backend", backend), threads));
    }

    private static void checkExits(Bundle bundle, Rule thresholds) {
        try {
            thresholds.perExit(bundle.manifest().exits());
        } catch (IllegalArgumentException e) {
            throw new UserError(bundle.origin() + ": " + e.getMessage(), e);
        }
    }

    /**
     * What became of one event.
     *
     * @param critical whether to offload it
     * @param exit the exit that decided, from 1
     * @param confidences that it is critical, 0 to 1, of the exits that ran, first exit first
     */
    public record Result(boolean critical, int exit, float[] confidences) {}

    /** Number of exits L. */
    public int exits() {
        return manifest.exits();
    }

    /** What runs the stages, in words. */
    public String backend() {
        return stages.name();
    }

    /** Why the bundle does not run on the engine, where {@link Backend#AUTO} found that; to be said once. */
    public Optional<Warning> notice() {
        return Optional.ofNullable(notice);
    }

    /** What an event looks like. */
    public BundleManifest.Input input() {
        return manifest.input();
    }

    public Rule thresholds() {
        return thresholds;
    }

    /**
     * Decides one event; later stages are not run when an exit decides.
     *
     * @throws IllegalArgumentException if the event is of the wrong length or holds a value out of range
     */
    public Result classify(float[] event) {
        return one(event, thresholds, null);
    }

    /**
     * As {@link #classify(float[])}, and gives what the first block made of the event, which later blocks, or an edge node's model, go on
     * from.
     *
     * @param firstBlock takes the features, {@code [channel * height * width]}
     * @throws UserError if the model has one exit alone, behind which no features come out, or several tensors do
     */
    public Result classify(float[] event, Consumer<float[]> firstBlock) {
        return classify(event, thresholds, Checks.present("firstBlock", firstBlock));
    }

    /**
     * As {@link #classify(float[])}, by another rule than the runtime's own, such as that of a {@link BudgetFollower}.
     *
     * @param firstBlock takes the features behind the first block; null where they are not asked for
     * @throws IllegalArgumentException also if the rule is for another number of exits
     * @throws UserError if features are asked for that the model does not give
     */
    public Result classify(float[] event, Rule rule, Consumer<float[]> firstBlock) {
        Checks.present("rule", rule).perExit(exits());
        if (firstBlock != null) {
            checkFeatures();
        }
        return one(event, rule, firstBlock);
    }

    private void checkFeatures() {
        if (exits() == 1) {
            throw new UserError("a model of one exit gives no features");
        }
        if (manifest.carried(0) != 1) {
            throw new UserError("the model's first stage hands on " + manifest.carried(0)
                    + " tensors; expected one, which would be the features");
        }
    }

    /**
     * As {@link #classify(float[])}, and checks the shape, which a flat array cannot show: 14 x 56 values are no image of 28 x 28.
     *
     * @param event {@code [channel][row][column]}
     */
    public Result classify(float[][][] event) {
        BundleManifest.Input shape = manifest.input();
        FloatBuffer flat = FloatBuffer.allocate(shape.size());
        checkCount("channels", event.length, shape.channels());
        for (float[][] channel : event) {
            checkCount("rows", channel.length, shape.height());
            for (float[] row : channel) {
                checkCount("columns", row.length, shape.width());
                flat.put(row);
            }
        }
        return classify(flat.array());
    }

    private void checkCount(String what, int count, int expected) {
        if (count != expected) {
            BundleManifest.Input shape = manifest.input();
            throw new IllegalArgumentException("an event has " + count + " " + what + "; expected " + shape.channels()
                    + " x " + shape.height() + " x " + shape.width());
        }
    }

    /**
     * As {@link #classify(float[])}, but runs all stages whatever the exits say, as a model without early exit does; the decision is the
     * same.
     */
    public Result classifyByAllStages(float[] event) {
        return one(event, null, null);
    }

    /**
     * Decides many events; each stage runs on those that are still undecided.
     *
     * @param events {@code [event][value]}
     * @return one result per event, in order
     * @throws IllegalArgumentException as {@link #classify(float[])}; then nothing was decided
     */
    public List<Result> classify(float[][] events) {
        for (float[] event : events) {
            check(event);
        }
        return Arrays.stream(stages.confidences(events, thresholds, exits()))
                .map(seen -> result(thresholds, seen))
                .toList();
    }

    /**
     * Energy of an event that leaves at an exit: γ · memory accesses of the stages up to there, Eq. (3) [J].
     *
     * @param exit from 1
     * @param joulesPerMemoryAccess γ [J per 32-bit word]
     */
    public double joules(int exit, double joulesPerMemoryAccess) {
        Checks.within("exit", exit, 1, exits());
        return Checks.nonNegative("joulesPerMemoryAccess", joulesPerMemoryAccess)
                * manifest.costs().get(exit - 1).memoryAccesses();
    }

    /** @param limits null: every stage runs */
    private Result one(float[] event, Rule limits, Consumer<float[]> firstBlock) {
        check(event);
        Walk walk = stages.begin(event);
        try {
            int exits = exits();
            int ran = 0;
            boolean stopped = false;
            while (ran < exits && !stopped) {
                float confidence = walk.next()[0];
                if (!(confidence >= 0 && confidence <= 1)) {
                    throw new UserError(
                            manifest.stages().get(ran) + ": gave the confidence " + confidence + "; expected 0 to 1");
                }
                if (ran == 0 && firstBlock != null) {
                    firstBlock.accept(walk.handedOn());
                }
                stopped = limits != null && limits.stops(ran, confidence);
                ran++;
            }
            float[] confidences = new float[ran];
            for (int q = 0; q < ran; q++) {
                confidences[q] = walk.answer(q)[0];
            }
            return result(limits == null ? thresholds : limits, confidences);
        } finally {
            walk.leave();
        }
    }

    private static Result result(Rule rule, float[] confidences) {
        Thresholds.Decision decision = rule.decide(confidences);
        return new Result(decision.critical(), decision.exit() + 1, confidences);
    }

    private void check(float[] event) {
        BundleManifest.Input shape = manifest.input();
        if (event.length != shape.size()) {
            throw new IllegalArgumentException("an event has " + event.length + " values; expected " + shape.channels()
                    + " x " + shape.height() + " x " + shape.width());
        }
        float maximum = shape.maximum();
        for (float value : event) {
            if (!(value >= 0 && value <= maximum)) {
                throw new IllegalArgumentException("an event holds " + value + "; expected 0 to " + maximum);
            }
        }
    }

    @Override
    public void close() {
        stages.close();
    }
}

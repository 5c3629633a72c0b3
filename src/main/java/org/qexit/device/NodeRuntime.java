package org.qexit.device;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.engine.event.Walk;
import org.qexit.trace.ClassThresholds;

/**
 * What runs at an edge node: the stages of its bundle on the engine or in ONNX Runtime, one after the other, each only if those before were undecided. The
 * decision rule is that of {@link ClassThresholds}, in float. What is said of threads and errors at {@link EdgeRuntime} holds here.
 *
 * <p><b>Events</b> are what devices send: {@code float[channels * height * width]}, row-major; levels 0 to 255 where a value has 8 bits.
 */
public final class NodeRuntime implements AutoCloseable {
    private final BundleManifest.Input input;
    private final NodeSettings node;
    private final int[] critical;
    private final int exits;
    private final StageRunner stages;
    private final Warning notice;

    private NodeRuntime(BundleManifest manifest, NodeSettings node, Runners opened) {
        this.input = manifest.input();
        this.exits = manifest.exits();
        this.node = node;
        this.critical = node.criticalIds();
        this.stages = opened.runner();
        this.notice = opened.notice().orElse(null);
    }

    /**
     * Opens an edge node's bundle.
     *
     * @param bundle a directory or a zip file
     * @throws UserError if the bundle is refused, is a device's, or ONNX Runtime refuses a graph
     */
    public static NodeRuntime open(Path bundle) {
        return open(Bundle.open(bundle));
    }

    /** @throws UserError if the bundle is a device's, or ONNX Runtime refuses a graph */
    public static NodeRuntime open(Bundle bundle) {
        return open(bundle, Backend.AUTO);
    }

    /** @throws UserError also if the runtime of one's choice does not run the bundle */
    public static NodeRuntime open(Bundle bundle, Backend backend) {
        NodeSettings node = bundle.node();
        int classes = node.classes().size();
        return new NodeRuntime(
                bundle.manifest(), node, Runners.open(bundle, GraphNames.PROBABILITIES, classes, backend, 1));
    }

    /**
     * What became of one event.
     *
     * @param classId the class, or {@link ClassThresholds#FALSE_ALARM}
     * @param exit the exit that decided, from 1
     * @param probabilities of all classes at the exits that ran, {@code [exit][class]}
     */
    public record Result(int classId, int exit, float[][] probabilities) {
        public boolean falseAlarm() {
            return classId == ClassThresholds.FALSE_ALARM;
        }
    }

    public int exits() {
        return exits;
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
        return input;
    }

    /** Classes, thresholds and what devices send. */
    public NodeSettings node() {
        return node;
    }

    /**
     * Decides one event; later stages are not run when an exit decides.
     *
     * @throws IllegalArgumentException if the event is of the wrong length or holds what is out of range
     */
    public Result classify(float[] event) {
        return classify(event, false);
    }

    /**
     * As {@link #classify(float[])}, but runs all stages whatever the exits say, as a model without early exit does; the decision and its
     * exit are the same.
     */
    public Result classifyByAllStages(float[] event) {
        return classify(event, true);
    }

    private Result classify(float[] event, boolean all) {
        check(event);
        float[][] probabilities = new float[0][];
        Walk walk = stages.begin(event);
        try {
            while (true) {
                int exit = probabilities.length;
                probabilities = Arrays.copyOf(probabilities, exit + 1);
                probabilities[exit] = checked(walk.next(), exit).clone();
                if (exit + 1 == exits || !all && node.thresholds().decidesAt(probabilities[exit], critical)) {
                    ClassThresholds.Decision decision = node.thresholds().decide(probabilities, critical);
                    return new Result(decision.classId(), decision.exit() + 1, probabilities);
                }
            }
        } finally {
            walk.leave();
        }
    }

    private float[] checked(float[] probabilities, int exit) {
        if (probabilities.length != node.classes().size()) {
            throw new UserError("stage " + (exit + 1) + " gives " + probabilities.length + " probabilities; expected "
                    + node.classes().size());
        }
        for (float probability : probabilities) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new UserError(
                        "stage " + (exit + 1) + " gives the probability " + probability + "; expected 0 to 1");
            }
        }
        return probabilities;
    }

    private void check(float[] event) {
        if (event.length != input.size()) {
            throw new IllegalArgumentException("an event has " + event.length + " values; expected " + input.channels()
                    + " x " + input.height() + " x " + input.width());
        }
        for (float value : event) {
            boolean good = node.payload().unbounded() ? Float.isFinite(value) : value >= 0 && value <= input.maximum();
            if (!good) {
                throw new IllegalArgumentException("an event holds " + value + "; expected "
                        + (node.payload().unbounded() ? "finite numbers" : "0 to " + input.maximum()));
            }
        }
    }

    @Override
    public void close() {
        stages.close();
    }
}

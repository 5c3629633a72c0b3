package org.qexit.device;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.UserError;
import org.qexit.onnx.Features;
import org.qexit.onnx.Stage;
import org.qexit.trace.ClassThresholds;

/**
 * What runs at an edge node: the stages of its bundle in ONNX Runtime, one after the other, each only if those before were undecided. The
 * decision rule is that of {@link ClassThresholds}, in float. What is said of threads and errors at {@link EdgeRuntime} holds here.
 *
 * <p><b>Events</b> are what devices send: {@code float[channels * height * width]}, row-major; levels 0 to 255 where a value has 8 bits.
 */
public final class NodeRuntime implements AutoCloseable {
    private final BundleManifest.Input input;
    private final NodeSettings node;
    private final int[] critical;
    private final List<Stage> stages;

    private NodeRuntime(BundleManifest.Input input, NodeSettings node, List<Stage> stages) {
        this.input = input;
        this.node = node;
        this.critical = node.criticalIds();
        this.stages = stages;
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
        NodeSettings node = bundle.node();
        List<String> names = bundle.manifest().stages();
        List<Stage> stages = new ArrayList<>();
        try {
            for (int q = 0; q < names.size(); q++) {
                stages.add(Stage.open(
                        bundle.origin().resolve(names.get(q)).toString(),
                        bundle.bytes(names.get(q)),
                        bundle.manifest().inputsOf(q),
                        GraphNames.outputs(
                                GraphNames.PROBABILITIES, bundle.manifest().carried(q)),
                        1));
            }
            NodeRuntime runtime = new NodeRuntime(bundle.manifest().input(), node, List.copyOf(stages));
            stages.clear();
            return runtime;
        } finally {
            stages.forEach(Stage::close);
        }
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
        return stages.size();
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
        Stage.Output output = null;
        try (Features first =
                Features.of(FloatBuffer.wrap(event), 1, input.channels(), input.height(), input.width())) {
            while (true) {
                Stage.Output before = output;
                int exit = probabilities.length;
                output = stages.get(exit).run(before == null ? first : before.features());
                if (before != null) {
                    before.close();
                }
                probabilities = Arrays.copyOf(probabilities, exit + 1);
                probabilities[exit] = output.confidences();
                if (probabilities[exit].length != node.classes().size()) {
                    throw new UserError("stage " + (exit + 1) + " gives " + probabilities[exit].length
                            + " probabilities; expected " + node.classes().size());
                }
                if (exit + 1 == stages.size() || !all && node.thresholds().decidesAt(probabilities[exit], critical)) {
                    ClassThresholds.Decision decision = node.thresholds().decide(probabilities, critical);
                    return new Result(decision.classId(), decision.exit() + 1, probabilities);
                }
            }
        } finally {
            if (output != null) {
                output.close();
            }
        }
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
        stages.forEach(Stage::close);
    }
}

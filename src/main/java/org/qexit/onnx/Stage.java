package org.qexit.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;

/** One stage in ONNX Runtime: features in, confidences and features out. May be run by several threads at once. */
public final class Stage implements AutoCloseable {
    private final String name;
    private final OrtSession session;
    private final List<String> inputs;
    private final List<String> outputs;

    private Stage(String name, OrtSession session, List<String> inputs, List<String> outputs) {
        this.name = name;
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /**
     * Hands a graph to ONNX Runtime.
     *
     * @param name stands for the graph in messages
     * @param inputs names of what it takes, in the order in which features hold it
     * @param outputs names of the confidences (or the classes' probabilities) and, unless it is the last stage, of the features for the next
     * @param threads that one run uses
     * @throws UserError if ONNX Runtime refuses the graph, or its inputs and outputs are not those of this stage
     */
    public static Stage open(String name, byte[] graph, List<String> inputs, List<String> outputs, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            Stage stage = new Stage(name, OnnxEnvironment.get().createSession(graph, options), inputs, outputs);
            try {
                stage.check();
            } catch (UserError | OrtException e) {
                stage.close();
                throw e;
            }
            return stage;
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime refuses it: " + firstLine(e), e);
        }
    }

    /** Whether ONNX Runtime starts on this machine. */
    public static boolean available() {
        try {
            OnnxEnvironment.get();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void check() throws OrtException {
        if (!session.getInputNames().equals(Set.copyOf(inputs))
                || !session.getOutputNames().equals(Set.copyOf(outputs))) {
            throw new UserError(name + ": takes " + session.getInputNames() + " and gives " + session.getOutputNames()
                    + "; expected " + inputs + " and " + outputs);
        }
        for (Map<String, NodeInfo> nodes : List.of(session.getInputInfo(), session.getOutputInfo())) {
            for (NodeInfo node : nodes.values()) {
                if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
                    throw new UserError(name + ": '" + node.getName() + "' is not a tensor of float32");
                }
            }
        }
    }

    /**
     * What a stage gave; closing it frees the features.
     *
     * @param confidences one per event, or the probabilities of all classes, {@code [event * K + class]}
     * @param features what the next stage takes, or null
     */
    public record Output(float[] confidences, Features features) implements AutoCloseable {
        @Override
        public void close() {
            if (features != null) {
                features.close();
            }
        }
    }

    /**
     * Runs the stage.
     *
     * @throws UserError if ONNX Runtime cannot, or what it gives is no answer of a stage
     */
    public Output run(Features batch) {
        try {
            OrtSession.Result result = session.run(batch.named(name, inputs));
            boolean kept = false;
            try {
                float[] confidences = confidences(result, batch.events());
                Features features = outputs.size() == 1 ? null : features(result, batch.events());
                kept = features != null;
                return new Output(confidences, features);
            } finally {
                if (!kept) {
                    result.close();
                }
            }
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime failed: " + firstLine(e), e);
        }
    }

    private OnnxTensor output(OrtSession.Result result, int which) {
        return (OnnxTensor) result.get(outputs.get(which)).orElseThrow();
    }

    /** Numbers per event of the first output: a fixed last dimension, or one. */
    private int width(OrtSession.Result result) {
        long[] shape = output(result, 0).getInfo().getShape();
        return shape.length == 2 ? (int) shape[1] : 1;
    }

    private float[] confidences(OrtSession.Result result, int events) {
        int width = width(result);
        FloatBuffer buffer = output(result, 0).getFloatBuffer();
        float[] confidences = new float[buffer.remaining()];
        buffer.get(confidences);
        if (confidences.length != events * width) {
            throw new UserError(name + ": gave " + confidences.length + " confidences for " + events + " events");
        }
        for (float confidence : confidences) {
            if (!(confidence >= 0 && confidence <= 1)) {
                throw new UserError(name + ": gave the confidence " + confidence + "; expected 0 to 1");
            }
        }
        return confidences;
    }

    private Features features(OrtSession.Result result, int events) {
        List<OnnxTensor> tensors = new ArrayList<>();
        for (int i = 1; i < outputs.size(); i++) {
            OnnxTensor features = output(result, i);
            long[] shape = features.getInfo().getShape();
            if (shape.length < 2 || shape[0] != events) {
                throw new UserError(name + ": gave features of shape " + Arrays.toString(shape) + "; expected " + events
                        + " events");
            }
            tensors.add(features);
        }
        return new Features(tensors, events, result);
    }

    static String firstLine(OrtException e) {
        return UserError.shown(
                String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(name + ": cannot be closed: " + firstLine(e), e);
        }
    }
}

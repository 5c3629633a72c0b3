package org.qexit.deploy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;

/** One stage in ONNX Runtime: features in, features and confidences out. May be run by several threads at once. */
final class Stage implements AutoCloseable {
    private static final String CONFIDENCE = "confidence";
    private static final String NEXT = "next_features";

    private final String name;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final boolean last;

    private Stage(String name, OrtEnvironment environment, OrtSession session, String input, boolean last) {
        this.name = name;
        this.environment = environment;
        this.session = session;
        this.input = input;
        this.last = last;
    }

    /** @throws UserError if ONNX Runtime refuses the graph, or its inputs and outputs are not those of this stage */
    static Stage open(String name, byte[] graph, boolean first, boolean last, int threads) {
        String input = first ? "input" : "features";
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            OrtEnvironment environment = OnnxEnvironment.get();
            Stage stage = new Stage(name, environment, environment.createSession(graph, options), input, last);
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

    private void check() throws OrtException {
        Set<String> outputs = last ? Set.of(CONFIDENCE) : Set.of(NEXT, CONFIDENCE);
        if (!session.getInputNames().equals(Set.of(input))
                || !session.getOutputNames().equals(outputs)) {
            throw new UserError(name + ": takes " + session.getInputNames() + " and gives " + session.getOutputNames()
                    + "; expected [" + input + "] and " + outputs);
        }
        for (Map<String, NodeInfo> nodes : java.util.List.of(session.getInputInfo(), session.getOutputInfo())) {
            for (NodeInfo node : nodes.values()) {
                if (!(node.getInfo() instanceof TensorInfo tensor)
                        || tensor.type != ai.onnxruntime.OnnxJavaType.FLOAT) {
                    throw new UserError(name + ": '" + node.getName() + "' is not a tensor of float32");
                }
            }
        }
    }

    /**
     * What a stage gave; closing it frees the features.
     *
     * @param confidences one per event
     * @param features what the next stage takes, or null
     * @param owner frees the features
     */
    record Output(float[] confidences, OnnxTensor features, OrtSession.Result owner) implements AutoCloseable {
        @Override
        public void close() {
            owner.close();
        }

        /** The features of some of the events, as a tensor of its own. */
        OnnxTensor features(OrtEnvironment environment, int[] events) throws OrtException {
            long[] shape = features.getInfo().getShape();
            FloatBuffer all = features.getFloatBuffer();
            int size = all.remaining() / confidences.length;
            FloatBuffer chosen = FloatBuffer.allocate(events.length * size);
            for (int event : events) {
                chosen.put(all.slice(event * size, size));
            }
            shape[0] = events.length;
            return OnnxTensor.createTensor(environment, chosen.flip(), shape);
        }
    }

    /** Runs the stage on a batch of {@code count} events. */
    Output run(OnnxTensor batch, int count) throws OrtException {
        OrtSession.Result result = session.run(Map.of(input, batch));
        try {
            FloatBuffer buffer = ((OnnxTensor) result.get(CONFIDENCE).orElseThrow()).getFloatBuffer();
            float[] confidences = new float[buffer.remaining()];
            buffer.get(confidences);
            OnnxTensor features = last ? null : (OnnxTensor) result.get(NEXT).orElseThrow();
            check(confidences, features, count);
            return new Output(confidences, features, result);
        } catch (UserError e) {
            result.close();
            throw e;
        }
    }

    private void check(float[] confidences, OnnxTensor features, int count) {
        if (confidences.length != count) {
            throw new UserError(name + ": gave " + confidences.length + " confidences for " + count + " events");
        }
        for (float confidence : confidences) {
            if (!(confidence >= 0 && confidence <= 1)) {
                throw new UserError(name + ": gave the confidence " + confidence + "; expected 0 to 1");
            }
        }
        if (features != null) {
            long[] shape = features.getInfo().getShape();
            if (shape.length < 2 || shape[0] != count) {
                throw new UserError(name + ": gave features of shape " + java.util.Arrays.toString(shape)
                        + "; expected " + count + " events");
            }
        }
    }

    OrtEnvironment environment() {
        return environment;
    }

    static String firstLine(OrtException e) {
        return BundleFiles.shown(
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

package org.qexit.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;

/** One graph in ONNX Runtime, on one thread, so that the same input gives the same bits. Used by one thread at a time. */
public final class GraphSession implements AutoCloseable {
    private final String name;
    private final OrtSession session;
    /** A session reads its given initialisers where they lie and does not own them: they must live as long as it does. */
    private final List<OnnxTensor> initialisers;

    private GraphSession(String name, OrtSession session, List<OnnxTensor> initialisers) {
        this.name = name;
        this.session = session;
        this.initialisers = initialisers;
    }

    /**
     * What a graph gave.
     *
     * @param shape of the values
     * @param floats the values, or null if they are whole numbers
     * @param longs the values, or null if they are not whole numbers
     */
    public record Output(long[] shape, float[] floats, long[] longs) {}

    /** @throws UserError if ONNX Runtime refuses the graph */
    public static GraphSession open(String name, byte[] model) {
        return open(name, model, Map.of());
    }

    /** As {@link #open(String, byte[])}, for runs that may fail: ONNX Runtime itself says nothing of it on standard error. */
    public static GraphSession openQuietly(String name, byte[] model) {
        return open(name, model, Map.of(), OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }

    /** As {@link #open(String, byte[])}, with other values of the graph's constants without dimensions, by name. */
    public static GraphSession open(String name, byte[] model, Map<String, Float> constants) {
        return open(name, model, constants, OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    /** As {@link #open(String, byte[], Map)}, node by node as the graph has them, while the profiler writes to files of this prefix. */
    static GraphSession openProfiled(String name, byte[] model, Map<String, Float> constants, Path prefix) {
        return open(name, model, constants, OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, options -> {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.enableProfiling(prefix.toString());
        });
    }

    /** Ends what {@link #openProfiled} has begun. */
    Path endProfiling() throws OrtException {
        return Path.of(session.endProfiling());
    }

    /** Sets what is out of the ordinary. */
    @FunctionalInterface
    private interface Setting {
        void on(OrtSession.SessionOptions options) throws OrtException;
    }

    private static GraphSession open(String name, byte[] model, Map<String, Float> constants, OrtLoggingLevel says) {
        return open(name, model, constants, says, options -> {});
    }

    private static GraphSession open(
            String name, byte[] model, Map<String, Float> constants, OrtLoggingLevel says, Setting more) {
        OrtEnvironment environment = OnnxEnvironment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            more.on(options);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(says);
            List<OnnxTensor> owned = new ArrayList<>();
            for (Map.Entry<String, Float> constant : constants.entrySet()) {
                OnnxTensor value = scalar(environment, constant.getValue());
                owned.add(value);
                options.addInitializer(constant.getKey(), value);
            }
            return new GraphSession(name, environment.createSession(model, options), owned);
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime refuses it: " + firstLine(e), e);
        }
    }

    private static OnnxTensor scalar(OrtEnvironment environment, float value) throws OrtException {
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {value}), new long[0]);
    }

    /** Runs the graph on its one input. */
    public Map<String, Output> run(float[] values, long... shape) {
        return run(values, shape, session.getOutputNames());
    }

    /** As {@link #run(float[], long...)}, for some of the outputs. */
    public Map<String, Output> run(float[] values, long[] shape, Set<String> wanted) {
        return run(Map.of(input(), new Output(shape, values, null)), wanted);
    }

    /** Runs the graph on several inputs by name: what another graph gave. */
    public Map<String, Output> run(Map<String, Output> inputs) {
        return run(inputs, session.getOutputNames());
    }

    private Map<String, Output> run(Map<String, Output> inputs, Set<String> wanted) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Output> given : inputs.entrySet()) {
                FloatBuffer values = FloatBuffer.wrap(given.getValue().floats());
                tensors.put(
                        given.getKey(),
                        OnnxTensor.createTensor(
                                OnnxEnvironment.get(), values, given.getValue().shape()));
            }
            try (OrtSession.Result result = session.run(tensors, wanted)) {
                Map<String, Output> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> entry : result) {
                    outputs.put(entry.getKey(), output((OnnxTensor) entry.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime cannot run it: " + firstLine(e), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private String input() {
        return session.getInputNames().iterator().next();
    }

    /**
     * What a value is.
     *
     * @param type of its elements by its name in onnx.proto, such as FLOAT16
     * @param shape of it
     */
    public record Kind(String type, long[] shape) {}

    /** Types and shapes of all outputs that are tensors, on one input. */
    public Map<String, Kind> kinds(float[] values, long... shape) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(OnnxEnvironment.get(), FloatBuffer.wrap(values), shape);
                OrtSession.Result result = session.run(Map.of(input(), tensor))) {
            Map<String, Kind> kinds = new LinkedHashMap<>();
            for (Map.Entry<String, OnnxValue> entry : result) {
                if (entry.getValue() instanceof OnnxTensor output) {
                    kinds.put(
                            entry.getKey(),
                            new Kind(
                                    // Its number is not that of onnx.proto.
                                    output.getInfo().onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", ""),
                                    output.getInfo().getShape()));
                }
            }
            return kinds;
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime cannot run it: " + firstLine(e), e);
        }
    }

    private static Output output(OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        FloatBuffer floats = tensor.getFloatBuffer();
        if (floats != null) {
            float[] values = new float[floats.remaining()];
            floats.get(values);
            return new Output(shape, values, null);
        }
        LongBuffer longs = tensor.getLongBuffer();
        long[] values = new long[longs.remaining()];
        longs.get(values);
        return new Output(shape, null, values);
    }

    private static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(name + ": cannot be closed", e);
        }
        initialisers.forEach(OnnxTensor::close);
    }
}

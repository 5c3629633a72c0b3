package org.qexit.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;

/** What a stage takes: one or several tensors of float32 values of some events, in ONNX Runtime's memory until closed. */
public final class Features implements AutoCloseable {
    private final List<OnnxTensor> tensors;
    private final int events;
    /** What frees the tensors, or null if they free themselves. */
    private final OrtSession.Result owner;

    Features(List<OnnxTensor> tensors, int events, OrtSession.Result owner) {
        this.tensors = List.copyOf(tensors);
        this.events = events;
        this.owner = owner;
    }

    /**
     * Copies values there.
     *
     * @param values row-major
     * @param shape of them, events first
     * @throws UserError if ONNX Runtime cannot hold them
     */
    public static Features of(FloatBuffer values, long... shape) {
        return new Features(List.of(tensor(values, shape)), Math.toIntExact(shape[0]), null);
    }

    private static OnnxTensor tensor(FloatBuffer values, long... shape) {
        try {
            return OnnxTensor.createTensor(OnnxEnvironment.get(), values, shape);
        } catch (OrtException e) {
            throw new UserError(
                    "ONNX Runtime cannot hold values of shape " + Arrays.toString(shape) + ": " + Stage.firstLine(e),
                    e);
        }
    }

    /** A copy of some of the events, by their place. */
    public Features select(int[] chosen) {
        List<OnnxTensor> selected = new ArrayList<>();
        try {
            tensors.forEach(tensor -> selected.add(select(tensor, chosen)));
            Features copy = new Features(selected, chosen.length, null);
            selected.clear();
            return copy;
        } finally {
            selected.forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor select(OnnxTensor tensor, int[] chosen) {
        long[] shape = tensor.getInfo().getShape();
        FloatBuffer all = tensor.getFloatBuffer();
        int size = all.remaining() / events;
        FloatBuffer values = FloatBuffer.allocate(chosen.length * size);
        for (int event : chosen) {
            values.put(all.slice(event * size, size));
        }
        shape[0] = chosen.length;
        return tensor(values.flip(), shape);
    }

    /** A copy of all values of the first tensor, row-major. */
    public float[] values() {
        FloatBuffer all = tensors.get(0).getFloatBuffer();
        float[] values = new float[all.remaining()];
        all.get(values);
        return values;
    }

    /** The tensors by the names that a stage gives its inputs. */
    Map<String, OnnxTensor> named(String stage, List<String> inputs) {
        if (inputs.size() != tensors.size()) {
            throw new UserError(stage + ": takes " + inputs.size() + " tensors; expected " + tensors.size());
        }
        Map<String, OnnxTensor> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put(inputs.get(i), tensors.get(i));
        }
        return named;
    }

    int events() {
        return events;
    }

    @Override
    public void close() {
        if (owner == null) {
            tensors.forEach(OnnxTensor::close);
        } else {
            owner.close();
        }
    }
}

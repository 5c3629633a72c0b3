package org.qexit.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.qexit.common.UserError;

/** What a stage takes: float32 values of some events, in ONNX Runtime's memory until closed. */
public final class Features implements AutoCloseable {
    private final OnnxTensor tensor;
    private final int events;
    /** What frees the tensor, or null if it frees itself. */
    private final OrtSession.Result owner;

    Features(OnnxTensor tensor, int events, OrtSession.Result owner) {
        this.tensor = tensor;
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
        try {
            OnnxTensor tensor = OnnxTensor.createTensor(OnnxEnvironment.get(), values, shape);
            return new Features(tensor, Math.toIntExact(shape[0]), null);
        } catch (OrtException e) {
            throw new UserError(
                    "ONNX Runtime cannot hold values of shape " + Arrays.toString(shape) + ": " + Stage.firstLine(e),
                    e);
        }
    }

    /** A copy of some of the events, by their place. */
    public Features select(int[] chosen) {
        long[] shape = tensor.getInfo().getShape();
        FloatBuffer all = tensor.getFloatBuffer();
        int size = all.remaining() / events;
        FloatBuffer values = FloatBuffer.allocate(chosen.length * size);
        for (int event : chosen) {
            values.put(all.slice(event * size, size));
        }
        shape[0] = chosen.length;
        return of(values.flip(), shape);
    }

    /** A copy of all values, row-major. */
    public float[] values() {
        FloatBuffer all = tensor.getFloatBuffer();
        float[] values = new float[all.remaining()];
        all.get(values);
        return values;
    }

    OnnxTensor tensor() {
        return tensor;
    }

    int events() {
        return events;
    }

    @Override
    public void close() {
        if (owner == null) {
            tensor.close();
        } else {
            owner.close();
        }
    }
}

package org.qexit.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A constant tensor. Arrays are not copied; do not change them.
 *
 * @param name its name; may be empty inside an attribute
 * @param type of its elements
 * @param dims its shape, row-major; empty for a scalar
 * @param raw the elements, little endian
 */
public record OnnxTensor(String name, ElementType type, long[] dims, byte[] raw) {
    public OnnxTensor {
        if (elements(dims) * type.bytes() != raw.length) {
            throw new IllegalArgumentException("tensor " + name + " has " + raw.length + " bytes; expected "
                    + elements(dims) * type.bytes() + " for its shape");
        }
    }

    public static OnnxTensor ofFloats(String name, float[] values, long... dims) {
        ByteBuffer raw = little(values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return new OnnxTensor(name, ElementType.FLOAT, dims, raw.array());
    }

    public static OnnxTensor ofLongs(String name, long[] values, long... dims) {
        ByteBuffer raw = little(values.length * Long.BYTES);
        raw.asLongBuffer().put(values);
        return new OnnxTensor(name, ElementType.INT64, dims, raw.array());
    }

    public static OnnxTensor ofInts(String name, int[] values, long... dims) {
        ByteBuffer raw = little(values.length * Integer.BYTES);
        raw.asIntBuffer().put(values);
        return new OnnxTensor(name, ElementType.INT32, dims, raw.array());
    }

    /** The elements of a float tensor. */
    public float[] floats() {
        if (type != ElementType.FLOAT) {
            throw new IllegalStateException("tensor " + name + " is of " + type + "; expected FLOAT");
        }
        float[] values = new float[raw.length / Float.BYTES];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /** @throws IllegalArgumentException for a negative extent or more elements than an array holds */
    static long elements(long[] dims) {
        long elements = 1;
        for (long extent : dims) {
            if (extent < 0 || extent > Integer.MAX_VALUE || elements * Math.max(1, extent) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "tensor of shape " + java.util.Arrays.toString(dims) + "; expected at most 2^31 elements");
            }
            elements *= extent;
        }
        return elements;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

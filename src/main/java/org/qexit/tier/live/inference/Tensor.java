package org.qexit.tier.live.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor: name, shape and elements, row-major. Arrays are not copied; do not change them. */
public sealed interface Tensor {
    /** The most dimensions of a shape. */
    int MAX_RANK = 8;

    String name();

    int[] shape();

    DataType type();

    /** The elements, little-endian, as the binary tensor extension has them. */
    byte[] littleEndian();

    /** The elements as Java's numbers, for JSON. */
    Object numbers();

    /** The elements as float numbers: those of UINT8 are 0 to 255. */
    float[] floats();

    /** Float32 elements. */
    record Fp32(String name, int[] shape, float[] values) implements Tensor {
        public Fp32 {
            check(name, shape, values.length);
        }

        @Override
        public DataType type() {
            return DataType.FP32;
        }

        @Override
        public byte[] littleEndian() {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            return bytes.array();
        }

        @Override
        public Object numbers() {
            return values;
        }

        @Override
        public float[] floats() {
            return values;
        }
    }

    /** Bytes without sign. */
    record Uint8(String name, int[] shape, byte[] values) implements Tensor {
        public Uint8 {
            check(name, shape, values.length);
        }

        @Override
        public DataType type() {
            return DataType.UINT8;
        }

        @Override
        public byte[] littleEndian() {
            return values;
        }

        @Override
        public Object numbers() {
            int[] numbers = new int[values.length];
            Arrays.setAll(numbers, i -> values[i] & 0xFF);
            return numbers;
        }

        @Override
        public float[] floats() {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values[i] & 0xFF;
            }
            return floats;
        }
    }

    /** Whole numbers. */
    record Int64(String name, int[] shape, long[] values) implements Tensor {
        public Int64 {
            check(name, shape, values.length);
        }

        @Override
        public DataType type() {
            return DataType.INT64;
        }

        @Override
        public byte[] littleEndian() {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(values);
            return bytes.array();
        }

        @Override
        public Object numbers() {
            return values;
        }

        @Override
        public float[] floats() {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values[i];
            }
            return floats;
        }
    }

    /**
     * A tensor of little-endian bytes.
     *
     * @throws Refusal unless there are as many as the shape says
     */
    static Tensor of(String name, DataType type, int[] shape, ByteBuffer bytes) {
        long expected = elements(name, shape) * type.bytes();
        if (bytes.remaining() != expected) {
            throw Refusal.malformed("tensor '" + name + "' has " + bytes.remaining() + " bytes; expected " + expected
                    + " of " + type + " " + Arrays.toString(shape));
        }
        ByteBuffer ordered = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FP32 -> {
                float[] values = new float[ordered.remaining() / Float.BYTES];
                ordered.asFloatBuffer().get(values);
                return new Fp32(name, shape, values);
            }
            case UINT8 -> {
                byte[] values = new byte[ordered.remaining()];
                ordered.get(values);
                return new Uint8(name, shape, values);
            }
            case INT64 -> {
                long[] values = new long[ordered.remaining() / Long.BYTES];
                ordered.asLongBuffer().get(values);
                return new Int64(name, shape, values);
            }
            default -> throw new IllegalStateException("no reader for " + type);
        }
    }

    /**
     * A tensor of numbers.
     *
     * @throws Refusal unless there are as many as the shape says, each of the type
     */
    static Tensor of(String name, DataType type, int[] shape, double[] numbers) {
        long expected = elements(name, shape);
        if (numbers.length != expected) {
            throw Refusal.malformed("tensor '" + name + "' has " + numbers.length + " elements; expected " + expected
                    + " for shape " + Arrays.toString(shape));
        }
        switch (type) {
            case FP32 -> {
                float[] values = new float[numbers.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) numbers[i];
                    if (Float.isInfinite(values[i])) {
                        throw Refusal.malformed("tensor '" + name + "' holds " + numbers[i] + "; expected FP32");
                    }
                }
                return new Fp32(name, shape, values);
            }
            case UINT8 -> {
                byte[] values = new byte[numbers.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (byte) whole(name, numbers[i], 0, 255);
                }
                return new Uint8(name, shape, values);
            }
            case INT64 -> {
                long[] values = new long[numbers.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = whole(name, numbers[i], -EXACT, EXACT);
                }
                return new Int64(name, shape, values);
            }
            default -> throw new IllegalStateException("no reader for " + type);
        }
    }

    /** Whole numbers up to here are doubles, too. */
    long EXACT = 1L << 53;

    private static long whole(String name, double number, long least, long most) {
        if (!(number >= least && number <= most && number == Math.rint(number))) {
            throw Refusal.malformed(
                    "tensor '" + name + "' holds " + number + "; expected whole numbers from " + least + " to " + most);
        }
        return (long) number;
    }

    /**
     * Elements of a shape.
     *
     * @throws Refusal for too many dimensions, one below 0, or more elements than an array holds
     */
    static long elements(String name, int[] shape) {
        if (shape.length == 0 || shape.length > MAX_RANK) {
            throw Refusal.malformed(
                    "tensor '" + name + "' has " + shape.length + " dimensions; expected 1 to " + MAX_RANK);
        }
        long elements = 1;
        for (int length : shape) {
            elements = length < 0 ? -1 : elements * length;
            if (elements < 0 || elements > Integer.MAX_VALUE) {
                throw Refusal.malformed("tensor '" + name + "' has shape " + Arrays.toString(shape)
                        + "; expected dimensions of at least 0 and fewer than 2^31 elements");
            }
        }
        return elements;
    }

    private static void check(String name, int[] shape, int elements) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name of a tensor is missing");
        }
        if (elements(name, shape) != elements) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' has " + elements + " elements; expected shape " + Arrays.toString(shape));
        }
    }
}

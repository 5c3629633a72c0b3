package org.qexit.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.UserError;

/**
 * Parameters as bytes: the eight ASCII characters {@code QXPARAM1}, the number of values as a 64-bit integer, then the values as
 * 32-bit IEEE floats, all little endian, tensors in the order of {@link TensorLayout}. See docs/training.md.
 */
public final class ParameterFile {
    private static final byte[] MAGIC = "QXPARAM1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MAGIC.length + Long.BYTES;

    private ParameterFile() {}

    /** Bytes of a file with this many values. */
    public static long length(long values) {
        return HEADER + Float.BYTES * values;
    }

    public static byte[] encode(List<Tensor> tensors) {
        int count = 0;
        for (Tensor tensor : tensors) {
            count = Math.addExact(count, tensor.values().length);
        }
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).putLong(count);
        for (Tensor tensor : tensors) {
            for (float value : tensor.values()) {
                buffer.putFloat(value);
            }
        }
        return buffer.array();
    }

    /**
     * @param name stands for the file in messages
     * @throws UserError unless the bytes are exactly the parameters of this layout, all finite
     */
    public static List<Tensor> decode(String name, byte[] bytes, TensorLayout layout) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER || !startsWithMagic(bytes)) {
            throw new UserError(name + ": not a parameter file of qexit");
        }
        buffer.position(MAGIC.length);
        long count = buffer.getLong();
        if (count != layout.size() || buffer.remaining() != Float.BYTES * (long) layout.size()) {
            throw new UserError(name + ": says it has " + count + " values and holds " + buffer.remaining()
                    + " bytes of them; expected " + layout.size() + " values of 4 bytes for this model");
        }
        List<Tensor> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : layout.slots()) {
            float[] values = new float[slot.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = buffer.getFloat();
                if (!Float.isFinite(values[i])) {
                    throw new UserError(
                            name + ": " + slot.name() + "[" + i + "] is " + values[i] + "; expected a finite number");
                }
            }
            tensors.add(new Tensor(slot.name(), slot.shape(), values));
        }
        return tensors;
    }

    private static boolean startsWithMagic(byte[] bytes) {
        return Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }
}

package org.qexit.onnx.graph;

import java.util.Arrays;

/** Element types of tensors, with their numbers in onnx.proto's {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    UINT32(12, 4),
    UINT64(13, 8),
    BFLOAT16(16, 2);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** In onnx.proto. */
    public int number() {
        return number;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException for a type that bundles do not hold: text, complex numbers, less than a byte */
    static ElementType of(long number) {
        return Arrays.stream(values())
                .filter(type -> type.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor element type " + number + "; expected one of " + Arrays.toString(values())));
    }
}

package org.qexit.onnx.foreign;

import java.util.Arrays;
import java.util.Set;
import org.qexit.onnx.graph.ElementType;

/**
 * What a value of a foreign graph is, found by running it on batches of one, two and three events.
 *
 * @param type of its elements, or null for one that no bundle holds
 * @param shape for one event
 * @param batchAxis the axis along which events lie; {@link #NONE} where all batches give the same shape, {@link #MIXED} where it is none alone
 */
record ValueKind(ElementType type, long[] shape, int batchAxis) {
    static final int NONE = -1;
    static final int MIXED = -2;
    /** Types whose every value a float32 holds. */
    private static final Set<ElementType> EXACT = Set.of(
            ElementType.FLOAT,
            ElementType.FLOAT16,
            ElementType.BFLOAT16,
            ElementType.UINT8,
            ElementType.INT8,
            ElementType.UINT16,
            ElementType.INT16,
            ElementType.BOOL);

    /** @param shapes for batches of 1, 2 and 3 events, or of 1 alone */
    static ValueKind of(ElementType type, long[]... shapes) {
        if (shapes.length == 1) {
            return new ValueKind(type, shapes[0], NONE);
        }
        int axis = NONE;
        for (int i = 0; i < shapes[0].length; i++) {
            if (shapes[1].length != shapes[0].length || shapes[2].length != shapes[0].length) {
                return new ValueKind(type, shapes[0], MIXED);
            }
            if (shapes[0][i] != shapes[1][i] || shapes[1][i] != shapes[2][i]) {
                boolean batch = shapes[0][i] == 1 && shapes[1][i] == 2 && shapes[2][i] == 3;
                axis = batch && axis == NONE ? i : MIXED;
                if (axis == MIXED) {
                    break;
                }
            }
        }
        return new ValueKind(type, shapes[0], axis);
    }

    /** Whether a stage can hand it on: numbers that floats hold, with the events along one axis. */
    boolean carriable(boolean oneByOne) {
        return type != null && EXACT.contains(type) && elements() > 0 && (oneByOne || batchAxis >= 0);
    }

    /** For one event. */
    long elements() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}

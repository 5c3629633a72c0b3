package org.qexit.onnx.foreign;

/** Events in their order, read when they are needed. */
public interface Events {
    /** How many. */
    int size();

    /** Writes an event's values, {@code [channel][row][column]}, to {@code target[offset]} and on. */
    void copyTo(int event, float[] target, int offset);

    /** Some of them in a row, {@code [event][value]}, flattened. */
    default float[] values(int first, int count, int valuesPerEvent) {
        float[] values = new float[count * valuesPerEvent];
        for (int k = 0; k < count; k++) {
            copyTo(first + k, values, k * valuesPerEvent);
        }
        return values;
    }
}

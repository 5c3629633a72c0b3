package org.qexit.nn;

/**
 * One named parameter tensor. Values are in row-major order. The arrays are not copied; do not change them.
 *
 * @param name for example "block1.conv1.weight", "exit2.theta"
 * @param shape convolution weights: output channel, input channel, row, column; dense weights: input, output
 * @param values the parameters
 */
public record Tensor(String name, int[] shape, float[] values) {
    public Tensor {
        if (size(shape) != values.length) {
            throw new IllegalArgumentException(name + " has " + values.length + " values; expected " + size(shape));
        }
    }

    static int size(int[] shape) {
        int size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }
}

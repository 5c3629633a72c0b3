package org.qexit.engine.event;

/**
 * Row vectors times a matrix, plus a bias.
 *
 * @param in slot of the input, one row after another
 * @param out slot of the output, rows one after another, with room for sixteen numbers behind the last row's first
 * @param rows how many
 * @param inputs of a row
 * @param outputs of a row
 * @param weights {@code [sixteen outputs][input][16]}
 * @param bias {@code [output]}, padded to sixteen
 */
public record Product(int in, int out, int rows, int inputs, int outputs, float[] weights, float[] bias)
        implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] y = slots[out];
        int perGroup = inputs * EventKernels.LANES;
        // What a row has behind its end is overwritten by the next.
        for (int r = 0; r < rows; r++) {
            for (int o = 0, w = 0; o < bias.length; o += EventKernels.LANES, w += perGroup) {
                kernels.product(slots[in], r * inputs, inputs, weights, w, bias, o, y, r * outputs + o);
            }
        }
    }
}

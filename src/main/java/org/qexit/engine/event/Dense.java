package org.qexit.engine.event;

/**
 * A dense layer of many inputs and few outputs.
 *
 * @param in slot of the input
 * @param out slot of the output, of as many numbers as there are biases
 * @param chunks where sixteen inputs each begin
 * @param weights {@code [four outputs][chunk][output][16]}
 * @param bias {@code [output]}, padded to four
 */
public record Dense(int in, int out, int[] chunks, float[] weights, float[] bias) implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] y = slots[out];
        int perGroup = chunks.length * EventKernels.OUTPUTS * EventKernels.LANES;
        for (int o = 0, w = 0; o < bias.length; o += EventKernels.OUTPUTS, w += perGroup) {
            kernels.dense(slots[in], chunks, weights, w, y, o);
        }
        for (int o = 0; o < bias.length; o++) {
            y[o] += bias[o];
        }
    }
}

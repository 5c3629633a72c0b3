package org.qexit.engine.event;

/**
 * A convolution of maps whose channels are innermost, then its bias, pooling and rectifier, and tanh if asked for.
 *
 * @param in slot of the input
 * @param out slot of the output
 * @param taps offsets of an output's products from its place in the input
 * @param weights {@code [group of sixteen output channels][tap][16]}
 * @param bias {@code [output channel]}, padded to sixteen
 * @param rows places, as {@link EventKernels#convolve} or, where pooled, {@link EventKernels#convolvePooled} has them
 * @param pooled whether the rows are windows of four
 * @param least 0 for a rectifier, else minus infinity
 * @param tanh places in the output whose channels a tanh follows; null for none
 */
public record Convolution(
        int in, int out, int[] taps, float[] weights, float[] bias, int[] rows, boolean pooled, float least, int[] tanh)
        implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] x = slots[in];
        float[] y = slots[out];
        int perGroup = taps.length * EventKernels.LANES;
        for (int c = 0, w = 0; c < bias.length; c += EventKernels.LANES, w += perGroup) {
            if (pooled) {
                kernels.convolvePooled(x, taps, weights, w, bias, c, rows, y, c, least);
            } else {
                kernels.convolve(x, taps, weights, w, bias, c, rows, y, c, least);
            }
        }
        for (int p = 0; tanh != null && p < tanh.length; p++) {
            for (int i = tanh[p]; i < tanh[p] + bias.length; i++) {
                y[i] = Elements.tanh(y[i]);
            }
        }
    }
}

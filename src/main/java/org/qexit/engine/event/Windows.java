package org.qexit.engine.event;

/**
 * The largest, the sum or the mean of a window, channel by channel.
 *
 * @param function which
 * @param in slot of the input
 * @param places {@code [window][size]}, where the channels begin
 * @param size places of a window
 * @param channels of a place
 * @param out slot of the output
 * @param to where a window's channels go
 */
public record Windows(Function function, int in, int[] places, int size, int channels, int out, int[] to)
        implements Step {
    /** What is made of a window. */
    public enum Function {
        MAX,
        SUM,
        MEAN
    }

    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] x = slots[in];
        float[] y = slots[out];
        for (int w = 0; w < to.length; w++) {
            System.arraycopy(x, places[w * size], y, to[w], channels);
            for (int i = 1; i < size; i++) {
                int from = places[w * size + i];
                if (function == Function.MAX) {
                    largest(x, from, y, to[w], channels);
                } else {
                    add(x, from, y, to[w], channels);
                }
            }
            for (int c = 0; function == Function.MEAN && c < channels; c++) {
                y[to[w] + c] /= size;
            }
        }
    }

    private static void largest(float[] x, int from, float[] y, int to, int channels) {
        for (int c = 0; c < channels; c++) {
            y[to + c] = Math.max(y[to + c], x[from + c]);
        }
    }

    private static void add(float[] x, int from, float[] y, int to, int channels) {
        for (int c = 0; c < channels; c++) {
            y[to + c] += x[from + c];
        }
    }
}

package org.qexit.engine.event;

/**
 * exp(x_i − max x) / Σ exp(x_j − max x) of rows, in double precision.
 *
 * @param in slot of the input, row after row
 * @param out slot of the output
 * @param rows how many
 * @param width numbers of a row
 */
public record Softmax(int in, int out, int rows, int width) implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        for (int r = 0; r < rows; r++) {
            row(slots[in], slots[out], r * width);
        }
    }

    private void row(float[] x, float[] y, int at) {
        float most = x[at];
        for (int i = 1; i < width; i++) {
            most = Math.max(most, x[at + i]);
        }
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double power = x[at + i] == most ? 1 : StrictMath.exp(x[at + i] - most);
            y[at + i] = (float) power;
            sum += power;
        }
        for (int i = 0; i < width; i++) {
            y[at + i] = (float) (y[at + i] / sum);
        }
    }
}

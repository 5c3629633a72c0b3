package org.qexit.engine.event;

/**
 * Copies of numbers to other places.
 *
 * @param in slot of the input
 * @param from where each is; null for one after another
 * @param out slot of the output
 * @param to where each goes
 */
public record Moves(int in, int[] from, int out, int[] to) implements Step {
    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] x = slots[in];
        float[] y = slots[out];
        if (from == null) {
            for (int i = 0; i < to.length; i++) {
                y[to[i]] = x[i];
            }
        } else {
            for (int i = 0; i < to.length; i++) {
                y[to[i]] = x[from[i]];
            }
        }
    }
}

package org.qexit.engine.event;

import org.qexit.engine.Tanh;

/**
 * A function of every number.
 *
 * @param function which
 * @param in slot of the input
 * @param at where its numbers are; null for one after another
 * @param out slot of the output, one after another
 * @param count how many
 */
public record Elements(Function function, int in, int[] at, int out, int count) implements Step {
    /** What can be computed of a number. */
    public enum Function {
        COPY,
        RELU,
        TANH,
        SIGMOID,
        COS,
        SIN
    }

    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] x = slots[in];
        float[] y = slots[out];
        for (int i = 0; i < count; i++) {
            y[i] = of(x[at == null ? i : at[i]]);
        }
    }

    private float of(float x) {
        return switch (function) {
            case COPY -> x;
            case RELU -> Math.max(0, x);
            case TANH -> tanh(x);
            case SIGMOID -> (float) (1 / (1 + StrictMath.exp(-x)));
            case COS -> Turn.cos(x);
            case SIN -> Turn.sin(x);
        };
    }

    static float tanh(float x) {
        return Tanh.of(x);
    }
}

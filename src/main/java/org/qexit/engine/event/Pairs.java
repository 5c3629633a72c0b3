package org.qexit.engine.event;

/**
 * A function of pairs of numbers.
 *
 * @param function which
 * @param a slot of the first ones
 * @param aAt where they are; null for one after another
 * @param b slot of the second ones
 * @param bAt where they are
 * @param out slot of the output, one after another
 * @param count how many
 */
public record Pairs(Function function, int a, int[] aAt, int b, int[] bAt, int out, int count) implements Step {
    /** What can be computed of two numbers. */
    public enum Function {
        ADD,
        SUB,
        MUL,
        DIV,
        MAX,
        MIN
    }

    @Override
    public void run(float[][] slots, EventKernels kernels) {
        float[] u = slots[a];
        float[] v = slots[b];
        float[] y = slots[out];
        for (int i = 0; i < count; i++) {
            y[i] = of(u[aAt == null ? i : aAt[i]], v[bAt == null ? i : bAt[i]]);
        }
    }

    private float of(float u, float v) {
        return switch (function) {
            case ADD -> u + v;
            case SUB -> u - v;
            case MUL -> u * v;
            case DIV -> u / v;
            case MAX -> Math.max(u, v);
            case MIN -> Math.min(u, v);
        };
    }
}

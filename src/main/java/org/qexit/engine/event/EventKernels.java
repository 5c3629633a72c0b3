package org.qexit.engine.event;

import java.lang.reflect.InvocationTargetException;

/**
 * The inner loops of one event. Channels are innermost, {@code [row][column][channel]}, and outputs are worked on sixteen at a time. Every
 * implementation adds each product by one fused multiply-add in the order that the formula says, so that all give the same bits. A "place"
 * is where the channels of a row and column begin. Public only because the Vector API kernels live in a package of their own; trusts its
 * callers. One thread at a time.
 */
public interface EventKernels {
    /** Outputs side by side. */
    int LANES = 16;

    /** Places that are worked on together. */
    int PLACES = 8;

    /** Outputs of a dense layer that are worked on together. */
    int OUTPUTS = 4;

    /** "vector" or "plain". */
    String name();

    /**
     * Sixteen channels of a convolution, at eight places for every row {x0 … x7, y0 … y7} of {@code rows}:
     *
     * <pre>y[at + y_i + l] = max(least, b[from + l] + Σ_k x[taps[k] + x_i] · w[16 k + l]),   l = 0 … 15, i = 0 … 7, from {@code wAt} in w.</pre>
     */
    void convolve(
            float[] x, int[] taps, float[] w, int wAt, float[] b, int from, int[] rows, float[] y, int at, float least);

    /**
     * The same for pooling windows of four, two for every row {x0 … x7, y0, y1} of {@code rows}: y0 of the largest of x0 … x3, y1 of that of
     * x4 … x7.
     */
    void convolvePooled(
            float[] x, int[] taps, float[] w, int wAt, float[] b, int from, int[] rows, float[] y, int at, float least);

    /**
     * Four sums of many products: s[o] = Σ_k Σ_l x[chunks[k] + l] · w[(4 k + o) · 16 + l], o = 0 … 3, from {@code wAt} in w. Each lane l sums
     * over k; then lanes l and l + 8, then 4, 2, 1 further, are added.
     */
    void dense(float[] x, int[] chunks, float[] w, int wAt, float[] s, int at);

    /** Sixteen sums of some products: y[at + l] = b[from + l] + Σ_k x[xAt + k] · w[16 k + l] over {@code inputs}, from {@code wAt} in w. */
    void product(float[] x, int xAt, int inputs, float[] w, int wAt, float[] b, int from, float[] y, int at);

    /** Whether the incubating Vector API is among the modules of this JVM. */
    static boolean haveVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Those on the Vector API where this JVM has it, else plain ones. */
    static EventKernels create() {
        return haveVectors() ? vector() : new PlainEventKernels();
    }

    /** Found by name, since a JVM may lack what they are compiled against. */
    private static EventKernels vector() {
        String name = "org.qexit.engine.vector.VectorEventKernels";
        try {
            return (EventKernels) Class.forName(name).getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name + " failed to start: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " is not in this build: " + e, e);
        }
    }
}

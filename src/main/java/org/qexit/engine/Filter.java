package org.qexit.engine;

/**
 * How the sums of products of a convolution are computed, forward and backward: product by product or by {@link WinogradFilter}. Which of them
 * depends on the convolution's shape alone, for their sums are rounded differently.
 */
interface Filter {
    /**
     * Takes the weights {@code [output channel][input channel][row][column]}, from {@code at} on.
     *
     * @param first output channel that is taken
     * @param end behind the last that is
     */
    void pack(float[] parameters, int at, int first, int end);

    /** y += W ∗ x of a tile, at all places that are wanted, in {@code out} or, where pooling of other than four follows, in {@code full}. */
    void add(Kernels kernels, Scratch scratch, float[] x, int xAt, float[] y, int yAt);

    /** {@link Kernels#convolvePooled} of all windows and channels of a tile. */
    void pool(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] bias,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            boolean rectify);

    /** dx += the gradient of the input, of that of a tile in {@code full}. */
    void back(Kernels kernels, Scratch scratch, float[] d, int dAt, float[] dx, int dxAt);

    /** Adds a tile to the {@link #sums}, from {@code at} on, or begins with it. */
    void sum(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] d,
            int dAt,
            float[] sums,
            int at,
            boolean fresh);

    /** Numbers that {@link #sum} needs for its sums, a multiple of sixteen. */
    int sums();

    /**
     * Writes the gradient of the weights from the sums of all tiles.
     *
     * @param room for a sixteenth of the sums at least
     */
    void gradient(Kernels kernels, float[] sums, int at, float[] room, float[] gradient, int gradientAt);

    /** Numbers that it needs of each of the three kinds in {@link Scratch}. */
    long[] scratch();

    /** Room of a thread, which its convolutions share. */
    record Scratch(Span inputs, Span products, Span lanes, float[] sums) {
        static final int KINDS = 3;
    }
}

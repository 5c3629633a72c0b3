package org.qexit.engine;

/**
 * The inner loops, on arrays whose innermost extent is a tile of {@link #LANES} samples. Every implementation does the same arithmetic: each
 * product goes into its sum by one fused multiply-add, in the order that the formula says, so that all give the same bits. A "place" is where
 * the sixteen numbers of one value begin. Public only because the Vector API kernels live in a package of their own; trusts its callers.
 */
public interface Kernels {
    /** Samples side by side. */
    int LANES = 16;

    /** Channels that are worked on together. */
    int CHANNELS = 4;

    /** Taps whose gradients are worked on together. */
    int TAPS = 3;

    /** "vector" or "plain". */
    String name();

    /**
     * Four places and four channels of a convolution at a time, for every row {x0, x1, x2, x3, y0, y1, y2, y3} of {@code fours}:
     *
     * <pre>y[c · step + y_i] += Σ_k x[taps[k] + x_i] · w[4 k + c],   c, i = 0 … 3, from {@code at} in w and y on.</pre>
     *
     * A row may name a place twice; two rows may not name the same.
     */
    void convolve(float[] x, int xAt, int[] taps, float[] w, int wAt, int[] fours, float[] y, int yAt, int step);

    /**
     * The same for pooling windows of four, every row {x0, x1, x2, x3, y} of {@code windows}:
     *
     * <pre>y[c · step + y] = bias[c] + max_i Σ_k x[taps[k] + x_i] · w[4 k + c],   code[…] = the first i that reaches it,</pre>
     *
     * and 0 in the place of what is below it, if {@code rectify}.
     */
    void convolvePooled(
            float[] x,
            int xAt,
            int[] taps,
            float[] w,
            int wAt,
            float[] bias,
            int biasAt,
            int[] windows,
            float[] y,
            float[] code,
            int yAt,
            int step,
            boolean rectify);

    /**
     * Lane by lane, the gradient of three taps and four channels, over the rows {x, d} of {@code pairs} from {@code begin} to {@code end}:
     *
     * <pre>lanes[(4 j + c) · 16] (+)= Σ_p x[taps[j] + x_p] · d[c · step + d_p],   j = 0 … 2 from {@code tap} on, c = 0 … 3.</pre>
     *
     * @param fresh whether what stands in {@code lanes} is overwritten instead of added to
     */
    void convolutionGradient(
            float[] x,
            int xAt,
            int[] taps,
            int tap,
            float[] d,
            int dAt,
            int step,
            int[] pairs,
            int begin,
            int end,
            float[] lanes,
            int at,
            boolean fresh);

    /**
     * Pooling of {@code channels} channels, for every row {y, x_0 … x_{P−1}} of {@code windows}:
     *
     * <pre>y[c · yStep + y] = max_i x[c · xStep + x_i],   code[…] = the first i that reaches it.</pre>
     */
    void pool(float[] x, int xStep, int[] windows, int size, float[] y, float[] code, int yAt, int yStep, int channels);

    /**
     * The gradient of the inputs of a pooling, for every row {y, d_0 … d_{P−1}} of {@code windows} and {@code channels} channels: what comes
     * from y goes to the d that its code names, 0 to the others.
     */
    void unpool(
            float[] dy,
            float[] code,
            int yAt,
            int codeAt,
            int yStep,
            int[] windows,
            int size,
            float[] d,
            int dStep,
            int channels);

    /** lanes[c · 16] (+)= Σ_p d[c · step + d_p] over every row's first number of {@code windows}, {@code size + 1} numbers long. */
    void sumPlaces(
            float[] d, int dAt, int step, int[] windows, int size, float[] lanes, int at, int channels, boolean fresh);

    /** y[16 c] += Σ_i x[xAt + taps[i]] · w[4 i + c], c = 0 … 3: a dense layer's next four outputs. */
    void dense(float[] x, int xAt, int[] taps, float[] w, int wAt, float[] y, int yAt);

    /** dx[taps[i]] += Σ_j w[outputs · i + j] · dy[16 j]: a dense layer backwards. */
    void denseBack(float[] dy, int dyAt, int outputs, float[] w, int wAt, int[] taps, float[] dx, int dxAt);

    /**
     * The gradient of a dense layer's weights: gradient[outputs · i + j] = Σ_t Σ_lanes x[t · xTile + taps[i]] · dy[t · dyTile + 16 j] over
     * {@code tiles} tiles.
     */
    void denseGradient(
            float[] x, int xTile, int[] taps, float[] dy, int dyTile, int outputs, int tiles, float[] gradient, int at);

    /** d[i] = y[i] > 0 ? d[i] : 0, {@code count} numbers. */
    void rectifyBack(float[] y, int yAt, float[] d, int dAt, int count);

    /** d[i] ·= 1 − y[i]². */
    void tanhBack(float[] y, int yAt, float[] d, int dAt, int count);

    /** a[i] = max(0, a[i]). */
    void rectify(float[] a, int at, int count);

    /** a[i] = tanh a[i], see {@link Tanh}. */
    void tanh(float[] a, int at, int count);

    /**
     * The sums of sixteen lanes each, for {@code count} of them from {@code lanes[0]} on, always by the same tree: lane l and lane l + 8, then
     * 4, 2, 1 further.
     *
     * @param lanes sixteen longer than that
     */
    void sumLanes(float[] lanes, int count, float[] sums, int at);
}

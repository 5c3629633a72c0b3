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

    /** Points of a patch at which {@link WinogradFilter} multiplies. */
    int POINTS = 16;

    /** Patches that are worked on together. */
    int PATCHES = 4;

    /** Numbers of a row that says where a patch lies: its corner in x, then its four places in y or −1. */
    int PATCH = 5;

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
            int yAt,
            float[] code,
            int codeAt,
            int step,
            boolean rectify);

    /**
     * V = Bᵀ d B of the 4 × 4 patches d of four rows of {@code patches} from {@code first} on, channel by channel:
     *
     * <pre>v[ξ · vStep + (4 c + t) · 16] = (Bᵀ d B)_ξ,   d_ij = x[c · step + corner_t + i · row + 16 j],   ξ = 0 … 15,</pre>
     *
     * rows first: (d0 − d2, d1 + d2, d2 − d1, d1 − d3).
     */
    void winogradInputs(
            float[] x,
            int xAt,
            int row,
            int step,
            int[] patches,
            int first,
            int channels,
            float[] v,
            int vAt,
            int vStep);

    /**
     * The products of four patches, for {@code groups} of four channels each,
     *
     * <pre>m[ξ · mStep + (4 (4 g + o) + t) · 16] = Σ_c u_ξgco · v[ξ · vStep + (4 c + t) · 16].</pre>
     *
     * @param u {@code [ξ][g][c][o]}, flattened
     */
    void winogradProducts(
            float[] u, float[] v, int vAt, int vStep, int channels, int groups, float[] m, int mAt, int mStep);

    /**
     * y[c · step + y_ti] += (Aᵀ m A)_i for the places y_ti ≥ 0 of four rows of {@code patches}, rows first: (m0 + m1 + m2, m1 − m2 − m3), from
     * the left.
     */
    void winogradSums(
            float[] m, int mAt, int mStep, int channels, int[] patches, int first, float[] y, int yAt, int step);

    /** As {@link #convolvePooled} of the four sums (Aᵀ m A)_i of every patch, into the first of its places. */
    void winogradPooled(
            float[] m,
            int mAt,
            int mStep,
            float[] bias,
            int channels,
            int[] patches,
            int first,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            int step,
            boolean rectify);

    /**
     * A d Aᵀ of the 2 × 2 values d of four rows of {@code patches} from {@code first} on, channel by channel, as {@link #winogradInputs}:
     *
     * <pre>m[ξ · mStep + (4 c + t) · 16] = (A d Aᵀ)_ξ,   d_i = d[c · step + d_ti],</pre>
     *
     * rows first: (d0, d0 + d1, d0 − d1, −d1).
     */
    void winogradDeltas(
            float[] d, int dAt, int step, int[] patches, int first, int channels, float[] m, int mAt, int mStep);

    /**
     * Lane by lane, the products of two sets of channels at one point, four by four, over {@code blocks} of four patches:
     *
     * <pre>lanes[(16 (rows · g + h) + 4 o + c) · 16] = Σ_bt m[b · mBlock + (4 (4 g + o) + t) · 16] · v[b · vBlock + (4 (4 h + c) + t) · 16]</pre>
     *
     * for g = 0 … {@code groups} − 1 and h = 0 … {@code rows} − 1.
     */
    void winogradGradient(
            float[] v,
            int vAt,
            int vBlock,
            int rows,
            float[] m,
            int mAt,
            int mBlock,
            int groups,
            int blocks,
            float[] lanes,
            int at);

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
    void pool(
            float[] x,
            int xAt,
            int xStep,
            int[] windows,
            int size,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            int yStep,
            int channels);

    /**
     * The gradient of the inputs of a pooling, for every row {y, d_0 … d_{P−1}} of {@code windows} and {@code channels} channels: what comes
     * from y goes to the d that its code names, 0 to the others.
     */
    void unpool(
            float[] dy,
            int yAt,
            float[] code,
            int codeAt,
            int yStep,
            int[] windows,
            int size,
            float[] d,
            int dAt,
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
     * The gradient of a dense layer's weights: gradient[outputs · i + j] = Σ_t Σ_lanes x[xAt + t · xTile + taps[i]] · dy[t · dyTile + 16 j] over
     * {@code tiles} tiles.
     */
    void denseGradient(
            float[] x,
            int xAt,
            int xTile,
            int[] taps,
            float[] dy,
            int dyTile,
            int outputs,
            int tiles,
            float[] gradient,
            int at);

    /** d[i] = y[i] > 0 ? d[i] : 0, {@code count} numbers. */
    void rectifyBack(float[] y, int yAt, float[] d, int dAt, int count);

    /** d[i] ·= 1 − y[i]². */
    void tanhBack(float[] y, int yAt, float[] d, int dAt, int count);

    /** a[i] = max(0, a[i]). */
    void rectify(float[] a, int at, int count);

    /** a[i] = tanh a[i], see {@link Tanh}. */
    void tanh(float[] a, int at, int count);

    /**
     * The sums of sixteen lanes each, for {@code count} of them from {@code lanesAt} on, always by the same tree: lane l and lane l + 8, then
     * 4, 2, 1 further.
     *
     * @param lanes sixteen longer than that
     */
    void sumLanes(float[] lanes, int lanesAt, int count, float[] sums, int at);
}

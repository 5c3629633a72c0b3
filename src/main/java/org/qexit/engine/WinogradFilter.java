package org.qexit.engine;

/**
 * A 3 × 3 convolution by Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray 2016, Sect. 4.1): the four sums of 2 × 2 neighbouring places
 * are Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A of the 4 × 4 patch d of the input below them and the kernel g, with
 *
 * <pre>
 *      ( 1  0 −1  0 )        (  1   0   0 )
 * Bᵀ = ( 0  1  1  0 )    G = (  ½   ½   ½ )    Aᵀ = ( 1  1  1  0 )
 *      ( 0 −1  1  0 )        (  ½  −½   ½ )         ( 0  1 −1 −1 )
 *      ( 0  1  0 −1 )        (  0   0   1 )
 * </pre>
 *
 * which is 16 products where 36 stood. Sums over channels are taken between the transformations, so that these cost little where there are
 * many channels. The gradient of the input is such a convolution with the kernel turned by half; that of g is Gᵀ [Σ (A ∂d Aᵀ) ⊙ (Bᵀ d B)] G,
 * summed over patches and samples.
 */
final class WinogradFilter implements Filter {
    /** Channels on both sides from which on it is less work, transformations included. */
    static final int LEAST = 8;

    private final WinogradSums forward;
    private final WinogradSums back;
    private final WinogradGradient gradient;
    private final int inputs;

    WinogradFilter(Grid in, Grid out, Grid full, int poolRows, int poolColumns) {
        int rows = out.rows * poolRows;
        int columns = out.columns * poolColumns;
        int window = poolRows * poolColumns;
        this.inputs = in.channels;
        boolean pooled = window == Kernels.CHANNELS;
        this.forward = new WinogradSums(in, pooled || window == 1 ? out : full, rows, columns, pooled);
        this.back = new WinogradSums(full, in, in.rows, in.columns, false);
        this.gradient = new WinogradGradient(in, full, rows, columns);
    }

    /**
     * Whether a convolution can be computed so, and that is less work.
     *
     * @param rows that pooling covers
     */
    static boolean pays(Blueprint.Block block, int inputs, int poolRows, int poolColumns, int rows, int columns) {
        boolean stripe = poolRows != poolColumns && poolRows * poolColumns == Kernels.CHANNELS;
        return !stripe
                && block.kernelRows() == 3
                && block.kernelColumns() == 3
                && rows >= 2
                && columns >= 2
                && inputs >= LEAST
                && block.channels() >= LEAST;
    }

    @Override
    public void pack(float[] parameters, int at, int first, int end) {
        for (int o = first; o < end; o++) {
            for (int c = 0; c < inputs; c++) {
                int kernel = at + (o * inputs + c) * WinogradGradient.KERNEL;
                forward.pack(parameters, kernel, c, o, false);
                back.pack(parameters, kernel, o, c, true);
            }
        }
    }

    @Override
    public void add(Kernels kernels, Scratch scratch, float[] x, int xAt, float[] y, int yAt) {
        forward.add(kernels, scratch, x, xAt, y, yAt);
    }

    @Override
    public void pool(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] bias,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            boolean rectify) {
        forward.pool(kernels, scratch, x, xAt, bias, y, yAt, code, codeAt, rectify);
    }

    @Override
    public void back(Kernels kernels, Scratch scratch, float[] d, int dAt, float[] dx, int dxAt) {
        back.add(kernels, scratch, d, dAt, dx, dxAt);
    }

    @Override
    public void sum(
            Kernels kernels,
            Scratch scratch,
            float[] x,
            int xAt,
            float[] d,
            int dAt,
            float[] sums,
            int at,
            boolean fresh) {
        gradient.add(kernels, scratch, x, xAt, d, dAt, sums, at, fresh);
    }

    @Override
    public int sums() {
        return gradient.size();
    }

    @Override
    public void gradient(Kernels kernels, float[] sums, int at, float[] room, float[] target, int targetAt) {
        gradient.finish(sums, at, target, targetAt);
    }

    @Override
    public long[] scratch() {
        long[] one = gradient.scratch();
        long either = Math.max(forward.scratch(), back.scratch());
        return new long[] {Math.max(one[0], either), Math.max(one[1], either), one[2]};
    }
}

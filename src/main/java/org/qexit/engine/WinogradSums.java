package org.qexit.engine;

/** The sums of {@link WinogradFilter} from one grid into another, four patches of all channels at a time. */
final class WinogradSums {
    private static final int PATCH = Kernels.PATCH;
    private static final int POINTS = Kernels.POINTS;

    private final Grid from;
    private final Grid to;
    private final int groups;
    /** Rows {corner in from, four places in to or −1}, up to a multiple of four. */
    private final int[] patches;
    /** {@code [ξ][group][channel][4]}. */
    private final float[] factors;

    /**
     * Makes it.
     *
     * @param from what is read, with a border of one zero at least
     * @param to what is written
     * @param rows of what is wanted, from the first on: at least 2, as the columns
     * @param pooled whether the first place of a patch stands for the window that it is, in a grid of half the rows and columns
     */
    WinogradSums(Grid from, Grid to, int rows, int columns, boolean pooled) {
        this.from = from;
        this.to = to;
        this.groups = Grid.padded(to.channels) / Kernels.CHANNELS;
        this.patches = WinogradPatches.table(from, to, rows, columns, pooled ? 2 : 1, -1);
        this.factors =
                new float[Math.multiplyExact(Math.multiplyExact(POINTS, Grid.padded(to.channels)), from.channels)];
    }

    /** Numbers that it needs for inputs, and for products. */
    long scratch() {
        return (long) POINTS * Math.max(WinogradPatches.step(from, 1), WinogradPatches.step(to, 1));
    }

    /** Takes one kernel {@code [3][3]}, from {@code at} on, between a channel that is read and one that is written. */
    void pack(float[] kernels, int at, int read, int written, boolean turned) {
        for (int i = 0; i < 4; i++) {
            // Turned by half, first and last change places, and the middle two stay.
            int row = turned && i % 3 == 0 ? 3 - i : i;
            float g0 = filtered(kernels, at, row);
            float g1 = filtered(kernels, at + 1, row);
            float g2 = filtered(kernels, at + 2, row);
            put(4 * i, read, written, turned ? g2 : g0);
            put(4 * i + 1, read, written, 0.5f * (g0 + g1 + g2));
            put(4 * i + 2, read, written, 0.5f * (g0 - g1 + g2));
            put(4 * i + 3, read, written, turned ? g0 : g2);
        }
    }

    /** A row of G times a column of g. */
    private static float filtered(float[] g, int at, int row) {
        return switch (row) {
            case 0 -> g[at];
            case 1 -> 0.5f * (g[at] + g[at + 3] + g[at + 6]);
            case 2 -> 0.5f * (g[at] - g[at + 3] + g[at + 6]);
            default -> g[at + 6];
        };
    }

    private void put(int point, int read, int written, float value) {
        int group = written / Kernels.CHANNELS;
        factors[((point * groups + group) * from.channels + read) * Kernels.CHANNELS + written % Kernels.CHANNELS] =
                value;
    }

    /** y += sums, at the places that are wanted. */
    void add(Kernels kernels, Filter.Scratch scratch, float[] x, int xAt, float[] y, int yAt) {
        Span m = scratch.products();
        for (int first = 0; first * PATCH < patches.length; first += Kernels.PATCHES) {
            products(kernels, scratch, x, xAt, first);
            kernels.winogradSums(
                    m.values(), m.at(), WinogradPatches.step(to, 1), to.channels, patches, first, y, yAt, to.step());
        }
    }

    private void products(Kernels kernels, Filter.Scratch scratch, float[] x, int xAt, int first) {
        Span v = scratch.inputs();
        Span m = scratch.products();
        int vStep = WinogradPatches.step(from, 1);
        kernels.winogradInputs(
                x, xAt, from.row(), from.step(), patches, first, from.channels, v.values(), v.at(), vStep);
        kernels.winogradProducts(
                factors,
                v.values(),
                v.at(),
                vStep,
                from.channels,
                groups,
                m.values(),
                m.at(),
                WinogradPatches.step(to, 1));
    }

    /** Pooled sums, their winners, bias and rectifier, as {@link Kernels#convolvePooled}. */
    void pool(
            Kernels kernels,
            Filter.Scratch scratch,
            float[] x,
            int xAt,
            float[] bias,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            boolean rectify) {
        Span m = scratch.products();
        for (int first = 0; first * PATCH < patches.length; first += Kernels.PATCHES) {
            products(kernels, scratch, x, xAt, first);
            kernels.winogradPooled(
                    m.values(),
                    m.at(),
                    WinogradPatches.step(to, 1),
                    bias,
                    to.channels,
                    patches,
                    first,
                    y,
                    yAt,
                    code,
                    codeAt,
                    to.step(),
                    rectify);
        }
    }
}

package org.qexit.simulation;

import java.util.function.DoubleUnaryOperator;

/**
 * 256 layers of equal area under a falling density f on x &ge; 0 (Marsaglia and Tsang, J. Stat. Software 5(8), 2000): a number drawn needs one
 * multiplication in about 98 of 100 cases. Tables and tails use {@link StrictMath}, so that streams are the same on every machine.
 *
 * @param scale [layer], width of the layer / 2^53
 * @param sure [layer], 53-bit numbers below this lie under the density whatever their height
 * @param density [layer + 1], f at the layer's right edge and at the next one's
 * @param tail where the lowest layer's tail begins
 */
record Ziggurat(double[] scale, long[] sure, double[] density, double tail) {
    static final int LAYERS = 256;

    /** 2^53: draws have 53 bits. */
    private static final double TWO_53 = 0x1p53;

    /**
     * f(x) = e^-x. Its tail begins at the r with which 256 layers of area v = (r + 1) e^-r close at f = 1; both numbers from Marsaglia and
     * Tsang, to the precision of a double.
     */
    static final Ziggurat EXPONENTIAL =
            of(7.69711747013104972, 0.0039496598225815571993, x -> StrictMath.exp(-x), y -> -StrictMath.log(y));

    /** f(x) = e^(-x²/2), half of the normal density; r and v = r f(r) + ∫_r^∞ f from Doornik (2005), "ZIGNOR", for 256 layers. */
    static final Ziggurat NORMAL = of(
            3.6541528853610088,
            0.00492867323399,
            x -> StrictMath.exp(-0.5 * x * x),
            y -> StrictMath.sqrt(-2 * StrictMath.log(y)));

    private static Ziggurat of(double tail, double area, DoubleUnaryOperator f, DoubleUnaryOperator inverse) {
        double[] edge = new double[LAYERS + 1];
        edge[0] = area / f.applyAsDouble(tail);
        edge[1] = tail;
        for (int i = 1; i < LAYERS - 1; i++) {
            edge[i + 1] = inverse.applyAsDouble(f.applyAsDouble(edge[i]) + area / edge[i]);
        }
        double[] scale = new double[LAYERS];
        long[] sure = new long[LAYERS];
        double[] density = new double[LAYERS + 1];
        for (int i = 0; i < LAYERS; i++) {
            scale[i] = edge[i] / TWO_53;
            sure[i] = (long) (edge[i + 1] / edge[i] * TWO_53);
            density[i] = f.applyAsDouble(edge[i]);
        }
        density[LAYERS] = 1;
        return new Ziggurat(scale, sure, density, tail);
    }

    /** Whether a point of a layer lies under the density, when its abscissa alone does not tell. */
    boolean under(int layer, double uniform, double densityThere) {
        return density[layer] + uniform * (density[layer + 1] - density[layer]) < densityThere;
    }
}

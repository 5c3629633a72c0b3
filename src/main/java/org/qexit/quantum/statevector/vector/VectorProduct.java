package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link org.qexit.quantum.statevector.SingleQubits} on the Vector API, always in double precision, with the same bits. */
final class VectorProduct {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED.vectorBitSize() > 512
            ? DoubleVector.SPECIES_512
            : DoubleVector.SPECIES_PREFERRED;

    private VectorProduct() {}

    /** Whether a row is whole vectors. */
    static boolean takes(int width) {
        return width % S.length() == 0;
    }

    static void apply(double[] v, int at, int width, double ar, double ai, double br, double bi) {
        for (int s = at; s < at + width; s += S.length()) {
            DoubleVector xr = DoubleVector.fromArray(S, v, s);
            DoubleVector xi = DoubleVector.fromArray(S, v, s + width);
            DoubleVector yr = DoubleVector.fromArray(S, v, s + 2 * width);
            DoubleVector yi = DoubleVector.fromArray(S, v, s + 3 * width);
            xr.mul(ar).sub(xi.mul(ai)).sub(yr.mul(br)).sub(yi.mul(bi)).intoArray(v, s);
            xi.mul(ar).add(xr.mul(ai)).sub(yi.mul(br)).add(yr.mul(bi)).intoArray(v, s + width);
            xr.mul(br).sub(xi.mul(bi)).add(yr.mul(ar)).add(yi.mul(ai)).intoArray(v, s + 2 * width);
            xi.mul(br).add(xr.mul(bi)).add(yi.mul(ar)).sub(yr.mul(ai)).intoArray(v, s + 3 * width);
        }
    }

    static void turn(double[] v, int at, int width, double[] cos, double[] sin, int row) {
        for (int s = 0; s < width; s += S.length()) {
            DoubleVector c = DoubleVector.fromArray(S, cos, row + s);
            DoubleVector d = DoubleVector.fromArray(S, sin, row + s);
            for (int p = at + s; p < at + s + 2 * width; p += width) {
                DoubleVector x = DoubleVector.fromArray(S, v, p);
                DoubleVector y = DoubleVector.fromArray(S, v, p + 2 * width);
                c.mul(x).sub(d.mul(y)).intoArray(v, p);
                d.mul(x).add(c.mul(y)).intoArray(v, p + 2 * width);
            }
        }
    }

    static void unapply(double[] tx, double[] ty, double[] tz, int row, int width, double[] r) {
        for (int s = row; s < row + width; s += S.length()) {
            DoubleVector x = DoubleVector.fromArray(S, tx, s);
            DoubleVector y = DoubleVector.fromArray(S, ty, s);
            DoubleVector z = DoubleVector.fromArray(S, tz, s);
            x.mul(r[0]).add(y.mul(r[1])).add(z.mul(r[2])).intoArray(tx, s);
            x.mul(r[3]).add(y.mul(r[4])).add(z.mul(r[5])).intoArray(ty, s);
            x.mul(r[6]).add(y.mul(r[7])).add(z.mul(r[8])).intoArray(tz, s);
        }
    }
}

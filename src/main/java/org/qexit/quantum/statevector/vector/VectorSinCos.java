package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.quantum.statevector.SinCos;

/** {@link SinCos} on the Vector API; differs from it only in rounding. */
final class VectorSinCos {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final double[] SIN = SinCos.series(1);
    private static final double[] COS = SinCos.series(0);

    private VectorSinCos() {}

    static void of(double[] angles, int count, double[] sin, double[] cos) {
        int i = 0;
        for (; i + S.length() <= count; i += S.length()) {
            DoubleVector x = DoubleVector.fromArray(S, angles, i);
            DoubleVector k = x.mul(SinCos.INVERSE_PI).add(SinCos.ROUNDER).sub(SinCos.ROUNDER);
            DoubleVector r =
                    x.sub(k.mul(SinCos.PI_HIGH)).sub(k.mul(SinCos.PI_MIDDLE)).sub(k.mul(SinCos.PI_LOW));
            DoubleVector half = k.mul(0.5);
            DoubleVector odd =
                    half.sub(half.add(SinCos.ROUNDER).sub(SinCos.ROUNDER)).abs();
            DoubleVector sign = DoubleVector.broadcast(S, 1.0).sub(odd.mul(4.0));
            DoubleVector u = r.mul(r);
            DoubleVector s = DoubleVector.broadcast(S, SIN[11]);
            DoubleVector c = DoubleVector.broadcast(S, COS[11]);
            for (int j = 10; j >= 0; j--) {
                s = s.fma(u, DoubleVector.broadcast(S, SIN[j]));
                c = c.fma(u, DoubleVector.broadcast(S, COS[j]));
            }
            s.mul(r).mul(sign).intoArray(sin, i);
            c.mul(sign).intoArray(cos, i);
        }
        SinCos.of(angles, i, count, sin, cos);
        SinCos.exceptions(angles, 0, i, sin, cos);
    }
}

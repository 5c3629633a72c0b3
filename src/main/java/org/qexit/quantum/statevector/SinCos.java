package org.qexit.quantum.statevector;

/**
 * sin and cos of many angles at once, without branches. With k the multiple of π nearest to x and r = x - kπ in [-π/2, π/2],
 *
 * <pre>sin x = (-1)^k sin r,   cos x = (-1)^k cos r,</pre>
 *
 * each by its Taylor series to r^23 and r^22, whose next terms are below 1e-19 there. π is subtracted in three parts. Absolute error below
 * 5e-16 for |x| up to {@link #LARGEST}; angles beyond it go to {@link StrictMath}.
 */
public final class SinCos {
    /** k stays below 2^20, so that k times the first two parts of π, of 33 bits each, is exact. */
    public static final double LARGEST = 1e6;

    public static final double INVERSE_PI = 1 / Math.PI;
    /** Added and subtracted, it rounds to a whole number. */
    public static final double ROUNDER = 0x1.8p52;

    /** The first 33 bits of π, the next 33, and the rest. */
    public static final double PI_HIGH = 0x1.921FB544p1;

    public static final double PI_MIDDLE = 0x1.0B4611A6p-33;
    public static final double PI_LOW = 0x1.3198A2E037073p-68;

    private static final double[] SIN = series(1);
    private static final double[] COS = series(0);

    private SinCos() {}

    /** Coefficients (-1)^j / (2j + odd)!, j = 0 … 11. */
    public static double[] series(int odd) {
        double[] series = new double[12];
        double factorial = 1;
        for (int j = 0; j < series.length; j++) {
            series[j] = (j % 2 == 0 ? 1 : -1) / factorial;
            factorial *= (2.0 * j + odd + 1) * (2.0 * j + odd + 2);
        }
        return series;
    }

    /** sin[i], cos[i] of angles[i] for i below count. */
    public static void of(double[] angles, int from, int count, double[] sin, double[] cos) {
        for (int i = from; i < count; i++) {
            double x = angles[i];
            double k = x * INVERSE_PI + ROUNDER - ROUNDER;
            double r = x - k * PI_HIGH - k * PI_MIDDLE - k * PI_LOW;
            double half = 0.5 * k;
            double sign = 1 - 4 * Math.abs(half - (half + ROUNDER - ROUNDER));
            double u = r * r;
            double s = SIN[11];
            double c = COS[11];
            for (int j = 10; j >= 0; j--) {
                s = Math.fma(s, u, SIN[j]);
                c = Math.fma(c, u, COS[j]);
            }
            sin[i] = sign * r * s;
            cos[i] = sign * c;
        }
        exceptions(angles, from, count, sin, cos);
    }

    /** Repairs the few beyond {@link #LARGEST}. */
    public static void exceptions(double[] angles, int from, int count, double[] sin, double[] cos) {
        for (int i = from; i < count; i++) {
            if (!(Math.abs(angles[i]) <= LARGEST)) {
                sin[i] = StrictMath.sin(angles[i]);
                cos[i] = StrictMath.cos(angles[i]);
            }
        }
    }
}

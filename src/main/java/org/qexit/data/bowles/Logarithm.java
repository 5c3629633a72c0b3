package org.qexit.data.bowles;

import java.util.Set;

/**
 * The natural logarithm, rounded correctly but for one argument in some 10¹⁴: the same on every machine, and what the library gives that the
 * published sets were made with.
 */
final class Logarithm {
    /** ln 2 as a sum of three; a whole number of up to 11 bits times either of the first two is exact. */
    private static final double LN2_HIGH = 0x1.62e42fefap-1;

    private static final double LN2_MIDDLE = 0x1.cf79abc9e2p-40;
    private static final double LN2_LOW = 0x1.b39803f2f6af4p-80;

    /**
     * The arguments met in making the published sets where the library that they were made with (the GNU C library, 2.28 or later, within 0.52
     * units of the last place) gives the next number above, or below.
     */
    private static final Set<Double> ABOVE =
            Set.of(0x1.c2591898f2bb3p-1, 0x1.5890fc0da96a0p-1, 0x1.c387fc193a348p-2, 0x1.d41899da1ac8ep-1);

    private static final Set<Double> BELOW = Set.of(
            0x1.6204c12bd2f96p-1,
            0x1.4821e38af9538p-1,
            0x1.889cd3bb339c0p-1,
            0x1.cdc23b4c4925bp-1,
            0x1.23d446fb77281p-1,
            0x1.79727a25f8f7ap-1,
            0x1.aca7d78ab3a40p-1,
            0x1.95ad2bc9b194cp-1,
            0x1.ad6fa8d6541f0p-1,
            0x1.4c5ef9a036f94p-2,
            0x1.de00f674237dbp-1);

    private static final int TERMS = 22;

    private Logarithm() {}

    /** @param x positive and normal */
    static double of(double x) {
        int exponent = Math.getExponent(x);
        double mantissa = Math.scalb(x, -exponent);
        if (mantissa > Math.sqrt(2)) {
            mantissa /= 2;
            exponent++;
        }
        // ln m = 2 artanh s with s = (m − 1) / (m + 1), |s| < 0.172, in twice the precision: a value and its rest.
        double top = mantissa - 1;
        double bottom = mantissa + 1;
        double bottomRest = mantissa - (bottom - 1);
        double s = top / bottom;
        double sRest = (Math.fma(-s, bottom, top) - s * bottomRest) / bottom;
        double square = s * s;
        double squareRest = Math.fma(s, s, -square) + 2 * s * sRest;
        double sum = 0;
        double sumRest = 0;
        for (int k = TERMS; k >= 0; k--) {
            // sum = sum · s² + 1 / (2k + 1)
            double product = sum * square;
            double productRest = Math.fma(sum, square, -product) + sum * squareRest + sumRest * square;
            double odd = 2 * k + 1;
            double term = 1 / odd;
            double termRest = Math.fma(-term, odd, 1) / odd;
            sum = term + product;
            sumRest = term - sum + product + productRest + termRest;
        }
        double log = 2 * s * sum;
        double logRest = Math.fma(2 * s, sum, -log) + 2 * (s * sumRest + sRest * sum);
        double high = exponent * LN2_HIGH;
        double middle = exponent * LN2_MIDDLE;
        // Each sum with its error, largest first where there is an exponent.
        double first = high + log;
        double firstRest = exponent == 0 ? 0 : high - first + log;
        double second = middle + logRest;
        double secondRest = middle - (second - logRest) + (logRest - (second - (second - logRest)));
        double rounded = first + (firstRest + second + (secondRest + exponent * LN2_LOW));
        if (ABOVE.contains(x)) {
            return Math.nextUp(rounded);
        }
        return BELOW.contains(x) ? Math.nextDown(rounded) : rounded;
    }
}

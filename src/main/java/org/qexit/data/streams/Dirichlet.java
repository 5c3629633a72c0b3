package org.qexit.data.streams;

import java.util.SplittableRandom;
import org.qexit.common.Checks;

/**
 * The symmetric Dirichlet distribution Dir(a, ..., a): p_i = g_i / sum(g), g_i ~ Gamma(a, 1) independent. Small a gives
 * lopsided vectors, large a nearly uniform ones. Gamma variates after Marsaglia and Tsang, "A Simple Method for Generating
 * Gamma Variables", ACM TOMS 26(3), 2000. Elementary functions are those of StrictMath: the same numbers on every machine.
 */
final class Dirichlet {
    private Dirichlet() {}

    /**
     * @param alpha concentration a &gt; 0
     * @param dimension length of the vector, at least 1
     */
    static double[] sample(double alpha, int dimension, SplittableRandom random) {
        Checks.positive("alpha", alpha);
        Checks.within("dimension", dimension, 1, Integer.MAX_VALUE);
        // In logarithms: for small alpha the variates themselves underflow, and 0/0 would follow.
        double[] p = new double[dimension];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < dimension; i++) {
            p[i] = logGamma(alpha, random);
            max = Math.max(max, p[i]);
        }
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            p[i] = StrictMath.exp(p[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < dimension; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /** Logarithm of a Gamma(alpha, 1) variate. For alpha &lt; 1, Gamma(alpha) = Gamma(alpha + 1) U^(1/alpha) (ibid., section 6). */
    static double logGamma(double alpha, SplittableRandom random) {
        if (alpha < 1) {
            return logGamma(alpha + 1, random) + StrictMath.log(openUniform(random)) / alpha;
        }
        double d = alpha - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double x = gaussian(random);
            double t = 1 + c * x;
            if (t > 0) {
                double v = t * t * t;
                if (StrictMath.log(openUniform(random)) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                    return StrictMath.log(d * v);
                }
            }
        }
    }

    /** Marsaglia's polar method; the second variate of each pair is dropped to keep the stream free of state. */
    static double gaussian(SplittableRandom random) {
        while (true) {
            double u = 2 * random.nextDouble() - 1;
            double v = 2 * random.nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
            }
        }
    }

    /** Uniform on (0, 1]. */
    private static double openUniform(SplittableRandom random) {
        return 1 - random.nextDouble();
    }
}

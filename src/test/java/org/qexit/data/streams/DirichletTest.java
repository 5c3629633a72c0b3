package org.qexit.data.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;

class DirichletTest {
    private static final int SAMPLES = 40_000;

    /** E p = 1/K; Var p = (K-1) / (K^2 (K a + 1)); Cov(p_i, p_j) = -1 / (K^2 (K a + 1)). Limits: 5 standard errors. */
    @ParameterizedTest
    @CsvSource({"0.05, 3", "0.5, 2", "1, 4", "2.5, 7", "30, 3"})
    void momentsAreThoseOfTheory(double alpha, int k) {
        SplittableRandom random = RandomStreams.of(11).stream("moments");
        double mean = 0;
        double square = 0;
        double fourth = 0;
        double product = 0;
        for (int n = 0; n < SAMPLES; n++) {
            double[] p = Dirichlet.sample(alpha, k, random);
            double sum = 0;
            for (double share : p) {
                assertTrue(share >= 0 && share <= 1);
                sum += share;
            }
            assertEquals(1, sum, 1e-12);
            double d = p[0] - 1.0 / k;
            mean += p[0] / SAMPLES;
            square += d * d / SAMPLES;
            fourth += d * d * d * d / SAMPLES;
            product += d * (p[1] - 1.0 / k) / SAMPLES;
        }
        double variance = (k - 1) / (k * k * (k * alpha + 1));
        double covariance = -1 / (k * k * (k * alpha + 1));
        assertEquals(1.0 / k, mean, 5 * Math.sqrt(variance / SAMPLES));
        double errorOfSquare = Math.sqrt((fourth - square * square) / SAMPLES);
        assertEquals(variance, square, 5 * errorOfSquare);
        // By Cauchy-Schwarz the product spreads no more than the square.
        assertEquals(covariance, product, 5 * Math.sqrt(fourth / SAMPLES));
    }

    /** E g = a and Var g = a for Gamma(a, 1); E log g = digamma(a), here at a = 1 and 1/2 in closed form. */
    @ParameterizedTest
    @CsvSource({"0.5, -1.9635100260214235", "1, -0.5772156649015329"})
    void gammaVariatesHaveTheRightMoments(double alpha, double digamma) {
        SplittableRandom random = RandomStreams.of(12).stream("gamma");
        double mean = 0;
        double square = 0;
        double logarithm = 0;
        for (int n = 0; n < SAMPLES; n++) {
            double log = Dirichlet.logGamma(alpha, random);
            double g = Math.exp(log);
            mean += g / SAMPLES;
            square += g * g / SAMPLES;
            logarithm += log / SAMPLES;
        }
        assertEquals(alpha, mean, 5 * Math.sqrt(alpha / SAMPLES));
        assertEquals(alpha, square - mean * mean, 0.08 * alpha);
        // Var log g = trigamma(a): pi^2/6 at 1, pi^2/2 at 1/2.
        double trigamma = alpha == 1 ? Math.PI * Math.PI / 6 : Math.PI * Math.PI / 2;
        assertEquals(digamma, logarithm, 5 * Math.sqrt(trigamma / SAMPLES));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-9, 0.001})
    void tinyConcentrationsGiveOneClassAndNoNaN(double alpha) {
        SplittableRandom random = RandomStreams.of(13).stream("tiny");
        int[] winners = new int[4];
        for (int n = 0; n < 4000; n++) {
            double[] p = Dirichlet.sample(alpha, 4, random);
            double sum = 0;
            int best = 0;
            for (int i = 0; i < 4; i++) {
                sum += p[i];
                best = p[i] > p[best] ? i : best;
            }
            assertEquals(1, sum, 1e-12);
            winners[best]++;
        }
        for (int count : winners) {
            // Binomial(4000, 1/4): standard deviation 27.
            assertEquals(1000, count, 5 * 27.4);
        }
    }

    @Test
    void refusesWhatIsNoConcentration() {
        SplittableRandom random = RandomStreams.of(1).stream("x");
        for (double alpha : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> Dirichlet.sample(alpha, 3, random));
        }
        assertThrows(IllegalArgumentException.class, () -> Dirichlet.sample(1, 0, random));
    }
}

package org.qexit.common.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClopperPearsonTest {
    /** P(Bin(n, p) = k) by products, no distribution asked. */
    private static double[] probabilities(int n, double p) {
        double[] of = new double[n + 1];
        of[0] = 1;
        for (int trial = 0; trial < n; trial++) {
            for (int k = trial + 1; k > 0; k--) {
                of[k] = of[k] * (1 - p) + of[k - 1] * p;
            }
            of[0] *= 1 - p;
        }
        return of;
    }

    private static double tail(int n, double p, int from, int to) {
        double sum = 0;
        double[] of = probabilities(n, p);
        for (int k = from; k <= to; k++) {
            sum += of[k];
        }
        return sum;
    }

    /** The limits are where the tails of the binomial distribution, added up term by term, are alpha. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40})
    void tailsAtTheLimitsAreAlpha(int n) {
        for (double alpha : new double[] {0.4, 0.05, 0.001}) {
            for (int x = 0; x <= n; x++) {
                double low = ClopperPearson.lower(x, n, alpha);
                double high = ClopperPearson.upper(x, n, alpha);
                assertTrue(low >= 0 && low <= (double) x / n && high >= (double) x / n && high <= 1);
                if (x > 0) {
                    assertEquals(alpha, tail(n, low, x, n), 1e-9 * alpha + 1e-12);
                }
                if (x < n) {
                    assertEquals(alpha, tail(n, high, 0, x), 1e-9 * alpha + 1e-12);
                }
            }
            assertEquals(0, ClopperPearson.lower(0, n, alpha));
            assertEquals(1, ClopperPearson.upper(n, n, alpha));
        }
    }

    /** Published: 10 of 100 at 2.5 % each side give 4.900 % to 17.622 %. */
    @Test
    void aKnownInterval() {
        assertEquals(0.0490047, ClopperPearson.lower(10, 100, 0.025), 1e-6);
        assertEquals(0.1762226, ClopperPearson.upper(10, 100, 0.025), 1e-6);
    }

    @Test
    void refusesWhatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> ClopperPearson.lower(1, 0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> ClopperPearson.lower(3, 2, 0.1));
        assertThrows(IllegalArgumentException.class, () -> ClopperPearson.upper(-1, 2, 0.1));
        assertThrows(IllegalArgumentException.class, () -> ClopperPearson.upper(1, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> ClopperPearson.upper(1, 2, Double.NaN));
    }
}

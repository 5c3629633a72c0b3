package org.qexit.quantum.shots;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeanTestTest {
    private static final double ALPHA = 0.1;
    private static final int RUNS = 600;
    private static final int SHOTS = 400;

    /** Five standard errors above what is promised. */
    private static final double MOST = ALPHA + 5 * Math.sqrt(ALPHA * (1 - ALPHA) / RUNS);

    /**
     * The share of runs in which a true hypothesis, mean exactly m, is rejected at any number of shots: whoever stops where it suits best
     * meets just these.
     */
    private static double everRejected(Bound bound, double m, ToDoubleFunction<SplittableRandom> draw) {
        SplittableRandom random = new SplittableRandom(7);
        int rejected = 0;
        for (int run = 0; run < RUNS; run++) {
            MeanTest test = bound.test(m, ALPHA);
            for (int t = 0; t < SHOTS && !test.rejects(); t++) {
                test.add(draw.applyAsDouble(random));
            }
            rejected += test.rejects() ? 1 : 0;
        }
        return (double) rejected / RUNS;
    }

    @ParameterizedTest
    @EnumSource(Bound.class)
    void trueHypothesesAreSeldomRejectedWheneverOneStops(Bound bound) {
        for (double p : new double[] {0.03, 0.5, 0.9}) {
            double rate = everRejected(bound, p, random -> random.nextDouble() < p ? 1 : 0);
            assertTrue(rate <= MOST, bound + ", bits of mean " + p + ": " + rate);
        }
        double three = everRejected(bound, 0.3, random -> {
            double u = random.nextDouble();
            return u < 0.7 ? 0.2 : u < 0.9 ? 0.3 : 1;
        });
        assertTrue(three <= MOST, bound + ", values 0.2, 0.3 and 1 of mean 0.3: " + three);
    }

    @ParameterizedTest
    @EnumSource(Bound.class)
    void falseHypothesesAreRejected(Bound bound) {
        SplittableRandom random = new SplittableRandom(3);
        for (int run = 0; run < 50; run++) {
            MeanTest test = bound.test(0.4, 0.01);
            for (int t = 0; t < 3000; t++) {
                test.add(random.nextDouble() < 0.55 ? 1 : 0);
            }
            assertTrue(test.rejects(), bound.word());
        }
    }

    /**
     * Of small variance, empirical Bernstein and betting need fewer numbers than Hoeffding; with a mean at the threshold none may ever be
     * sure.
     */
    @Test
    void smallVarianceIsMadeUseOf() {
        int[] needed = new int[Bound.values().length];
        for (Bound bound : Bound.values()) {
            SplittableRandom random = new SplittableRandom(5);
            for (int run = 0; run < 40; run++) {
                MeanTest test = bound.test(0.45, 0.01);
                while (!test.rejects()) {
                    test.add(0.5 + 0.1 * (random.nextDouble() - 0.5));
                    needed[bound.ordinal()]++;
                }
            }
        }
        assertTrue(
                2 * needed[Bound.EMPIRICAL_BERNSTEIN.ordinal()] < needed[Bound.HOEFFDING.ordinal()]
                        && needed[Bound.BETTING.ordinal()] < needed[Bound.EMPIRICAL_BERNSTEIN.ordinal()],
                java.util.Arrays.toString(needed));
    }

    @Test
    void rejectedStaysRejected() {
        MeanTest test = Bound.BETTING.test(0.2, 0.05);
        for (int t = 0; t < 50; t++) {
            test.add(1);
        }
        assertTrue(test.rejects());
        for (int t = 0; t < 5000; t++) {
            test.add(0);
        }
        assertTrue(test.rejects());
        assertFalse(Bound.BETTING.test(0.2, 0.05).rejects());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void levelsAndMeansAreCheckedAtTheDoor(double bad) {
        assertThrows(IllegalArgumentException.class, () -> Bound.BETTING.test(bad, 0.1));
        assertThrows(IllegalArgumentException.class, () -> Bound.BETTING.test(0.5, bad));
        assertThrows(IllegalArgumentException.class, () -> new SequentialMeasurement(Bound.BETTING, bad, 10));
    }
}

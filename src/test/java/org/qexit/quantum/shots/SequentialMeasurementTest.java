package org.qexit.quantum.shots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequentialMeasurementTest {
    private static final double ALPHA = 0.1;

    private record Case(double[] probabilities, Readout readout, double mean) {
        static Case random(SplittableRandom random, int qubits) {
            double[] p = new double[1 << qubits];
            double sum = 0;
            for (int k = 0; k < p.length; k++) {
                p[k] = -Math.log(random.nextDouble());
                sum += p[k];
            }
            double[] weights = random.doubles(qubits, -2, 2).toArray();
            Readout readout = Readout.of(random.nextDouble() - 0.5, weights);
            double mean = 0;
            for (int k = 0; k < p.length; k++) {
                p[k] /= sum;
                mean += p[k] * readout.values()[k];
            }
            return new Case(p, readout, mean);
        }
    }

    /** Thresholds just beside the mean, so that it is hard; what is decided before the cap is wrong in at most a share α. */
    @ParameterizedTest
    @EnumSource(Bound.class)
    void decisionsBeforeTheCapAreSeldomWrong(Bound bound) {
        SplittableRandom random = new SplittableRandom(11);
        SequentialMeasurement measurement = new SequentialMeasurement(bound, ALPHA, 500);
        int runs = 450;
        int wrong = 0;
        int decided = 0;
        for (int run = 0; run < runs; run++) {
            Case c = Case.random(random, 1 + run % 4);
            double gap = (c.readout.high() - c.readout.low()) * 0.02;
            Band band = switch (run % 3) {
                case 0 -> new Band(c.mean - gap, c.mean + gap);
                case 1 -> new Band(c.mean + 0.2 * gap, c.mean + gap);
                default -> new Band(c.mean - gap, c.mean - 0.2 * gap);
            };
            SequentialMeasurement.Verdict verdict = measurement.measure(
                    SequentialMeasurement.shots(c.probabilities, 0, c.readout.qubits(), random), c.readout, band);
            decided += verdict.capped() ? 0 : 1;
            wrong += !verdict.capped() && verdict.side() != band.side(c.mean) ? 1 : 0;
        }
        assertTrue(wrong <= runs * ALPHA + 5 * Math.sqrt(runs * ALPHA * (1 - ALPHA)), bound + ": " + wrong);
        assertTrue(wrong + 5 < runs, bound.word());
    }

    /** A mean far from both thresholds is decided rightly, by few shots. */
    @ParameterizedTest
    @EnumSource(Bound.class)
    void easyCasesAreDecidedRightly(Bound bound) {
        SplittableRandom random = new SplittableRandom(5);
        SequentialMeasurement measurement = new SequentialMeasurement(bound, 0.001, 20_000);
        for (int run = 0; run < 60; run++) {
            Case c = Case.random(random, 2);
            double range = c.readout.high() - c.readout.low();
            Band band = switch (run % 3) {
                case 0 -> new Band(c.mean - 0.2 * range, c.mean + 0.2 * range);
                case 1 -> new Band(c.mean + 0.1 * range, c.mean + 0.2 * range);
                default -> new Band(c.mean - 0.2 * range, c.mean - 0.1 * range);
            };
            SequentialMeasurement.Verdict verdict =
                    measurement.measure(SequentialMeasurement.shots(c.probabilities, 0, 2, random), c.readout, band);
            assertFalse(verdict.capped());
            assertEquals(band.side(c.mean), verdict.side());
        }
    }

    @Test
    void noShotIsTakenWhereTheRangeLeavesNoChoice() {
        SequentialMeasurement measurement = new SequentialMeasurement(Bound.BETTING, 0.05, 100);
        Readout readout = Readout.of(0, new double[] {0.5, -0.5});
        SequentialMeasurement.Shots none = () -> {
            throw new AssertionError("a shot");
        };
        Band never = new Band(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        assertEquals(
                new SequentialMeasurement.Verdict(Band.Side.BETWEEN, 0, false),
                measurement.measure(none, readout, never));
        assertEquals(
                Band.Side.NORMAL,
                measurement.measure(none, readout, new Band(1.1, 2)).side());
        assertEquals(
                Band.Side.CRITICAL,
                measurement.measure(none, readout, new Band(-3, -1.1)).side());
        assertEquals(
                Band.Side.CRITICAL,
                measurement
                        .measure(none, readout, new Band(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY))
                        .side());
    }

    @Test
    void atTheCapTheEstimateDecides() {
        SequentialMeasurement measurement = new SequentialMeasurement(Bound.BETTING, 0.05, 3);
        int[] shot = new int[1];
        SequentialMeasurement.Verdict verdict =
                measurement.measure(() -> shot[0]++ == 0 ? 0 : 1, Readout.of(0, new double[] {1}), new Band(-0.4, 0.4));
        assertEquals(new SequentialMeasurement.Verdict(Band.Side.BETWEEN, 3, true), verdict);
    }

    /** A head whose weights are all 0 says the same at every shot. */
    @Test
    void constantReadoutsAreDecidedAtOnce() {
        SequentialMeasurement measurement = new SequentialMeasurement(Bound.BETTING, 0.05, 10);
        Readout constant = Readout.of(0.3, new double[] {0, 0});
        assertEquals(
                new SequentialMeasurement.Verdict(Band.Side.BETWEEN, 0, false),
                measurement.measure(() -> 0, constant, new Band(0.2, 0.4)));
        assertEquals(
                Band.Side.CRITICAL,
                measurement.measure(() -> 0, constant, new Band(0.1, 0.3)).side());
    }

    /** The same sides as the rule on float confidences, at the float's neighbours too. */
    @Test
    void bandsAreThoseOfTheRuleOnFloats() {
        SplittableRandom random = new SplittableRandom(2);
        for (int run = 0; run < 20_000; run++) {
            float lower = run % 7 == 0 ? 0 : (float) random.nextDouble();
            float upper = run % 5 == 0 ? lower : (float) (lower + (1 - lower) * random.nextDouble());
            if (run % 11 == 0) {
                upper = 1;
            }
            Band band = Band.ofConfidences(lower, upper);
            double near = run % 2 == 0 ? lower : upper;
            double logit = run % 3 == 0
                    ? 12 * random.nextDouble() - 6
                    : Math.log(near / (1 - near)) + 1e-6 * (random.nextDouble() - 0.5);
            if (!Double.isFinite(logit)) {
                continue;
            }
            float confidence = (float) (1 / (1 + Math.exp(-logit)));
            Band.Side expected = confidence <= lower
                    ? Band.Side.NORMAL
                    : confidence >= upper ? Band.Side.CRITICAL : Band.Side.BETWEEN;
            assertEquals(expected, band.side(logit), lower + ", " + upper + " at " + logit);
        }
    }

    @Test
    void badReadoutsAndBandsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Readout.of(Double.NaN, new double[] {1}));
        assertThrows(IllegalArgumentException.class, () -> Readout.of(0, new double[] {Double.POSITIVE_INFINITY}));
        assertThrows(IllegalArgumentException.class, () -> Readout.of(0, new double[0]));
        assertThrows(IllegalArgumentException.class, () -> new Band(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Band(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> new SequentialMeasurement(Bound.BETTING, 0.1, 0));
    }
}

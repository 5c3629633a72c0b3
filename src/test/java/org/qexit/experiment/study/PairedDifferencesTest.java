package org.qexit.experiment.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.qexit.trace.DeviceTrace;

class PairedDifferencesTest {
    /** d̄ = 3, s² = 10 / 4, and t of 4 degrees of freedom at 97.5 % is 2.776445 in any table. */
    @Test
    void intervalIsThatComputedByHand() {
        PairedDifferences d = PairedDifferences.of(new double[] {1, 2, 3, 4, 5});
        double half = 2.776445105 * Math.sqrt(2.5) / Math.sqrt(5);
        assertEquals(5, d.interval().count());
        assertEquals(3, d.mean(), 1e-12);
        assertEquals(Math.sqrt(2.5), d.interval().deviation(), 1e-12);
        assertEquals(3 - half, d.low(), 1e-8);
        assertEquals(3 + half, d.high(), 1e-8);
        assertEquals(5, d.wins());
        assertEquals(0, d.losses());
        assertTrue(d.bootstrapLow() > d.low() && d.bootstrapHigh() < d.high());
    }

    /** Two values have three resampled means, of chances 1/4, 1/2, 1/4: the 2.5 % points are the values themselves. */
    @Test
    void bootstrapOfTwoValuesEndsAtThem() {
        PairedDifferences d = PairedDifferences.of(new double[] {0.25, -0.75});
        assertEquals(-0.75, d.bootstrapLow());
        assertEquals(0.25, d.bootstrapHigh());
        assertEquals(1, d.wins());
        assertEquals(1, d.losses());
    }

    @Test
    void oneSeedHasNoIntervalAndNoneIsRefused() {
        PairedDifferences one = PairedDifferences.of(new double[] {0.5});
        assertEquals(0.5, one.mean());
        assertNull(one.low());
        assertNull(one.bootstrapHigh());
        assertThrows(IllegalArgumentException.class, () -> PairedDifferences.of(new double[0]));
    }

    /** Of the last exit only: −ln 0.9, −ln 0.75, −ln 0.2; the first two share no bin with the third, 0.8 for label 0. */
    @Test
    void qualityOfScoresIsThatComputedByHand() {
        DeviceTrace trace = new DeviceTrace(
                "d", new long[] {0, 1, 2}, new byte[] {1, 0, 0}, new float[][] {{0, 1, 1}, {0.9f, 0.25f, 0.8f}});
        ScoreQuality quality = ScoreQuality.of(trace);
        assertEquals(-(Math.log(0.9) + Math.log(0.75) + Math.log(0.2)) / 3, quality.crossEntropy(), 1e-6);
        assertEquals((0.1 + 0.25 + 0.8) / 3, quality.calibrationError(), 1e-6);
    }
}

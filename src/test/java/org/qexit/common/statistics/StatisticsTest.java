package org.qexit.common.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;

class StatisticsTest {
    @Test
    void quantilesByHandAndTheArrayStays() {
        double[] even = {4, 1, 3, 2};
        assertEquals(2.5, Samples.median(even));
        assertEquals(3, Samples.median(new double[] {9, 1, 3}));
        assertEquals(1.75, Samples.quantile(even, 0.25));
        assertEquals(4, Samples.quantile(even, 1));
        assertEquals(1, Samples.atRank(even, 0.25));
        assertEquals(2, Samples.atRank(even, 0.26));
        assertArrayEquals(new double[] {4, 1, 3, 2}, even);
        assertTrue(Double.isNaN(Samples.median(new double[0])) && Double.isNaN(Samples.quantile(new double[0], 0.5)));
    }

    @Test
    void jainsIndexIsOneOfEqualsAndOneNthOfOneThatHasAll() {
        assertEquals(1, Samples.jain(new double[] {3, 3, 3}));
        assertEquals(0.25, Samples.jain(new double[] {0, 0, 7, 0}));
    }

    /** t of 4 degrees of freedom is 2.776445 at 97.5 % (any table); the sample has mean 3 and s = √2.5. */
    @Test
    void studentsIntervalByHand() {
        MeanInterval interval = MeanInterval.student(new double[] {1, 2, 3, 4, 5});
        assertEquals(3, interval.mean());
        assertEquals(Math.sqrt(2.5), interval.deviation(), 1e-15);
        assertEquals(3 - 2.776445 * Math.sqrt(2.5 / 5), interval.low(), 1e-6);
        assertEquals(3 + 2.776445 * Math.sqrt(2.5 / 5), interval.high(), 1e-6);
        assertNull(MeanInterval.student(new double[] {1}).low());
        assertThrows(IllegalArgumentException.class, () -> MeanInterval.student(new double[0]));
    }

    /** Of many values the two intervals agree. */
    @Test
    void bootstrapNearsStudentsInterval() {
        double[] x = RandomStreams.of(4).stream("x").doubles(400).toArray();
        double[] resampled = MeanInterval.bootstrap(x, 4000, RandomStreams.of(4).stream("bootstrap"));
        MeanInterval student = MeanInterval.student(x);
        assertEquals(student.low(), resampled[0], 0.005);
        assertEquals(student.high(), resampled[1], 0.005);
    }
}

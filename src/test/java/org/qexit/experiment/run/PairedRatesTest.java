package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;

class PairedRatesTest {
    @Test
    void exactTestIsTheBinomialTail() {
        // 2 · (C(10,0) + C(10,1)) / 2^10, by hand.
        assertEquals(22.0 / 1024, new PairedRates(1, 9, 50).exactMcNemar(), 1e-15);
        assertEquals(22.0 / 1024, new PairedRates(9, 1, 50).exactMcNemar(), 1e-15);
        assertEquals(1, new PairedRates(0, 0, 50).exactMcNemar());
        assertEquals(1, new PairedRates(5, 5, 50).exactMcNemar());
    }

    @Test
    void intervalCoversTheTruthAsOftenAsItSays() {
        SplittableRandom random = RandomStreams.of(3).stream("coverage");
        int covered = 0;
        int repetitions = 4000;
        double p = 0.12;
        double q = 0.05;
        for (int r = 0; r < repetitions; r++) {
            int b = 0;
            int c = 0;
            for (int k = 0; k < 80; k++) {
                double u = random.nextDouble();
                b += u < p ? 1 : 0;
                c += u >= p && u < p + q ? 1 : 0;
            }
            double[] interval = new PairedRates(b, c, 80).interval();
            covered += interval[0] <= p - q && p - q <= interval[1] ? 1 : 0;
        }
        double rate = (double) covered / repetitions;
        assertTrue(rate > 0.93 && rate < 0.985, "covered " + rate);
    }

    @Test
    void holdsTheDifferenceAtTheEdges() {
        for (PairedRates rates : new PairedRates[] {
            new PairedRates(0, 0, 1), new PairedRates(1, 0, 1), new PairedRates(0, 7, 7), new PairedRates(3, 4, 7)
        }) {
            double[] interval = rates.interval();
            assertTrue(interval[0] <= rates.difference() && rates.difference() <= interval[1], rates.toString());
            assertTrue(interval[0] >= -1 && interval[1] <= 1, rates.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> new PairedRates(4, 4, 7));
    }
}

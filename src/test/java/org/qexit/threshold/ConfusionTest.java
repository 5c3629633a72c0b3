package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;

class ConfusionTest {
    private static final DeviceTrace TRACE = Traces.of(
            new int[] {1, 1, 0, 0, 0},
            new float[][] {{0.1f, 0.9f}, {0.5f, 0.9f}, {0.5f, 0.5f}, {0.9f, 0.1f}, {0.2f, 0.3f}});

    @Test
    void countsByHand() {
        Confusion c = Confusion.of(TRACE, new Thresholds(0.2f, 0.9f));
        assertEquals(new Confusion(1, 1, 2, 1, List.of(3, 2)), c);
        assertEquals(0.5, c.tpr().value());
        assertEquals(1 / 3.0, c.fpr().value());
        assertEquals(0.5, c.fnr().value());
        assertEquals(0.6, c.car().value());
        assertEquals(0.4, c.ofr().value());
    }

    @Test
    void equalThresholdsDecideAtExitOneAndEqualityIsNormal() {
        Confusion c = Confusion.of(TRACE, new Thresholds(0.5f, 0.5f));
        assertEquals(new Confusion(0, 1, 2, 2, List.of(5, 0)), c);
        assertEquals(0, Confusion.of(TRACE, new Thresholds(0, Thresholds.NEVER)).offloads());
    }

    /** Bounds evaluated from the formula outside of Java, in Python. */
    @ParameterizedTest
    @CsvSource({
        "1, 10, 0.01787621, 0.4041500",
        "50, 100, 0.4038315, 0.5961685",
        "0, 20, 0, 0.1611252",
        "7, 7, 0.6456696, 1"
    })
    void wilsonInterval(long count, long of, double low, double high) {
        Rate rate = Rate.of(count, of);
        assertEquals(low, rate.low(), 1e-6);
        assertEquals(high, rate.high(), 1e-6);
    }

    @Test
    void undefinedWithoutADenominator() {
        Confusion c = Confusion.of(Traces.of(new int[] {0}, new float[][] {{0.5f}}), new Thresholds(0, 1));
        assertFalse(c.tpr().defined());
        assertNull(c.tpr().value());
        assertEquals("undefined", c.tpr().toString());
        assertThrows(IllegalArgumentException.class, () -> c.tpr().orThrow());
        assertThrows(IllegalArgumentException.class, () -> Rate.of(2, 1));
    }
}

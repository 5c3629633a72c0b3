package org.qexit.threshold.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.common.Json;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Rate;

class ChainFiguresTest {
    private static final List<String> CLASSES = List.of("normal", "fire", "calm", "flood");

    /** Counted by hand. */
    @Test
    void countsWhatBecameOfEveryEvent() {
        ChainFigures.Counter counter = new ChainFigures.Counter(CLASSES, List.of(1, 3));
        // Fire: three found and right, one taken for a flood, one rejected, one missed at the device.
        counter.answered(1, 1);
        counter.answered(1, 1);
        counter.answered(1, 1);
        counter.answered(1, 3);
        counter.answered(1, ClassThresholds.FALSE_ALARM);
        counter.dropped(1);
        // Flood: one right, one missed.
        counter.answered(3, 3);
        counter.dropped(3);
        // Normal: two dropped, one rejected, one that reaches the operator.
        counter.dropped(0);
        counter.dropped(0);
        counter.answered(0, ClassThresholds.FALSE_ALARM);
        counter.answered(2, 3);
        ChainFigures figures = counter.figures();
        assertEquals(List.of("fire", "flood", "false alarm", "dropped as normal"), figures.answers());
        assertEquals(List.of(3L, 1L, 1L, 1L), figures.counts().get(1));
        assertEquals(Rate.of(4, 8), figures.rightEndToEnd());
        assertEquals(Rate.of(3, 6), figures.rightEndToEnd(1));
        assertEquals(Rate.of(1, 2), figures.rightEndToEnd(3));
        assertEquals(Rate.of(5, 8), figures.foundEndToEnd());
        assertEquals(Rate.of(1, 4), figures.falseAlarms());
        assertEquals(Rate.of(2, 6), figures.wrongAlerts());
        assertEquals(Rate.of(5, 8), figures.nodeAccuracy());
        assertEquals(figures, Json.parse("figures", Json.compact(figures), ChainFigures.class));
        assertThrows(IllegalArgumentException.class, () -> counter.answered(0, 2));
    }

    /** Nothing happened: no rate, rather than 0. */
    @Test
    void ratesOfNothingAreUndefined() {
        ChainFigures none = new ChainFigures.Counter(CLASSES, List.of(1)).figures();
        assertFalse(none.rightEndToEnd().defined());
        assertFalse(none.falseAlarms().defined());
        assertFalse(none.wrongAlerts().defined());
        assertFalse(none.nodeAccuracy().defined());
    }
}

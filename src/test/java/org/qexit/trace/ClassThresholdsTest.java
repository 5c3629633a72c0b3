package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Cases of the rule, worked out by hand. */
class ClassThresholdsTest {
    private static final int[] CRITICAL = {1, 3};

    private static ClassThresholds.Decision decide(float lower, float upper, float[]... exits) {
        return new ClassThresholds(lower, upper).decide(exits, CRITICAL);
    }

    @Test
    void falseAlarmIsAskedBeforeTheClass() {
        // s = 0.5, m = 0.5: both would fire.
        float[] p = {0.5f, 0, 0, 0.5f};
        assertEquals(new ClassThresholds.Decision(0, -1), decide(0.5f, 0.5f, p));
        assertEquals(new ClassThresholds.Decision(0, 3), decide(Math.nextDown(0.5f), 0.5f, p));
        assertTrue(decide(0.5f, 0.5f, p).falseAlarm());
    }

    @Test
    void undecidedEventsGoOnAndTheLastExitSettlesThem() {
        float[] unsure = {0.4f, 0.35f, 0, 0.25f};
        float[] sure = {0.1f, 0.1f, 0, 0.8f};
        assertEquals(new ClassThresholds.Decision(1, 3), decide(0.2f, 0.7f, unsure, sure));
        assertEquals(new ClassThresholds.Decision(0, 3), decide(0.2f, 0.7f, sure, unsure));
        // No class reaches u': s = 0.6 > 1/2 names the likelier, s = 1/2 none.
        assertEquals(new ClassThresholds.Decision(0, 1), decide(0.2f, 0.7f, unsure));
        assertEquals(new ClassThresholds.Decision(0, -1), decide(0.2f, 0.7f, new float[] {0.5f, 0.25f, 0, 0.25f}));
        assertEquals(new ClassThresholds.Decision(1, 3), decide(0.2f, Thresholds.NEVER, sure, sure));
    }

    @Test
    void theFirstOfEqualClassesIsNamed() {
        assertEquals(1, ClassThresholds.best(new float[] {0.9f, 0.05f, 0, 0.05f}, CRITICAL));
        assertEquals(0.1f, ClassThresholds.sum(new float[] {0.9f, 0.05f, 0, 0.05f}, CRITICAL));
        assertEquals(new ClassThresholds.Decision(0, 1), decide(0, 0, new float[] {0.9f, 0.05f, 0, 0.05f}));
    }
}

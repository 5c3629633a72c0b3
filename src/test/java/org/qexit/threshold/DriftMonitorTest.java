package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.bench.SyntheticEvents;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class DriftMonitorTest {
    private static final SyntheticEvents LAW = new SyntheticEvents(2, 0.2, 4);
    private static final Thresholds PAIR = new Thresholds(0.4f, 0.85f);

    private static DeviceTrace draw(SyntheticEvents law, int n, String purpose) {
        return law.draw(n, RandomStreams.of(2).stream(purpose));
    }

    @Test
    void flagsNoMoreThanItsLevelWithoutDrift() {
        int flagged = 0;
        int runs = 400;
        double alpha = 0.1;
        for (int r = 0; r < runs; r++) {
            DriftMonitor.Drift drift = DriftMonitor.compare(
                    draw(LAW, 300, "old" + r), draw(LAW, 300, "new" + r), PAIR, LAW.offloadRate(PAIR), alpha);
            flagged += drift.drifted() ? 1 : 0;
        }
        assertTrue(flagged <= runs * (alpha + 3 * Math.sqrt(alpha * (1 - alpha) / runs)), flagged + " of " + runs);
    }

    @Test
    void seesARiseInCriticalEvents() {
        DeviceTrace old = draw(LAW, 2000, "old");
        DeviceTrace fresh = draw(new SyntheticEvents(2, 0.5, 4), 2000, "new");
        DriftMonitor.Drift drift = DriftMonitor.compare(old, fresh, PAIR, LAW.offloadRate(PAIR), 0.01);
        assertTrue(drift.drifted() && drift.overBudget() && drift.reoptimise());
        assertTrue(drift.offloadPValue() < 1e-10 && drift.budgetPValue() < 1e-10);
        assertTrue(drift.alarmAfter() != null && drift.alarmAfter() < 500, String.valueOf(drift.alarmAfter()));
        assertTrue(drift.scores().get(1).pValue() < 1e-10);
    }

    @Test
    void seesAFallAndDoesNotCallItOverBudget() {
        DeviceTrace old = draw(LAW, 2000, "old");
        DeviceTrace fresh = draw(new SyntheticEvents(2, 0.02, 4), 2000, "new");
        DriftMonitor.Drift drift = DriftMonitor.compare(old, fresh, PAIR, LAW.offloadRate(PAIR), 0.01);
        assertTrue(drift.drifted());
        assertFalse(drift.overBudget());
        assertTrue(drift.alarmAfter() != null);
    }

    /** D of {0.1, 0.2, 0.3} and {0.3, 0.4, 0.5} is 2/3. */
    @Test
    void kolmogorovSmirnovByHand() {
        DeviceTrace old = Traces.of(new int[] {0, 0, 0}, new float[][] {{0.1f}, {0.2f}, {0.3f}});
        DeviceTrace fresh = Traces.of(new int[] {0, 0, 0}, new float[][] {{0.3f}, {0.4f}, {0.5f}});
        assertEquals(
                2 / 3.0,
                DriftMonitor.compare(old, fresh, PAIR, 1, 0.01).scores().get(0).statistic(),
                1e-12);
    }

    @Test
    void oneEventAndOneClassAreFine() {
        DeviceTrace one = Traces.of(new int[] {0}, new float[][] {{0.5f}});
        assertFalse(DriftMonitor.compare(one, one, PAIR, 0.1, 0.05).reoptimise());
        assertThrows(
                IllegalArgumentException.class, () -> DriftMonitor.compare(one, draw(LAW, 5, "x"), PAIR, 0.1, 0.05));
        assertThrows(IllegalArgumentException.class, () -> DriftMonitor.compare(one, one, PAIR, 0.1, Double.NaN));
    }
}

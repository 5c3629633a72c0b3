package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class DeviceCountsTest {
    /** Five events by hand at (l, u) = (0.2, 0.8): what happens is in the comments. */
    private static final DeviceTrace TRACE =
            new DeviceTrace("ue1", new long[] {0, 1, 2, 3, 4}, new byte[] {1, 1, 0, 0, 1}, new float[][] {
                // critical at 1; undecided; undecided; normal at 1; undecided
                {0.9f, 0.5f, 0.5f, 0.2f, 0.5f},
                // -; critical at 2; critical at 2; -; undecided to the end = normal
                {0.0f, 0.8f, 0.9f, 1.0f, 0.5f}
            });

    @Test
    void countsByHand() {
        DeviceCounts outcome = DeviceCounts.of(TRACE, new Thresholds(0.2f, 0.8f));
        assertEquals(new DeviceCounts("ue1", new Confusion(2, 1, 1, 1, List.of(2, 3))), outcome);
        assertEquals(3, outcome.positives());
    }

    @Test
    void poolsBySums() {
        DeviceCounts one = DeviceCounts.of(TRACE, new Thresholds(0.2f, 0.8f));
        DeviceCounts none = DeviceCounts.of(TRACE, new Thresholds(0, Thresholds.NEVER));
        assertEquals(
                new DeviceCounts("all", new Confusion(2, 1, 3, 4, List.of(2, 8))),
                DeviceCounts.pooled("all", List.of(one, none)));
    }
}

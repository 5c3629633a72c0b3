package org.qexit.experiment.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.tier.live.cloud.LabelSource.Label;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.scenario.Scenario;

/** The truth, late and in part. */
class LateLabelsTest {
    private static EventRecord event(int k) {
        return EventRecord.of("ue1", "0000000000000001-" + (k + 1), "a".repeat(64), 0, 1, new byte[1]);
    }

    private static LateLabels labels(double share) {
        return new LateLabels(
                event -> event.event().endsWith("0") ? null : event.event().length(),
                new Scenario.Labels(share, 3),
                RandomStreams.of(4));
    }

    @Test
    void labelsComeOnceAndNotBeforeTheirTime() {
        LateLabels labels = labels(1);
        for (int k = 0; k < 10; k++) {
            labels.came(event(k), k);
        }
        assertEquals(List.of(), labels.due(2.9));
        assertEquals(
                List.of(new Label("ue1/0000000000000001-1", 18), new Label("ue1/0000000000000001-2", 18)),
                labels.due(4));
        // The last of the ten has no truth.
        assertEquals(7, labels.due(100).size());
        assertEquals(List.of(), labels.due(100));
    }

    /** Of 1,000 a share of 0.3, the same ones in another order. */
    @Test
    void whichOnesTheirIdsSay() {
        LateLabels one = labels(0.3);
        LateLabels other = labels(0.3);
        for (int k = 0; k < 1000; k++) {
            one.came(event(k), 0);
            other.came(event(999 - k), 0);
        }
        List<Label> told = new ArrayList<>(one.due(3));
        Set<Label> again = new HashSet<>(other.due(3));
        assertEquals(again, new HashSet<>(told));
        assertTrue(Math.abs(told.size() - 270) < 60, told.size() + "");
    }
}

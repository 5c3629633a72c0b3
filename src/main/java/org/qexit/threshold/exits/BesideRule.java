package org.qexit.threshold.exits;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import org.qexit.threshold.Point;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.trace.DeviceTrace;

/**
 * A device's entry of {@code qexit thresholds}, with what other rules do at the same caps.
 *
 * @param entry the answer
 * @param beside a row per rule, or null
 */
public record BesideRule(@JsonUnwrapped Object entry, List<SideBySide> beside) {

    /** Each exit alone beside a pair. */
    public static List<SideBySide> pair(DeviceTrace trace, ThresholdQuery query, Long budget, SideBySide.Costs costs) {
        return SideBySide.singles(trace, most(trace, budget), cap(trace, query), costs);
    }

    /** The best pair and each exit alone beside thresholds per exit. */
    public static List<SideBySide> perExit(
            DeviceTrace trace, ThresholdQuery query, DeviceExitThresholds device, SideBySide.Costs costs) {
        List<SideBySide> rows = new ArrayList<>();
        Point pair = device.pair();
        rows.add(SideBySide.of("pair", trace, pair.thresholds(), costs));
        rows.addAll(SideBySide.singles(trace, most(trace, device.budget()), cap(trace, query), costs));
        return rows;
    }

    private static long most(DeviceTrace trace, Long budget) {
        return budget == null ? trace.size() : budget;
    }

    private static int cap(DeviceTrace trace, ThresholdQuery query) {
        return query.maxFalsePositives(trace.size() - trace.positives());
    }
}

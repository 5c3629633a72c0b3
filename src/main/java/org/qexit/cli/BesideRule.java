package org.qexit.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.threshold.Point;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.DeviceTrace;

/**
 * A device's entry of {@code qexit thresholds}, with what other rules do at the same caps.
 *
 * @param entry the answer
 * @param beside a row per rule, or null
 */
record BesideRule(@JsonUnwrapped Object entry, List<SideBySide> beside) {

    /** Each exit alone beside a pair. */
    static List<SideBySide> pair(DeviceTrace trace, ThresholdQuery query, Long budget, SideBySide.Costs costs) {
        return SideBySide.singles(trace, most(trace, budget), cap(trace, query), costs);
    }

    /** The best pair and each exit alone beside thresholds per exit. */
    static List<SideBySide> perExit(
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

    /** A line per rule. */
    static void print(PrintWriter out, List<SideBySide> rows) {
        for (SideBySide row : rows) {
            out.printf(
                    Locale.ROOT,
                    "  beside: %-13s TPR %s, FPR %s, offload rate %s%s%n",
                    row.rule(),
                    value(row.tpr().value()),
                    value(row.fpr().value()),
                    value(row.ofr().value()),
                    cost(row));
        }
    }

    private static String value(Double rate) {
        return rate == null ? "-" : String.format(Locale.ROOT, "%.3f", rate);
    }

    private static String cost(SideBySide row) {
        if (row.meanCost() == null) {
            return "";
        }
        boolean above = row.withinCost() != null && !row.withinCost();
        return String.format(Locale.ROOT, ", mean cost %.6g%s", row.meanCost(), above ? " (above the cap)" : "");
    }
}

package org.qexit.experiment.report;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.DeviceTrace;

/**
 * What the page needs to try other thresholds by itself.
 *
 * @param scores confidences of events, per model, split and device
 * @param corners what each budget buys, per model and device
 * @param worth what more of a node would be worth, per plan and node
 */
public record WhatIf(List<ScoreRow> scores, List<CornerRow> corners, List<WorthRow> worth) {
    /** Nothing to try. */
    public static final WhatIf NOTHING = new WhatIf(List.of(), List.of(), List.of());

    /** More confidences than this would make the page slow to load; of each device the first events are then kept. */
    private static final long MOST_SCORES = 400_000;

    public WhatIf {
        scores = List.copyOf(scores);
        corners = List.copyOf(corners);
        worth = List.copyOf(worth);
    }

    /**
     * The events of a device and split.
     *
     * @param split {@link ReportData#VALIDATION} or {@link ReportData#TEST}
     */
    public record ScoreRow(String model, String split, DeviceTrace trace) {
        public ScoreRow {
            ReportData.knownSplit(split);
            Checks.present("whatIf.trace", trace);
        }
    }

    /**
     * A corner of a device's exact staircase on its validation events.
     *
     * @param lower l of a pair that attains it
     * @param upper u, or null for "never"
     */
    public record CornerRow(String model, String device, int offloads, int truePositives, float lower, Float upper) {}

    /**
     * What more of a node would be worth.
     *
     * @param words one sentence
     */
    public record WorthRow(String model, String method, String node, String words) {
        public WorthRow {
            Checks.notBlank("whatIf.worth.words", words);
        }
    }

    /** The share of each device's events that the page can hold, at most 1. */
    double share() {
        long all = scores.stream()
                .mapToLong(row -> (long) row.trace().size() * row.trace().exits())
                .sum();
        return all <= MOST_SCORES ? 1 : (double) MOST_SCORES / all;
    }
}

package org.qexit.threshold.offload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import org.qexit.threshold.Budget;
import org.qexit.threshold.DeviceThresholds;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;

/**
 * The answer to a {@link ThresholdQuery} for one device where an edge node answers what it is sent: the best pair in every mode of
 * offloading, judged end to end; docs/thresholds.md.
 *
 * @param id the device
 * @param rule the kind of thresholds, or null for pairs
 * @param offload the mode whose pair is the entry's
 * @param events K
 * @param positives |P|
 * @param exits L
 * @param budget offloads allowed, or null
 * @param chosen the mode's best pair, or null
 * @param modes all modes, side by side
 * @param notes what the reader should know, in sentences, or null
 */
@JsonPropertyOrder({"id", "rule", "lower", "upper", "offload"})
public record DeviceOffloads(
        String id,
        RuleKind rule,
        OffloadMode offload,
        int events,
        int positives,
        int exits,
        Long budget,
        EndToEnd chosen,
        List<Mode> modes,
        List<String> notes) {

    /** l as files hold it, or null where nothing was chosen. */
    @JsonProperty
    public Object lower() {
        return chosen == null ? null : chosen.point().lower();
    }

    /** u as files hold it, or null where nothing was chosen. */
    @JsonProperty
    public Object upper() {
        return chosen == null ? null : chosen.point().upper();
    }

    /**
     * One mode.
     *
     * @param chosen its best pair, or null
     * @param points its frontier, or null
     */
    public record Mode(OffloadMode offload, EndToEnd chosen, List<EndToEnd.Point> points) {
        /** The point that is best with at most {@code offloads} offloads; only where there is a frontier. */
        public EndToEnd.Point within(long offloads) {
            EndToEnd.Point best = points.get(0);
            for (EndToEnd.Point point : points) {
                best = point.budget() <= offloads ? point : best;
            }
            return best;
        }
    }

    /**
     * The answer. Where no cap on false positives is asked for, that of each mode is what the best pair of the mode "critical" has, so that
     * "undecided" cannot win by calling everything critical on the device.
     *
     * @param query neither with a guarantee nor with baselines nor with a cap on the local cost
     * @param offload the mode to choose
     * @param rule the kind of thresholds that {@code choice} finds
     */
    public static DeviceOffloads of(
            DeviceTrace trace,
            NodeAnswers answers,
            ThresholdQuery query,
            OffloadMode offload,
            RuleKind rule,
            OffloadChoice choice) {
        if (query.delta() != null || query.baselines() || query.cost() != null) {
            throw new IllegalArgumentException("offload modes stand beside a guarantee, baselines or max-cost;"
                    + " expected budget and max-fpr alone beside them");
        }
        Long budget = query.budget() == null ? null : query.budget().of(trace.size());
        Long cap = cap(trace, answers, query);
        OffloadFrontier frontier = OffloadFrontier.of(choice, trace.size(), cap);
        List<Mode> modes = new ArrayList<>();
        EndToEnd chosen = null;
        for (OffloadMode mode : OffloadMode.values()) {
            EndToEnd best = budget == null ? null : EndToEnd.of(frontier.within(mode, budget), trace, answers);
            List<EndToEnd.Point> points = query.all() || budget == null
                    ? frontier.corners(mode).stream()
                            .map(corner -> EndToEnd.Point.of(corner.budget(), corner.found(), answers.scale()))
                            .toList()
                    : null;
            modes.add(new Mode(mode, best, points));
            chosen = mode == offload ? best : chosen;
        }
        List<String> notes = DeviceThresholds.notes(trace, budget);
        return new DeviceOffloads(
                trace.device(),
                rule == RuleKind.PAIR ? null : rule,
                offload,
                trace.size(),
                trace.positives(),
                trace.exits(),
                budget,
                chosen,
                modes,
                notes.isEmpty() ? null : notes);
    }

    private static Long cap(DeviceTrace trace, NodeAnswers answers, ThresholdQuery query) {
        return query.maxFalsePositiveRate() == null
                ? null
                : (Long) Budget.floor(
                        query.maxFalsePositiveRate(), (long) (trace.size() - trace.positives()) * answers.scale());
    }
}

package org.qexit.threshold.exits;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.CrossFit;
import org.qexit.threshold.DeviceThresholds;
import org.qexit.threshold.Point;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rate;

/**
 * The answer to a {@link ThresholdQuery} for one device by the rule "per-exit", docs/thresholds.md.
 *
 * @param id the device
 * @param rule {@value #RULE}
 * @param events K
 * @param positives |P|
 * @param exits L
 * @param budget offloads allowed, or null
 * @param chosen what was chosen
 * @param pair the best single pair at the same caps
 * @param notes what the reader should know, in sentences, or null
 */
@JsonPropertyOrder({"id", "rule", "lower", "upper"})
public record DeviceExitThresholds(
        String id,
        String rule,
        int events,
        int positives,
        int exits,
        Long budget,
        Chosen chosen,
        Point pair,
        List<String> notes) {
    public static final String RULE = "per-exit";

    /** l of each exit: a number, "never" or "always". */
    @JsonProperty
    public List<Object> lower() {
        return chosen.point().lower();
    }

    /** u of each exit: a number, "never" or "always". */
    @JsonProperty
    public List<Object> upper() {
        return chosen.point().upper();
    }

    /**
     * The thresholds and what they do on the trace.
     *
     * @param lower l of each exit, a number, "never" or "always"
     * @param upper u of each exit, the same
     * @param margin least distance between a threshold and a score of its exit
     */
    public record ExitPoint(
            int offloads,
            int truePositives,
            int falsePositives,
            List<Object> lower,
            List<Object> upper,
            float margin) {}

    /**
     * The choice and its rates on the trace.
     *
     * @param bound most true positives that any thresholds per exit can have on the trace within the caps
     * @param meanCost mean local cost, or null if it is not capped
     * @param crossFitted what thresholds chosen so are worth on events that they were not chosen on, or null
     */
    public record Chosen(
            ExitPoint point,
            int bound,
            Rate tpr,
            Rate fpr,
            Rate ofr,
            Rate car,
            List<Integer> exitsTaken,
            Double meanCost,
            CrossFit crossFitted) {
        /** Whether no thresholds per exit are better on the trace. */
        public boolean proven() {
            return bound == point.truePositives();
        }
    }

    /**
     * The answer.
     *
     * @param query with a budget or a cap on cost, and neither a guarantee, nor the frontier, nor baselines
     */
    public static DeviceExitThresholds of(DeviceTrace trace, ThresholdQuery query) {
        if (query.budget() == null && query.cost() == null
                || query.delta() != null
                || query.all()
                || query.baselines()) {
            throw new IllegalArgumentException(
                    "the rule per-exit needs a budget or a max-cost; expected no guarantee, all or baselines beside"
                            + " it");
        }
        Long budget = query.budget() == null ? null : query.budget().of(trace.size());
        ExitSearch.Limits limits = limits(trace, query, trace.size());
        ExitSearch.Found found = ExitSearch.of(trace, limits, ExitSearch.EFFORT);
        Confusion c = found.counts();
        ExitThresholds each = found.thresholds();
        ExitPoint point = new ExitPoint(
                c.offloads(),
                c.truePositives(),
                c.falsePositives(),
                each.lowerEntry(),
                each.upperEntry(),
                found.margin());
        Chosen chosen = new Chosen(
                point,
                found.bound(),
                c.tpr(),
                c.fpr(),
                c.ofr(),
                c.car(),
                c.exits(),
                query.cost() == null ? null : query.cost().mean(c),
                crossFit(trace, query));
        List<String> notes = DeviceThresholds.notes(trace, budget);
        return new DeviceExitThresholds(
                trace.device(),
                RULE,
                trace.size(),
                trace.positives(),
                trace.exits(),
                budget,
                chosen,
                Point.of(limits.pair(trace)),
                notes.isEmpty() ? null : notes);
    }

    /** The caps of some of a device's events: their share of those of all. */
    private static ExitSearch.Limits limits(DeviceTrace some, ThresholdQuery query, int all) {
        return new ExitSearch.Limits(
                query.budget() == null
                        ? some.size()
                        : CrossFit.share(query.budget().of(all), all, some.size()),
                query.maxFalsePositives(some.size() - some.positives()),
                query.cost());
    }

    private static CrossFit crossFit(DeviceTrace trace, ThresholdQuery query) {
        return CrossFit.of(
                trace,
                some -> ExitSearch.of(some, limits(some, query, trace.size()), 0)
                        .thresholds(),
                RandomStreams.of(query.seed()),
                query.crossFits());
    }
}

package org.qexit.threshold;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.UpperThreshold;

/**
 * The answer to a {@link ThresholdQuery} for one device: an entry of a {@link ThresholdsFile}, with the facts of the choice.
 *
 * @param id the device
 * @param events K
 * @param positives |P|
 * @param exits L
 * @param budget offloads allowed, or null
 * @param chosen what was chosen, or null
 * @param guarantee how the choice was certified, or null
 * @param points the frontier, or only the chosen point
 * @param baselines other ways to choose at the same budget, or null
 * @param notes what the reader should know, in sentences
 */
@JsonPropertyOrder({"id", "lower", "upper"})
public record DeviceThresholds(
        String id,
        int events,
        int positives,
        int exits,
        Long budget,
        Chosen chosen,
        Guarantee guarantee,
        List<Point> points,
        List<Baselines.Row> baselines,
        List<String> notes)
        implements ThresholdsFile.Entry {

    @JsonProperty
    @Override
    public Float lower() {
        return chosen == null ? null : (Float) chosen.point().lower();
    }

    @JsonProperty
    @Override
    public UpperThreshold upper() {
        return chosen == null ? null : chosen.point().upper();
    }

    /**
     * A pair of thresholds and its rates on the whole trace.
     *
     * @param meanCost mean local cost, or null if it is not capped
     * @param crossFitted what pairs chosen so are worth on events that they were not chosen on, or null
     * @param bootstrap how much the rates of pairs chosen so vary, or null
     */
    public record Chosen(
            Point point,
            Rate tpr,
            Rate fpr,
            Rate ofr,
            Rate car,
            List<Integer> exitsTaken,
            Double meanCost,
            CrossFit crossFitted,
            Bootstrap bootstrap) {
        static Chosen of(
                Frontier.Step step, DeviceTrace trace, LocalCost cost, CrossFit crossFitted, Bootstrap bootstrap) {
            Confusion c = Confusion.of(trace, step.thresholds());
            Point point = Point.of(new Frontier.Step(
                    c.offloads(), c.truePositives(), c.falsePositives(), step.thresholds(), step.margin()));
            return new Chosen(
                    point,
                    c.tpr(),
                    c.fpr(),
                    c.ofr(),
                    c.car(),
                    c.exits(),
                    cost == null ? null : cost.mean(c),
                    crossFitted,
                    bootstrap);
        }
    }

    /**
     * How a choice was certified.
     *
     * @param delta chance with which the guarantee may fail
     * @param pValue of the chosen pair on the calibration events
     * @param tested pairs tested
     * @param calibration counts on the calibration events
     * @param plainTpr on the calibration events, of the pair that the path's events alone would choose at the same caps
     * @param tprCost what the guarantee costs there: plain TPR - certified TPR, or null if undefined
     * @param pathEvents events of another trace that gave the path, or null if half of this one's did
     * @param inconsistent calibration events that the exit taken decides otherwise than the last exit would, or null if that is not capped
     */
    public record Guarantee(
            double delta,
            double pValue,
            int tested,
            Confusion calibration,
            Rate plainTpr,
            Double tprCost,
            Integer pathEvents,
            Rate inconsistent) {}

    public static DeviceThresholds of(DeviceTrace trace, ThresholdQuery query) {
        return of(trace, null, query);
    }

    /**
     * The answer, where a guarantee's path may come from other events of the device.
     *
     * @param path those, or null: half of the trace's own
     */
    public static DeviceThresholds of(DeviceTrace trace, DeviceTrace path, ThresholdQuery query) {
        int normal = trace.size() - trace.positives();
        int cap = query.maxFalsePositives(normal);
        Long budget = query.budget() == null ? null : query.budget().of(trace.size());
        List<String> notes = notes(trace, budget);
        Chosen chosen = null;
        Guarantee guarantee = null;
        List<Point> points = null;
        if (query.all() || !query.chooses()) {
            points = Frontier.of(trace, cap).steps().stream().map(Point::of).collect(Collectors.toList());
        }
        if (query.delta() != null) {
            double rate = query.budget() == null ? 1 : query.budget().rate(trace.size());
            RiskControl control = new RiskControl(
                    query.delta(), rate, value(query.maxFalsePositiveRate()), value(query.maxInconsistency()));
            List<DeviceTrace> halves =
                    path == null ? RiskControl.split(trace, RandomStreams.of(query.seed())) : List.of(path, trace);
            RiskControl.Choice choice = control.choose(halves.get(0), halves.get(1));
            guarantee = guarantee(query, rate, halves, choice, path == null ? null : (Integer) path.size());
            chosen = Chosen.of(choice.step(), trace, null, null, null);
            if (choice.step().offloads() == 0 && trace.positives() > 0) {
                notes.add("no pair could be certified with " + halves.get(1).size()
                        + " calibration events. Maybe more events, a larger cap or a larger delta would do");
            }
        } else if (query.chooses()) {
            chosen = Chosen.of(
                    best(trace, query, trace.size()),
                    trace,
                    query.cost(),
                    crossFit(trace, query),
                    Bootstrap.of(
                            trace,
                            some -> best(some, query, trace.size()).thresholds(),
                            RandomStreams.of(query.seed()),
                            query.bootstrap()));
        }
        if (points == null) {
            points = List.of(chosen.point());
        }
        List<Baselines.Row> baselines = query.baselines() ? Baselines.all(trace, budget) : null;
        return new DeviceThresholds(
                trace.device(),
                trace.size(),
                trace.positives(),
                trace.exits(),
                budget,
                chosen,
                guarantee,
                points,
                baselines,
                notes.isEmpty() ? null : notes);
    }

    /** The best pair of some of a device's events, as many of all as {@code all}: it is granted their share of the caps. */
    private static Frontier.Step best(DeviceTrace some, ThresholdQuery query, int all) {
        int cap = query.maxFalsePositives(some.size() - some.positives());
        long most = query.budget() == null
                ? some.size()
                : CrossFit.share(query.budget().of(all), all, some.size());
        return query.cost() == null
                ? BudgetSearch.of(some).within(most, cap)
                : CostedPairSearch.within(some, most, cap, query.cost());
    }

    private static CrossFit crossFit(DeviceTrace trace, ThresholdQuery query) {
        return CrossFit.of(
                trace,
                some -> best(some, query, trace.size()).thresholds(),
                RandomStreams.of(query.seed()),
                query.crossFits());
    }

    private static Double value(BigDecimal rate) {
        return rate == null ? null : (Double) rate.doubleValue();
    }

    private static Guarantee guarantee(
            ThresholdQuery query,
            double rate,
            List<DeviceTrace> halves,
            RiskControl.Choice choice,
            Integer pathEvents) {
        DeviceTrace path = halves.get(0);
        long budget = (long) Math.floor(rate * path.size());
        Frontier.Step plain =
                BudgetSearch.of(path).within(budget, query.maxFalsePositives(path.size() - path.positives()));
        Rate plainTpr = Confusion.of(halves.get(1), plain.thresholds()).tpr();
        Rate tpr = choice.calibration().tpr();
        return new Guarantee(
                query.delta(),
                choice.pValue(),
                choice.tested(),
                choice.calibration(),
                plainTpr,
                plainTpr.defined() ? plainTpr.value() - tpr.value() : null,
                pathEvents,
                query.maxInconsistency() == null
                        ? null
                        : Rate.of(choice.inconsistent(), choice.calibration().events()));
    }

    /** What the reader should know of a trace and a budget. */
    public static List<String> notes(DeviceTrace trace, Long budget) {
        List<String> notes = new ArrayList<>();
        if (trace.positives() == 0) {
            notes.add("none of the " + trace.size()
                    + " events is critical: the true-positive rate is undefined, and nothing is worth offloading");
        }
        if (budget != null && budget == 0) {
            notes.add(
                    "a budget of 0 offloads of " + trace.size() + " events admits only the upper threshold \"never\"");
        }
        if (budget != null && budget > trace.size()) {
            notes.add(
                    "the budget of " + budget + " offloads exceeds the " + trace.size() + " events: it binds nothing");
        }
        return notes;
    }

    /** The point with most true positives among those with at most {@code offloads}. */
    public Point within(long offloads) {
        Point best = points.get(0);
        for (Point point : points) {
            if (point.offloads() <= offloads) {
                best = point;
            }
        }
        return best;
    }
}

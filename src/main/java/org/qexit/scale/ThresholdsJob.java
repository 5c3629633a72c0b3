package org.qexit.scale;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import org.qexit.threshold.Budget;
import org.qexit.threshold.DeviceThresholds;
import org.qexit.threshold.DriftMonitor;
import org.qexit.threshold.FleetDrift;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.threshold.exits.BesideRule;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.DeviceTrace;

/**
 * What is asked of each device's trace, fit to be sent to where the trace is: the fields of a {@link ThresholdQuery}, and what stands beside it.
 *
 * @param budget as written, or null
 * @param perExit whether thresholds per exit are chosen, else a pair
 * @param exitCosts what is known of the exits' costs, or null
 * @param maxCost cap on the mean local cost, or null
 * @param compare what the other trace is for
 * @param alpha level of the comparison with {@link Compare#DRIFT}
 * @param mostEvents of one device that a task may hold, or 0 for what its memory allows
 * @param skipBad whether devices with bad rows are left out, else they are an error
 */
public record ThresholdsJob(
        String budget,
        BigDecimal maxFpr,
        Double delta,
        boolean all,
        boolean baselines,
        long seed,
        BigDecimal maxInconsistency,
        int crossFits,
        int bootstrap,
        boolean perExit,
        List<BigDecimal> exitCosts,
        BigDecimal maxCost,
        Compare compare,
        double alpha,
        long mostEvents,
        boolean skipBad)
        implements Serializable {

    /** What another trace of the same devices is for. */
    public enum Compare {
        /** There is none. */
        NOTHING,
        /** Its events give the path of a guarantee. */
        PATH,
        /** It is newer: has the data drifted? */
        DRIFT
    }

    public ThresholdsJob {
        // A list that Java's own serialisation knows on every version.
        exitCosts = exitCosts == null ? null : List.copyOf(exitCosts);
    }

    /** @throws IllegalArgumentException for what does not go together */
    public ThresholdQuery query() {
        return new ThresholdQuery(
                budget == null ? null : Budget.parse(budget),
                maxFpr,
                delta,
                all,
                baselines,
                seed,
                maxCost == null ? null : new LocalCost(exitCosts, maxCost),
                maxInconsistency,
                crossFits,
                bootstrap);
    }

    /** Whether the answer needs but the events near what a budget admits in order, each device's once. */
    public boolean sortsLittle() {
        return budget != null
                && delta == null
                && !all
                && !baselines
                && crossFits == 0
                && bootstrap == 0
                && !perExit
                && maxCost == null
                && compare == Compare.NOTHING;
    }

    /** Of which record the answers are. */
    public Class<? extends Record> answerType() {
        return compare == Compare.DRIFT
                ? DriftMonitor.Drift.class
                : perExit ? DeviceExitThresholds.class : DeviceThresholds.class;
    }

    /**
     * One device's answer, as {@code qexit thresholds} gives it.
     *
     * @param other the device's events in the other trace, null where there is no other trace
     */
    public Answer answer(DeviceTrace trace, DeviceTrace other) {
        ThresholdQuery query = query();
        SideBySide.Costs costs = new SideBySide.Costs(exitCosts, maxCost);
        if (compare == Compare.DRIFT) {
            return new Answer(FleetDrift.compare(trace, other, query, alpha), null);
        }
        if (perExit) {
            DeviceExitThresholds found = DeviceExitThresholds.of(trace, query);
            return new Answer(found, BesideRule.perExit(trace, query, found, costs));
        }
        DeviceThresholds found = DeviceThresholds.of(trace, other, query);
        boolean compared = query.chooses() && delta == null && !all;
        return new Answer(found, compared ? BesideRule.pair(trace, query, found.budget(), costs) : null);
    }

    /**
     * An answer.
     *
     * @param entry of the type that {@link #answerType} tells
     * @param beside other rules at the same caps, or null
     */
    public record Answer(Record entry, List<SideBySide> beside) {}
}

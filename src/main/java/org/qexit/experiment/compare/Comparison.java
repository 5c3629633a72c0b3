package org.qexit.experiment.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.PairedRates;
import org.qexit.trace.Rate;

/**
 * Finished runs beside each other, each model by the thresholds that its run deploys, on test events. Where two were tested on the same
 * samples, their differences are paired: how many events only one of both calls critical.
 *
 * @param rows one per run and model, in the order of the runs
 * @param reference what differences are against: the first row
 * @param paired one per other row that shares test events with the first
 */
public record Comparison(List<Row> rows, String reference, List<Paired> paired) {

    /**
     * @param events test events
     * @param tpr true-positive rate with its 95 % Wilson interval, as are the others
     * @param worstDeviceTpr the least of a device, or null
     */
    public record Row(
            String run,
            long seed,
            String model,
            String method,
            long events,
            Interval tpr,
            Interval fpr,
            Interval car,
            Interval ofr,
            Double worstDeviceTpr) {}

    /**
     * A row against the first, on the events that both were tested on.
     *
     * @param events how many those are
     * @param critical how many of them are critical
     * @param tprDifference this row's rate less the first's, with the 95 % interval of Agresti and Min; null without critical events
     * @param tprPValue of McNemar's exact test, two-sided
     * @param fprDifference the same of the normal events; null without such
     */
    public record Paired(
            String run,
            String model,
            String method,
            long events,
            long critical,
            Interval tprDifference,
            Double tprPValue,
            Interval fprDifference) {}

    public Comparison {
        rows = List.copyOf(rows);
        paired = List.copyOf(paired);
    }

    /**
     * Reads and compares.
     *
     * @param runs directories of finished runs, at least one
     */
    public static Comparison of(List<Path> runs) {
        List<RunEntry> entries = new ArrayList<>();
        runs.forEach(run -> entries.addAll(RunEntry.of(run)));
        if (entries.size() < 2) {
            throw new UserError(
                    runs.get(0) + ": is one run of one model; expected two runs or more, or a run with twins");
        }
        RunEntry first = entries.get(0);
        List<Paired> paired = new ArrayList<>();
        for (RunEntry other : entries.subList(1, entries.size())) {
            if (first.testData() != null && first.testData().equals(other.testData())) {
                Paired pair = pair(other, first);
                if (pair.events() > 0) {
                    paired.add(pair);
                }
            }
        }
        return new Comparison(entries.stream().map(Comparison::row).toList(), name(first), paired);
    }

    private static String name(RunEntry entry) {
        return entry.run() + " " + entry.model() + " " + entry.method();
    }

    private static Row row(RunEntry entry) {
        return new Row(
                entry.run(),
                entry.seed(),
                entry.model(),
                entry.method(),
                entry.counts().events(),
                interval(entry.counts().tpr()),
                interval(entry.counts().fpr()),
                interval(entry.counts().car()),
                interval(entry.counts().ofr()),
                entry.worstDeviceTpr());
    }

    private static Interval interval(Rate rate) {
        return Interval.of(rate);
    }

    private static Paired pair(RunEntry one, RunEntry first) {
        long[][] only = new long[2][2];
        long[] events = new long[2];
        for (Map.Entry<String, RunEntry.Verdict> entry : one.verdicts().entrySet()) {
            RunEntry.Verdict mine = entry.getValue();
            RunEntry.Verdict other = first.verdicts().get(entry.getKey());
            // Of another task the same sample may be the other kind of event.
            if (other != null && other.label() == mine.label()) {
                events[mine.label()]++;
                if (mine.critical() != other.critical()) {
                    only[mine.label()][mine.critical() ? 0 : 1]++;
                }
            }
        }
        PairedRates tpr = events[1] == 0 ? null : new PairedRates(only[1][0], only[1][1], events[1]);
        PairedRates fpr = events[0] == 0 ? null : new PairedRates(only[0][0], only[0][1], events[0]);
        return new Paired(
                one.run(),
                one.model(),
                one.method(),
                events[0] + events[1],
                events[1],
                tpr == null ? null : interval(tpr),
                tpr == null ? null : (Double) tpr.exactMcNemar(),
                fpr == null ? null : interval(fpr));
    }

    private static Interval interval(PairedRates rates) {
        double[] ends = rates.interval();
        return new Interval(rates.difference(), ends[0], ends[1]);
    }
}

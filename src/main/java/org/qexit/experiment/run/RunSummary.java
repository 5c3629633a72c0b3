package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.List;
import org.qexit.common.Warning;
import org.qexit.experiment.report.Interval;

/**
 * What a run prints.
 *
 * @param directory where everything is
 * @param rows one per model and method
 * @param statics networks without early exits of the models' mean cost, beside their first plans
 * @param bundle what devices can run at once, or null where the run made none
 * @param simulation what became of the first model's plans in time, or null
 * @param warnings what was allowed but will hardly do
 * @param seconds wall-clock time
 * @param peakMebibytes peak memory of the process, or null where the system does not tell
 */
public record RunSummary(
        Path directory,
        List<Row> rows,
        List<Static> statics,
        Path bundle,
        Simulated simulation,
        List<Warning> warnings,
        double seconds,
        Long peakMebibytes) {
    public RunSummary {
        rows = List.copyOf(rows);
        statics = List.copyOf(statics);
        warnings = List.copyOf(warnings);
    }

    RunSummary withBundle(Path other) {
        return new RunSummary(directory, rows, statics, other, simulation, warnings, seconds, peakMebibytes);
    }

    /**
     * A simulation's result.
     *
     * @param report its page
     * @param line what was promised and what happened
     */
    public record Simulated(Path report, String line) {}

    /**
     * A network without early exits beside a model's first plan, at the same offloads of every device's validation events.
     *
     * @param model with early exits
     * @param method that plans for it
     * @param name of the one without
     * @param macs multiply-accumulates of every event in it
     * @param planMacs mean multiply-accumulates of a test event by the plan
     * @param tpr on all test events
     * @param fpr on all test events
     * @param ofr on all test events
     * @param difference TPR of the plan less that of the static network, paired over the critical test events
     * @param seconds of its training
     */
    public record Static(
            String model,
            String method,
            String name,
            long macs,
            double planMacs,
            Interval tpr,
            Interval fpr,
            Interval ofr,
            Interval difference,
            double seconds) {}

    /**
     * @param model name
     * @param method planning method
     * @param status of the plan
     * @param objective Σ ρ ln U on validation events, or null
     * @param gap proven distance to the optimum, or null
     * @param tpr on all test events
     * @param fpr on all test events
     * @param car on all test events
     * @param ofr on all test events
     * @param worstDeviceTpr the least TPR of a device on test events, or null
     * @param reasons why there is no plan, or null
     */
    public record Row(
            String model,
            String method,
            String status,
            Double objective,
            Double gap,
            Interval tpr,
            Interval fpr,
            Interval car,
            Interval ofr,
            Double worstDeviceTpr,
            List<String> reasons) {
        /** Whether there are thresholds to deploy. */
        public boolean found() {
            return objective != null || ModelRun.PlanRun.BEST.equals(status);
        }
    }
}

package org.qexit.experiment.report;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.Confusion;
import org.qexit.trace.Rule;

/**
 * What the methods decided, and what came of it.
 *
 * @param plans one per model and method
 * @param thresholds per plan and device
 * @param assignments per plan and device
 * @param outcomes per plan, device and split
 * @param flows per plan, device and exit, of test events
 */
public record Decisions(
        List<PlanRow> plans,
        List<ThresholdRow> thresholds,
        List<AssignmentRow> assignments,
        List<OutcomeRow> outcomes,
        List<FlowRow> flows) {
    public Decisions {
        plans = List.copyOf(plans);
        thresholds = List.copyOf(thresholds);
        assignments = List.copyOf(assignments);
        outcomes = List.copyOf(outcomes);
        flows = List.copyOf(flows);
    }

    /** Without flows. */
    public Decisions(
            List<PlanRow> plans,
            List<ThresholdRow> thresholds,
            List<AssignmentRow> assignments,
            List<OutcomeRow> outcomes) {
        this(plans, thresholds, assignments, outcomes, List.of());
    }

    /**
     * The test events that leave at one exit, by what is decided there.
     *
     * @param device a device or {@link ReportData#ALL}
     * @param exit from 1
     * @param found critical events called critical
     * @param falseAlarms normal events called critical
     * @param missed critical events called normal
     * @param dropped normal events called normal
     */
    public record FlowRow(
            String model,
            String method,
            String device,
            int exit,
            long found,
            long falseAlarms,
            long missed,
            long dropped) {
        public FlowRow {
            Checks.within("flows.exit", exit, 1, Integer.MAX_VALUE);
        }

        long events() {
            return found + falseAlarms + missed + dropped;
        }
    }

    /**
     * The plan of one model by one method.
     *
     * @param method "exact", "nearest", "sum-utility", …
     * @param status "optimal", "feasible", "infeasible", …
     * @param objective Σ ρ ln U on validation, or null
     * @param bound optimistic bound on the objective, or null
     * @param gap bound − objective, or null
     * @param sumUtility Σ U on validation, or null
     * @param jain Jain's index of the utilities, or null
     * @param notes what the reader should know (why infeasible, …), or null
     */
    public record PlanRow(
            String model,
            String method,
            String status,
            Double objective,
            Double bound,
            Double gap,
            Double sumUtility,
            Double jain,
            String notes) {
        public PlanRow {
            Checks.notBlank("plans.method", method);
            Checks.notBlank("plans.status", status);
            ReportData.finite("plans.objective", objective);
            ReportData.finite("plans.bound", bound);
            ReportData.finite("plans.gap", gap);
            ReportData.finite("plans.sumUtility", sumUtility);
            ReportData.finite("plans.jain", jain);
        }
    }

    /** How a device decides. */
    public record ThresholdRow(String model, String method, String device, Rule rule) {
        public ThresholdRow {
            Checks.present("thresholds.rule", rule);
        }
    }

    /**
     * What a plan gives a device. An infeasible plan has no such rows.
     *
     * @param crossFittedUtility its utility on validation events that its thresholds were not chosen on, or null
     */
    public record AssignmentRow(
            String model,
            String method,
            String device,
            String node,
            double bandwidthHz,
            double powerWatts,
            double computeUnits,
            Double crossFittedUtility) {
        public AssignmentRow {
            Checks.nonNegative("assignments.bandwidthHz", bandwidthHz);
            Checks.nonNegative("assignments.powerWatts", powerWatts);
            Checks.nonNegative("assignments.computeUnits", computeUnits);
            ReportData.finite("assignments.crossFittedUtility", crossFittedUtility);
        }
    }

    /**
     * What came of a plan on the events of one split.
     *
     * @param device a device or {@link ReportData#ALL}
     * @param split {@link ReportData#VALIDATION} or {@link ReportData#TEST}
     * @param counts of Eq. (14)-(17), and where the events left
     * @param costs or null
     */
    public record OutcomeRow(String model, String method, String device, String split, Confusion counts, Costs costs) {
        public OutcomeRow {
            ReportData.knownSplit(split);
            Checks.present("outcomes.counts", counts);
        }

        Interval tpr() {
            return Interval.of(counts.tpr());
        }

        Interval fpr() {
            return Interval.of(counts.fpr());
        }

        Interval car() {
            return Interval.of(counts.car());
        }

        Interval ofr() {
            return Interval.of(counts.ofr());
        }
    }

    /**
     * Costs of a device under a plan; null where undefined.
     *
     * @param localEnergyJoules mean per event, blocks up to the exit taken
     * @param wholeNetworkEnergyJoules per event, all blocks (Eq. 3)
     * @param offloadEnergyJoules per offloaded event
     * @param delaySeconds of one offload
     * @param deadlineSeconds the delay allowed
     */
    public record Costs(
            Double localEnergyJoules,
            Double wholeNetworkEnergyJoules,
            Double offloadEnergyJoules,
            Double delaySeconds,
            Double deadlineSeconds) {
        public Costs {
            ReportData.finite("costs.localEnergyJoules", localEnergyJoules);
            ReportData.finite("costs.wholeNetworkEnergyJoules", wholeNetworkEnergyJoules);
            ReportData.finite("costs.offloadEnergyJoules", offloadEnergyJoules);
            ReportData.finite("costs.delaySeconds", delaySeconds);
            ReportData.finite("costs.deadlineSeconds", deadlineSeconds);
        }
    }
}

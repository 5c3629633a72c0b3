package org.qexit.experiment.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.qexit.experiment.report.Decisions.AssignmentRow;
import org.qexit.experiment.report.Decisions.OutcomeRow;
import org.qexit.experiment.report.Decisions.PlanRow;
import org.qexit.experiment.report.Decisions.ThresholdRow;

/** Look-ups in the report's data. */
record View(ReportData data) {
    List<String> models() {
        return data.models().stream().map(ModelSection::name).toList();
    }

    /** In the order of the plans: the first is the one that the run deploys. */
    List<String> methods() {
        return List.copyOf(new LinkedHashSet<>(
                data.decisions().plans().stream().map(PlanRow::method).toList()));
    }

    List<String> devices() {
        return data.cell().devices().stream().map(Cell.DeviceRow::id).toList();
    }

    Optional<PlanRow> plan(String model, String method) {
        return data.decisions().plans().stream()
                .filter(r -> r.model().equals(model) && r.method().equals(method))
                .findFirst();
    }

    Optional<OutcomeRow> outcome(String model, String method, String device, String split) {
        return data.decisions().outcomes().stream()
                .filter(r -> r.model().equals(model)
                        && r.method().equals(method)
                        && r.device().equals(device)
                        && r.split().equals(split))
                .findFirst();
    }

    Optional<ThresholdRow> thresholds(String model, String method, String device) {
        return data.decisions().thresholds().stream()
                .filter(r -> r.model().equals(model)
                        && r.method().equals(method)
                        && r.device().equals(device))
                .findFirst();
    }

    Optional<AssignmentRow> assignment(String model, String method, String device) {
        return data.decisions().assignments().stream()
                .filter(r -> r.model().equals(model)
                        && r.method().equals(method)
                        && r.device().equals(device))
                .findFirst();
    }

    /** Outcomes of the single devices, in the devices' order. */
    List<OutcomeRow> perDevice(String model, String method, String split) {
        return devices().stream()
                .flatMap(d -> outcome(model, method, d, split).stream())
                .toList();
    }

    /** The device with the lowest defined true-positive rate on test events. */
    Optional<OutcomeRow> worst(String model, String method) {
        return perDevice(model, method, ReportData.TEST).stream()
                .filter(r -> r.tpr().defined())
                .min(java.util.Comparator.comparing(r -> r.tpr().value()));
    }

    boolean infeasible(String model, String method) {
        return plan(model, method)
                .map(p -> p.status().toLowerCase(java.util.Locale.ROOT).startsWith("infeasible"))
                .orElse(false);
    }
}

package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.qexit.experiment.report.Cell.DeviceRow;
import org.qexit.experiment.report.Decisions.AssignmentRow;
import org.qexit.experiment.report.Decisions.Costs;
import org.qexit.experiment.report.Decisions.OutcomeRow;
import org.qexit.experiment.report.Decisions.PlanRow;
import org.qexit.experiment.report.Decisions.ThresholdRow;

/** Every figure per device, one table per model and method. */
final class DetailsSection {
    private static final String INFEASIBLE = "infeasible";

    private DetailsSection() {}

    static void add(Page page, View view) {
        if (view.devices().isEmpty() || view.data().decisions().plans().isEmpty()) {
            return;
        }
        List<Markup> parts = new ArrayList<>();
        boolean first = true;
        for (PlanRow plan : view.data().decisions().plans()) {
            parts.add(Markup.tag(
                    "details",
                    first ? "class=\"more\" open" : "class=\"more\"",
                    Markup.tag(
                            "summary",
                            Markup.text(plan.model() + ", " + plan.method() + ": "),
                            OverviewSection.status(view, plan)),
                    table(view, plan)));
            first = false;
        }
        parts.add(Markup.caption(
                "U is the true-positive rate on validation events, of the events that the thresholds were chosen on"
                        + " and cross-fitted, of thresholds chosen on four fifths of them and counted on the rest; all"
                        + " other rates are on test events, with 95 % Wilson intervals in per cent. “Exits” counts the"
                        + " test events that left at exit 1, 2, …. A rate without events in its denominator is"
                        + " undefined."));
        page.section("details", "Every device", parts.toArray(Markup[]::new));
    }

    private static Markup table(View view, PlanRow plan) {
        Table table = new Table(plan.model() + ", " + plan.method() + ", per device: decisions")
                .text("Device", "Node")
                .numbers("l", "u", "U, validation", "U, cross-fitted", "TPR, test", "FPR", "CAR", "OFR")
                .numbers("TP", "FP", "TN", "FN", "Exits");
        Table costs = new Table(plan.model() + ", " + plan.method() + ", per device: resources and costs")
                .text("Device", "Node")
                .numbers("Level", "Bandwidth", "Power", "Compute", "Local energy", "Whole network", "Offload energy")
                .numbers("Delay", "Deadline");
        for (DeviceRow device : view.data().cell().devices()) {
            row(table, costs, view, plan, device);
        }
        return view.data().cell().nodes().isEmpty() ? table.markup() : Markup.join(table.markup(), costs.markup());
    }

    private static void row(Table table, Table resources, View view, PlanRow plan, DeviceRow device) {
        String missing = view.infeasible(plan.model(), plan.method()) ? Figures.NONE : Figures.UNDEFINED;
        Optional<ThresholdRow> t = view.thresholds(plan.model(), plan.method(), device.id());
        Optional<AssignmentRow> a = view.assignment(plan.model(), plan.method(), device.id());
        Optional<OutcomeRow> test = view.outcome(plan.model(), plan.method(), device.id(), ReportData.TEST);
        Optional<OutcomeRow> validation = view.outcome(plan.model(), plan.method(), device.id(), ReportData.VALIDATION);
        Optional<Costs> costs = test.map(OutcomeRow::costs);
        Object node = cell(a, AssignmentRow::node, missing.equals(Figures.NONE) ? INFEASIBLE : missing);
        table.row(
                device.id(),
                node,
                cell(t, r -> ThresholdSections.lower(r.rule()), missing),
                cell(t, r -> ThresholdSections.upper(r.rule()), missing),
                cell(validation, o -> Figures.percent(o.tpr().value()), missing),
                cell(a, r -> Figures.percent(r.crossFittedUtility()), missing),
                cell(test, o -> Table.rate(o.tpr()), missing),
                cell(test, o -> Table.rate(o.fpr()), missing),
                cell(test, o -> Table.rate(o.car()), missing),
                cell(test, o -> Table.rate(o.ofr()), missing),
                cell(test, o -> Figures.count(o.counts().truePositives()), missing),
                cell(test, o -> Figures.count(o.counts().falsePositives()), missing),
                cell(test, o -> Figures.count(o.counts().trueNegatives()), missing),
                cell(test, o -> Figures.count(o.counts().falseNegatives()), missing),
                cell(test, o -> exits(o.counts().exits()), missing));
        resources.row(
                device.id(),
                node,
                device.securityLevel(),
                cell(a, r -> Figures.si(r.bandwidthHz(), "Hz"), missing),
                cell(a, r -> Figures.si(r.powerWatts(), "W"), missing),
                cell(a, r -> Figures.quantity(r.computeUnits()), missing),
                cell(costs, c -> Figures.si(c.localEnergyJoules(), "J"), missing),
                cell(costs, c -> Figures.si(c.wholeNetworkEnergyJoules(), "J"), missing),
                cell(costs, c -> Figures.si(c.offloadEnergyJoules(), "J"), missing),
                cell(costs, c -> Figures.si(c.delaySeconds(), "s"), missing),
                cell(costs, c -> Figures.si(c.deadlineSeconds(), "s"), missing));
    }

    private static <T> Object cell(Optional<T> source, Function<T, Object> content, String missing) {
        return source.map(content).orElse(missing);
    }

    private static String exits(List<Integer> taken) {
        return taken.isEmpty()
                ? Figures.UNDEFINED
                : String.join(" / ", taken.stream().map(Figures::count).toList());
    }
}

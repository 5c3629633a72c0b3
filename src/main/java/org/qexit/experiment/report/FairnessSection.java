package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.experiment.report.Decisions.OutcomeRow;

/** What each device gets out of each plan. */
final class FairnessSection {
    private FairnessSection() {}

    static void add(Page page, View view) {
        if (view.devices().isEmpty() || view.methods().isEmpty()) {
            return;
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String model : view.models()) {
            for (String method : view.methods()) {
                for (String device : view.devices()) {
                    rows.add(row(view, model, method, device));
                }
            }
        }
        page.data("utilities", rows);
        double least = rows.stream()
                .flatMap(r -> java.util.stream.Stream.of(r.get("low"), r.get("chosen")))
                .filter(v -> v != null)
                .mapToDouble(v -> (Double) v)
                .min()
                .orElse(0);
        List<Markup> figures = new ArrayList<>();
        for (int i = 0; i < view.models().size(); i++) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("model", view.models().get(i));
            values.put("devices", view.devices());
            values.put("methods", view.methods());
            values.put("domain", List.of(10 * Math.floor(least / 10), 100));
            figures.add(page.chart("utilities-" + i, "utilities", view.models().get(i), values));
        }
        page.section(
                "fairness",
                "What each device gets",
                Page.grid(figures),
                Markup.caption(
                        "Dot and line: true-positive rate on test events with its 95 % Wilson interval. <b>Diamond: utility U on validation "
                                + "events, on which the plan was chosen.</b> A diamond far outside its line means that the choice does not "
                                + "carry over to new events. Proportional fairness trades a relative loss of one device against relative "
                                + "gains of others: no device is given up for the sum."));
    }

    private static Map<String, Object> row(View view, String model, String method, String device) {
        Optional<OutcomeRow> test = view.outcome(model, method, device, ReportData.TEST);
        Optional<OutcomeRow> validation = view.outcome(model, method, device, ReportData.VALIDATION);
        Interval tpr = test.map(OutcomeRow::tpr).orElse(Interval.undefined());
        Interval chosen = validation.map(OutcomeRow::tpr).orElse(Interval.undefined());
        String missing = tpr.defined() ? "" : view.infeasible(model, method) ? "infeasible" : Figures.UNDEFINED;
        return Page.row(
                "model",
                model,
                "method",
                method,
                "device",
                device,
                "value",
                Page.percent(tpr.value()),
                "low",
                Page.percent(tpr.low()),
                "high",
                Page.percent(tpr.high()),
                "chosen",
                Page.percent(chosen.value()),
                "test",
                missing.isEmpty() ? Figures.percent(tpr) : missing,
                "counts",
                test.map(o -> Figures.count(o.counts().truePositives()) + " of "
                                + Figures.count(
                                        o.counts().truePositives() + o.counts().falseNegatives()))
                        .orElse(Figures.UNDEFINED),
                "validation",
                Figures.percent(chosen.value()),
                "missing",
                missing);
    }
}

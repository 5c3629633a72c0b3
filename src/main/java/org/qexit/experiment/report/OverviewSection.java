package org.qexit.experiment.report;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;
import static org.qexit.experiment.report.Markup.trusted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.qexit.experiment.report.Decisions.OutcomeRow;
import org.qexit.experiment.report.Decisions.PlanRow;

/** What the run found: one card per model, the comparison, and every model under every method. */
final class OverviewSection {
    private OverviewSection() {}

    static void add(Page page, View view) {
        List<Markup> parts = new ArrayList<>();
        List<String> methods = view.methods();
        if (!methods.isEmpty()) {
            page.data("plans", plans(view));
            parts.add(cards(view, methods.get(0)));
            parts.add(chart(page, view));
            parts.add(table(view));
            parts.add(Markup.caption(
                    "Rates are on test events, used for nothing else; under each stands its 95 % Wilson interval, in per cent. "
                            + "<b>Objective</b> is Σ ln U on validation events, <b>bound</b> a proven limit no plan can exceed, "
                            + "<b>gap</b> their difference: 0 means proven optimal. <b>Jain</b> is Jain’s index of the devices’ "
                            + "validation utilities; 1 means all alike. A dash: the plan or the method has none."));
        }
        page.section("findings", "Findings", parts.toArray(Markup[]::new));
    }

    /** For the charts of one plan, which say so if it is infeasible. */
    private static List<Map<String, Object>> plans(View view) {
        return view.data().decisions().plans().stream()
                .map(p -> Page.row(
                        "model", p.model(), "method", p.method(), "infeasible", view.infeasible(p.model(), p.method())))
                .toList();
    }

    private static Markup cards(View view, String method) {
        List<Markup> cards = new ArrayList<>();
        int index = 0;
        for (ModelSection model : view.data().models()) {
            cards.add(card(view, model, method, index++));
        }
        if (!view.data().comparisons().isEmpty()) {
            cards.add(comparison(view.data().comparisons().get(0)));
        }
        view.data().more().forEach(section -> cards.add(section.card()));
        return tag("div", "class=\"cards\"", Markup.join(cards));
    }

    private static Markup card(View view, ModelSection model, String method, int index) {
        Optional<PlanRow> plan = view.plan(model.name(), method);
        Optional<OutcomeRow> all = view.outcome(model.name(), method, ReportData.ALL, ReportData.TEST);
        Optional<OutcomeRow> worst = view.worst(model.name(), method);
        List<Markup> facts = new ArrayList<>();
        fact(
                facts,
                "Worst device",
                worst.map(w -> w.device() + ", " + Figures.percent(w.tpr().value()))
                        .orElse(Figures.UNDEFINED));
        fact(
                facts,
                "False-positive rate",
                all.map(o -> Figures.percent(o.fpr().value())).orElse(Figures.UNDEFINED));
        fact(
                facts,
                "Offload rate",
                all.map(o -> Figures.percent(o.ofr().value())).orElse(Figures.UNDEFINED));
        fact(facts, "Plan", plan.map(OverviewSection::certificate).orElse("none"));
        fact(facts, "Parameters", Figures.count(model.parameters()));

        boolean infeasible = view.infeasible(model.name(), method);
        Interval tpr = all.map(OutcomeRow::tpr).orElse(Interval.undefined());
        String big = infeasible && !tpr.defined() ? "infeasible" : Figures.percent(tpr.value());
        String sub = tpr.defined()
                ? "true-positive rate on test events, 95 % interval " + Figures.range(tpr)
                : "true-positive rate on test events";
        return tag(
                "div",
                "class=\"card\"",
                tag("h3", swatch(index), text(model.name()), tag("span", text(method + " plan"))),
                tag("p", "class=\"big\"", text(big)),
                tag("p", "class=\"sub\"", text(sub)),
                tag("dl", Markup.join(facts)));
    }

    private static Markup comparison(ReportData.ComparisonRow row) {
        List<Markup> facts = new ArrayList<>();
        Interval d = row.difference();
        String reading = !d.defined()
                ? Figures.UNDEFINED
                : d.low() > 0
                        ? row.first() + " is higher"
                        : d.high() < 0 ? row.second() + " is higher" : "no difference resolved";
        fact(facts, "Reading", reading);
        if (row.test() != null) {
            fact(facts, row.test(), row.pValue() == null ? Figures.UNDEFINED : "p = " + Figures.pValue(row.pValue()));
        }
        String big = d.defined() ? Figures.points(d).replaceFirst(" \\(.*", "") + " points" : Figures.UNDEFINED;
        String interval = d.defined() ? ", 95 % interval " + Figures.points(d).replaceAll("^[^(]*\\(|\\)$", "") : "";
        return tag(
                "div",
                "class=\"card\"",
                tag("h3", text(row.first() + " − " + row.second()), tag("span", text("same events"))),
                tag("p", "class=\"big\"", text(big)),
                tag("p", "class=\"sub\"", text(row.quantity() + interval)),
                tag("dl", Markup.join(facts)));
    }

    private static void fact(List<Markup> facts, String term, String value) {
        Markup dd = Figures.UNDEFINED.equals(value)
                ? tag("dd", "data-undefined=\"\"", text(value))
                : tag("dd", text(value));
        facts.add(Markup.join(tag("dt", text(term)), dd));
    }

    private static String certificate(PlanRow plan) {
        return plan.gap() == null || plan.objective() == null
                ? plan.status()
                : plan.status() + ", gap " + Figures.decimal(plan.gap(), 2);
    }

    static Markup swatch(int index) {
        return trusted("<i class=\"swatch " + (index < 4 ? "m" + index : "mx") + "\"></i>");
    }

    private static Markup chart(Page page, View view) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PlanRow plan : view.data().decisions().plans()) {
            Optional<OutcomeRow> all = view.outcome(plan.model(), plan.method(), ReportData.ALL, ReportData.TEST);
            Interval tpr = all.map(OutcomeRow::tpr).orElse(Interval.undefined());
            Optional<OutcomeRow> worst = view.worst(plan.model(), plan.method());
            rows.add(Page.row(
                    "model",
                    plan.model(),
                    "method",
                    plan.method(),
                    "value",
                    Page.percent(tpr.value()),
                    "low",
                    Page.percent(tpr.low()),
                    "high",
                    Page.percent(tpr.high()),
                    "worstValue",
                    worst.map(w -> Page.percent(w.tpr().value())).orElse(null),
                    "pooled",
                    Figures.percent(tpr),
                    "worst",
                    worst.map(w -> w.device() + ": " + Figures.percent(w.tpr())).orElse(Figures.UNDEFINED),
                    "status",
                    view.infeasible(plan.model(), plan.method())
                            ? "infeasible"
                            : tpr.defined() ? plan.status() : Figures.UNDEFINED));
        }
        page.data("glance", rows);
        return Markup.join(
                page.chart(
                        "glance",
                        "glance",
                        "How many critical events each model and method finds",
                        Map.of("models", view.models(), "methods", view.methods())),
                Markup.caption(
                        "Dot and line: true-positive rate of all devices pooled, with its 95 % interval. "
                                + "<b>Upright tick: the worst device.</b> A short way from tick to dot means that no device is left behind."));
    }

    private static Markup table(View view) {
        Table table = new Table("Every model under every method")
                .text("Model", "Method", "Plan")
                .numbers(
                        "TPR, pooled",
                        "TPR, mean of devices",
                        "TPR, worst device",
                        "FPR",
                        "CAR",
                        "OFR",
                        "Jain",
                        "Objective",
                        "Bound",
                        "Gap",
                        "Σ U");
        for (PlanRow plan : view.data().decisions().plans()) {
            Optional<OutcomeRow> all = view.outcome(plan.model(), plan.method(), ReportData.ALL, ReportData.TEST);
            Optional<OutcomeRow> worst = view.worst(plan.model(), plan.method());
            String missing = view.infeasible(plan.model(), plan.method()) ? Figures.NONE : Figures.UNDEFINED;
            table.row(
                    plan.model(),
                    plan.method(),
                    status(view, plan),
                    all.map(o -> Table.rate(o.tpr())).orElse(missing),
                    mean(view, plan, missing),
                    worst.<Object>map(w ->
                                    Markup.join(text(Figures.percent(w.tpr().value())), tag("small", text(w.device()))))
                            .orElse(missing),
                    all.map(o -> Table.rate(o.fpr())).orElse(missing),
                    all.map(o -> Table.rate(o.car())).orElse(missing),
                    all.map(o -> Table.rate(o.ofr())).orElse(missing),
                    given(plan.jain(), 3),
                    given(plan.objective(), 4),
                    given(plan.bound(), 4),
                    given(plan.gap(), 2),
                    given(plan.sumUtility(), 4));
        }
        // What holds for several plans is told once.
        Map<String, List<String>> told = new LinkedHashMap<>();
        view.data().decisions().plans().stream()
                .filter(p -> p.notes() != null && !p.notes().isBlank())
                .forEach(p -> told.computeIfAbsent(p.notes(), text -> new ArrayList<>())
                        .add(p.model() + ", " + p.method()));
        List<Markup> notes = new ArrayList<>();
        told.forEach((why, plans) -> notes.add(tag("li", tag("b", text(String.join("; ", plans) + ": ")), text(why))));
        return notes.isEmpty()
                ? table.markup()
                : Markup.join(table.markup(), tag("ul", "class=\"notes\"", Markup.join(notes)));
    }

    static Markup status(View view, PlanRow plan) {
        boolean no = view.infeasible(plan.model(), plan.method());
        return tag("span", "class=\"status" + (no ? " no" : "") + "\"", text(plan.status()));
    }

    private static String mean(View view, PlanRow plan, String missing) {
        OptionalDouble mean = view.perDevice(plan.model(), plan.method(), ReportData.TEST).stream()
                .filter(r -> r.tpr().defined())
                .mapToDouble(r -> r.tpr().value())
                .average();
        return mean.isPresent() ? Figures.percent(mean.getAsDouble()) : missing;
    }

    private static String given(Double value, int digits) {
        return value == null ? Figures.NONE : Figures.decimal(value, digits);
    }
}

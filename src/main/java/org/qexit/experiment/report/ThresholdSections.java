package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.experiment.report.Confidences.FrontierRow;
import org.qexit.experiment.report.Confidences.HistogramRow;
import org.qexit.experiment.report.Decisions.OutcomeRow;
import org.qexit.experiment.report.Decisions.ThresholdRow;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;

/** Where the thresholds lie: the confidences at each exit, and what each offload budget buys. */
final class ThresholdSections {
    /** Corners of one staircase that are drawn; more cannot be told apart on a screen. */
    private static final int MAX_CORNERS = 400;

    /** Stands for the exit of a pair, which is drawn at all. */
    private static final int EVERY_EXIT = 0;

    private ThresholdSections() {}

    static void addConfidences(Page page, View view) {
        List<HistogramRow> bins = view.data().confidences().histograms();
        if (bins.isEmpty()) {
            return;
        }
        page.data("histogram", histogram(bins));
        page.data("thresholds", thresholds(view.data().decisions().thresholds()));
        Set<String> devices = new LinkedHashSet<>(view.devices());
        Set<String> present = new LinkedHashSet<>();
        bins.forEach(b -> present.add(b.device()));
        devices.add(ReportData.ALL);
        devices.retainAll(present);
        Map<String, List<String>> controls = new LinkedHashMap<>();
        controls.put("model", view.models());
        controls.put("device", List.copyOf(devices));
        controls.put("method", view.methods());

        int exits = bins.stream().mapToInt(HistogramRow::exit).max().orElse(0);
        List<Markup> figures = new ArrayList<>();
        for (int exit = 1; exit <= exits; exit++) {
            Map<String, Object> values = new LinkedHashMap<>();
            controls.forEach((name, options) -> values.put(name, first(options)));
            values.put("exit", exit);
            figures.add(page.chart("confidence-" + exit, "histogram", "Exit " + exit, values));
        }
        page.section(
                "confidences",
                "Confidences and thresholds",
                Page.controls(controls),
                figures.size() % 3 == 0 ? Page.gridOfThree(figures) : Page.grid(figures),
                Markup.caption(
                        "Confidences on test events: critical events upwards, normal events downwards, each as a share of its "
                                + "class, so that rare classes stay visible. <b>An event left of l (dashed) is settled as normal at "
                                + "that exit; one right of u (solid) is called critical and offloaded; one between goes on to the next exit</b>, and counts as "
                                + "normal after the last. Good exits push the two classes apart, past the thresholds."));
    }

    private static List<Map<String, Object>> histogram(List<HistogramRow> bins) {
        Map<String, long[]> totals = new LinkedHashMap<>();
        bins.forEach(b -> {
            long[] total = totals.computeIfAbsent(key(b), k -> new long[2]);
            total[0] += b.critical();
            total[1] += b.normal();
        });
        List<Map<String, Object>> rows = new ArrayList<>();
        for (HistogramRow b : bins) {
            long[] total = totals.get(key(b));
            if (b.critical() > 0) {
                rows.add(bar(b, "critical", b.critical(), total[0], 1));
            }
            if (b.normal() > 0) {
                rows.add(bar(b, "normal", b.normal(), total[1], -1));
            }
        }
        return rows;
    }

    private static String key(HistogramRow b) {
        return b.exit() + "\n" + b.model() + "\n" + b.device();
    }

    private static Map<String, Object> bar(HistogramRow b, String kind, long count, long total, int direction) {
        double share = (double) count / total;
        return Page.row(
                "model",
                b.model(),
                "device",
                b.device(),
                "exit",
                b.exit(),
                "low",
                Figures.rounded(b.binLow()),
                "high",
                Figures.rounded(b.binHigh()),
                "class",
                kind,
                "value",
                Figures.rounded(100 * direction * share),
                "count",
                count,
                "share",
                Figures.percent(share),
                "bin",
                Figures.decimal(b.binLow(), 3) + " to " + Figures.decimal(b.binHigh(), 3));
    }

    private static List<Map<String, Object>> thresholds(List<ThresholdRow> thresholds) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ThresholdRow t : thresholds) {
            int exits = t.rule() instanceof ExitThresholds each ? each.exits() : 1;
            ExitThresholds drawn = t.rule().perExit(exits);
            for (int q = 0; q < exits; q++) {
                int exit = t.rule() instanceof ExitThresholds ? q + 1 : EVERY_EXIT;
                rows.add(side(t, exit, drawn.lower(q), true));
                rows.add(side(t, exit, drawn.upper(q), false));
            }
        }
        return rows;
    }

    /** One threshold as a line, and what it takes as a shade; a test that never fires has neither, one that always does shades all. */
    private static Map<String, Object> side(ThresholdRow t, int exit, float threshold, boolean isLower) {
        Double value = Float.isInfinite(threshold) ? null : Figures.rounded((double) threshold);
        boolean never = threshold == (isLower ? ExitThresholds.BELOW_ALL : ExitThresholds.ABOVE_ALL);
        // The end of the axis where a threshold stands that is no number.
        double end = threshold > 0 ? 1 : 0;
        double at = value == null ? end : value;
        String text = threshold(threshold, isLower);
        String letter = isLower ? "l" : "u";
        String meaning = isLower ? "at or below: normal" : "at or above: critical";
        return Page.row(
                "model",
                t.model(),
                "method",
                t.method(),
                "device",
                t.device(),
                "exit",
                exit,
                "side",
                isLower ? "normal" : "critical",
                "letter",
                letter,
                "name",
                isLower ? "lower, l" : "upper, u",
                "value",
                value,
                "at",
                at,
                "from",
                never ? null : (Object) (isLower ? 0 : Math.min(1, at)),
                "to",
                never ? null : (Object) (isLower ? at : 1),
                "text",
                text,
                "label",
                letter + " = " + text,
                "meaning",
                never ? "no event is ever " + (isLower ? "normal" : "critical") + " here" : meaning);
    }

    /** A threshold as text: a number, "never" or "always". */
    private static String threshold(float value, boolean isLower) {
        if (Float.isInfinite(value)) {
            return value > 0 == isLower ? "always" : "never";
        }
        return Figures.confidence(value);
    }

    /** The lower thresholds of a rule, exit by exit. */
    static String lower(Rule rule) {
        return text(rule, true);
    }

    /** The upper thresholds of a rule, exit by exit. */
    static String upper(Rule rule) {
        return text(rule, false);
    }

    private static String text(Rule rule, boolean isLower) {
        ExitThresholds each = rule.perExit(rule instanceof ExitThresholds own ? own.exits() : 1);
        List<String> parts = new ArrayList<>();
        for (int q = 0; q < each.exits(); q++) {
            parts.add(threshold(isLower ? each.lower(q) : each.upper(q), isLower));
        }
        return String.join(" / ", parts);
    }

    static void addFrontier(Page page, View view) {
        List<FrontierRow> corners = view.data().confidences().frontiers();
        if (corners.isEmpty()) {
            return;
        }
        page.data("frontier", staircases(corners));
        page.data("operating", operatingPoints(view));
        Set<String> present = new LinkedHashSet<>();
        corners.stream().filter(c -> c.split().equals(ReportData.VALIDATION)).forEach(c -> present.add(c.device()));
        Set<String> devices = new LinkedHashSet<>(view.devices());
        devices.add(ReportData.ALL);
        devices.retainAll(present);
        List<Markup> figures = new ArrayList<>();
        List<Markup> parts = new ArrayList<>();
        if (!devices.isEmpty()) {
            parts.add(Page.controls(Map.of("device", List.copyOf(devices))));
            figures.add(page.chart(
                    "frontier-device",
                    "frontier",
                    "The selected device, validation events",
                    frontier(view, ReportData.VALIDATION, first(List.copyOf(devices)))));
        }
        if (corners.stream().anyMatch(c -> c.split().equals(ReportData.TEST) && pooled(c.device()))) {
            Map<String, Object> values = frontier(view, ReportData.TEST, ReportData.ALL);
            figures.add(page.chart("frontier-test", "frontier", "All devices pooled, test events", values));
        }
        parts.add(Page.grid(figures));
        parts.add(Markup.caption(
                "<b>A device’s staircase is exact</b>: each step is the most true positives that any pair of thresholds finds "
                        + "at that offload rate on its validation events. <b>The pooled curve</b> gives every device the same budget, "
                        + "with thresholds chosen on validation events, and counts what they do on test events. "
                        + "<b>Marks are the plans</b>: a mark above the pooled curve shares the offloads better than equal "
                        + "budgets would. On the staircase, a mark stops where the node’s compute does."));
        page.section("frontier", "True positives against offload budget", parts.toArray(Markup[]::new));
    }

    private static boolean pooled(String device) {
        return device.equals(ReportData.ALL);
    }

    private static Map<String, Object> frontier(View view, String split, String device) {
        return Page.row(
                "split",
                split,
                "device",
                device,
                "models",
                view.models(),
                "methods",
                view.methods(),
                "fixed",
                split.equals(ReportData.TEST),
                "interpolate",
                split.equals(ReportData.TEST) ? "linear" : "step-after");
    }

    private static List<Map<String, Object>> staircases(List<FrontierRow> corners) {
        Map<String, List<FrontierRow>> byCurve = new LinkedHashMap<>();
        corners.forEach(
                c -> byCurve.computeIfAbsent(c.split() + "\n" + c.model() + "\n" + c.device(), k -> new ArrayList<>())
                        .add(c));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (List<FrontierRow> curve : byCurve.values()) {
            for (FrontierRow c : thinned(curve)) {
                rows.add(Page.row(
                        "model",
                        c.model(),
                        "device",
                        c.device(),
                        "split",
                        c.split(),
                        "x",
                        Page.percent(c.offloadRate()),
                        "y",
                        Page.percent(c.tpr())));
            }
        }
        return rows;
    }

    /** First, last and every corner where the rate changes; of too many, evenly spaced ones (a staircase below the true one). */
    private static List<FrontierRow> thinned(List<FrontierRow> curve) {
        List<FrontierRow> corners = new ArrayList<>();
        for (int i = 0; i < curve.size(); i++) {
            if (i == 0
                    || i == curve.size() - 1
                    || curve.get(i).tpr() != curve.get(i - 1).tpr()) {
                corners.add(curve.get(i));
            }
        }
        if (corners.size() <= MAX_CORNERS) {
            return corners;
        }
        List<FrontierRow> some = new ArrayList<>();
        for (int i = 0; i < MAX_CORNERS; i++) {
            some.add(corners.get((int) ((long) i * (corners.size() - 1) / (MAX_CORNERS - 1))));
        }
        return some;
    }

    private static List<Map<String, Object>> operatingPoints(View view) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OutcomeRow o : view.data().decisions().outcomes()) {
            rows.add(Page.row(
                    "model",
                    o.model(),
                    "method",
                    o.method(),
                    "device",
                    o.device(),
                    "split",
                    o.split(),
                    "x",
                    Page.percent(o.ofr().value()),
                    "y",
                    Page.percent(o.tpr().value()),
                    "tpr",
                    Figures.percent(o.tpr()),
                    "ofr",
                    Figures.percent(o.ofr())));
        }
        return rows;
    }

    private static String first(List<String> options) {
        return options.isEmpty() ? "" : options.get(0);
    }
}

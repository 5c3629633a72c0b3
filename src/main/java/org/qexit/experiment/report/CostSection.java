package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.experiment.report.Decisions.Costs;
import org.qexit.experiment.report.Decisions.OutcomeRow;

/** Exits taken, energy, and delay against deadline. */
final class CostSection {
    private static final String LOCAL = "local, to the exit taken";
    private static final String WHOLE = "local, whole network";
    private static final String OFFLOAD = "one offload";

    private CostSection() {}

    static void add(Page page, View view) {
        List<OutcomeRow> outcomes = view.data().decisions().outcomes().stream()
                .filter(o -> o.split().equals(ReportData.TEST) && !o.device().equals(ReportData.ALL))
                .toList();
        if (outcomes.isEmpty()) {
            return;
        }
        List<Map<String, Object>> exits = new ArrayList<>();
        List<Map<String, Object>> energy = new ArrayList<>();
        List<Map<String, Object>> delay = new ArrayList<>();
        for (OutcomeRow o : outcomes) {
            addExits(exits, o);
            if (o.costs() != null) {
                addEnergy(energy, o, LOCAL, o.costs().localEnergyJoules());
                addEnergy(energy, o, WHOLE, o.costs().wholeNetworkEnergyJoules());
                addEnergy(energy, o, OFFLOAD, o.costs().offloadEnergyJoules());
                addDelay(delay, o, o.costs());
            }
        }
        page.data("exits", exits);
        page.data("energy", energy);
        page.data("delay", delay);
        Map<String, List<String>> controls = PlacementSection.controls(view);
        int count =
                outcomes.stream().mapToInt(o -> o.counts().exits().size()).max().orElse(0);
        Map<String, Object> values = new LinkedHashMap<>();
        controls.forEach((name, options) -> values.put(name, options.get(0)));
        values.put("devices", view.devices());
        values.put(
                "exits",
                IntStream.rangeClosed(1, count).mapToObj(q -> "exit " + q).toList());
        values.put("kinds", List.of(LOCAL, WHOLE, OFFLOAD));
        values.put("domain", logDomain(energy));
        values.put("delays", List.of(0, longest(delay)));
        List<Markup> figures = new ArrayList<>();
        if (!exits.isEmpty()) {
            figures.add(page.chart("exits", "exits", "Exit at which events leave", values));
        }
        if (energy.stream().anyMatch(r -> r.get("value") != null)) {
            figures.add(page.chart("energy", "energy", "Energy per event", values));
        }
        if (delay.stream().anyMatch(r -> r.get("delay") != null)) {
            figures.add(page.chart("delay", "delay", "Offload delay against deadline", values));
        }
        page.section(
                "costs",
                "Exits, energy and delay",
                Page.controls(controls),
                Page.gridOfThree(figures),
                Markup.caption(
                        "Test events. <b>Energy</b>: mean per event for the blocks up to the exit taken, beside all blocks of the network "
                                + "(both count memory accesses), and the radio’s energy for one offloaded event; the axis is logarithmic, and a "
                                + "mark is missing where the value is zero or undefined. <b>Delay</b>: upright ticks are deadlines; a bar must end at its "
                                + "tick or before it."));
    }

    private static void addExits(List<Map<String, Object>> rows, OutcomeRow o) {
        long total = o.counts().exits().stream().mapToLong(n -> n).sum();
        for (int q = 0; q < o.counts().exits().size() && total > 0; q++) {
            long count = o.counts().exits().get(q);
            double share = (double) count / total;
            rows.add(Page.row(
                    "model",
                    o.model(),
                    "method",
                    o.method(),
                    "device",
                    o.device(),
                    "exit",
                    "exit " + (q + 1),
                    "index",
                    q,
                    "value",
                    Page.percent(share),
                    "count",
                    count,
                    "share",
                    Figures.percent(share)));
        }
    }

    private static void addEnergy(List<Map<String, Object>> rows, OutcomeRow o, String kind, Double joules) {
        rows.add(Page.row(
                "model",
                o.model(),
                "method",
                o.method(),
                "device",
                o.device(),
                "kind",
                kind,
                // Zero has no place on a logarithmic axis.
                "value",
                joules == null || joules <= 0 ? null : Figures.rounded(joules),
                "text",
                Figures.si(joules, "J")));
    }

    private static void addDelay(List<Map<String, Object>> rows, OutcomeRow o, Costs costs) {
        boolean late = costs.delaySeconds() != null
                && costs.deadlineSeconds() != null
                // A plan may use the whole deadline: rounding in the last digits is not lateness.
                && costs.delaySeconds() > costs.deadlineSeconds() * (1 + 1e-9);
        rows.add(Page.row(
                "model",
                o.model(),
                "method",
                o.method(),
                "device",
                o.device(),
                "delay",
                milliseconds(costs.delaySeconds()),
                "deadline",
                milliseconds(costs.deadlineSeconds()),
                "delayText",
                Figures.si(costs.delaySeconds(), "s"),
                "deadlineText",
                Figures.si(costs.deadlineSeconds(), "s"),
                "late",
                late ? "yes" : "no"));
    }

    private static Double milliseconds(Double seconds) {
        return seconds == null ? null : Figures.rounded(1000 * seconds);
    }

    private static double longest(List<Map<String, Object>> delay) {
        double longest = delay.stream()
                .flatMap(r -> java.util.stream.Stream.of(r.get("delay"), r.get("deadline")))
                .filter(v -> v != null)
                .mapToDouble(v -> (Double) v)
                .max()
                .orElse(0);
        return longest > 0 ? Figures.rounded(1.05 * longest) : 1;
    }

    /** One axis for every choice of model and method, so that the choices can be compared. */
    private static List<Double> logDomain(List<Map<String, Object>> energy) {
        double[] values = energy.stream()
                .map(r -> (Double) r.get("value"))
                .filter(v -> v != null)
                .mapToDouble(v -> v)
                .sorted()
                .toArray();
        return values.length == 0
                ? List.of(1e-6, 1.0)
                : List.of(Figures.rounded(values[0] / 1.5), Figures.rounded(values[values.length - 1] * 1.5));
    }
}

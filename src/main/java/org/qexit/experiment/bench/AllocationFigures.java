package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.qexit.allocation.FleetGenerator;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.experiment.bench.AllocationStudy.Entry;

/** The pictures of the study of the joint plan, by file name. */
final class AllocationFigures {
    private final AllocationStudyConfig config;
    private final List<Entry> entries;

    AllocationFigures(AllocationStudyConfig config, List<Entry> entries) {
        this.config = config;
        this.entries = entries;
    }

    Map<String, String> all() {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("gap-over-time.svg", gapOverTime());
        figures.put("scaling.svg", scalingFigure());
        figures.put("methods.svg", methodsFigure());
        figures.put("fairness-load.svg", loadFigure());
        figures.put("security-levels.svg", levelsFigure());
        return figures;
    }

    private List<Entry> of(String part) {
        return entries.stream().filter(e -> e.part().equals(part)).toList();
    }

    private static String svg(String title, Chart.Panel... panels) {
        Chart chart = new Chart(title, panels.length, false);
        for (Chart.Panel panel : panels) {
            chart.add(panel);
        }
        return chart.svg();
    }

    private String gapOverTime() {
        List<Chart.Series> series = new ArrayList<>();
        for (Entry e : of("course")) {
            List<double[]> points = new ArrayList<>();
            double objective = Double.NEGATIVE_INFINITY;
            double bound = Double.POSITIVE_INFINITY;
            for (AllocationBench.Moment m : e.row().moments()) {
                objective = m.objective() == null ? objective : Math.max(objective, m.objective());
                bound = m.bound() == null ? bound : Math.min(bound, m.bound());
                if (Double.isFinite(objective) && Double.isFinite(bound)) {
                    // A closed gap has no logarithm: it is drawn at a thousandth of a percent.
                    double gap = Math.max(1e-3, 100 * (bound - objective) / Math.abs(objective));
                    points.add(new double[] {Math.max(0.05, m.seconds()), gap});
                }
            }
            series.add(new Chart.Series(e.row().method() + ", " + e.family(), Chart.Style.LINE, points));
        }
        var part = config.course();
        String title = "Gap over time, " + part.devices() + " devices, " + part.nodes() + " nodes";
        return svg(
                title,
                new Chart.Panel(title, decades("seconds"), decades("gap, % of |objective| (0.001 = closed)"), series));
    }

    private static Chart.Axis decades(String label) {
        return new Chart.Axis(label, Scale.Kind.LOGARITHMIC);
    }

    /** Mean of y over the entries with the same x, as a line. */
    private static Chart.Series mean(
            String name, List<Entry> entries, ToDoubleFunction<Entry> x, ToDoubleFunction<Entry> y) {
        TreeMap<Double, List<Double>> groups = new TreeMap<>();
        for (Entry e : entries) {
            double value = y.applyAsDouble(e);
            if (Double.isFinite(value)) {
                groups.computeIfAbsent(x.applyAsDouble(e), key -> new ArrayList<>())
                        .add(value);
            }
        }
        List<double[]> points = new ArrayList<>();
        groups.forEach((at, values) -> points.add(
                new double[] {at, values.stream().mapToDouble(v -> v).average().getAsDouble()}));
        return new Chart.Series(name, Chart.Style.LINE, points);
    }

    private static double number(Double value) {
        return value == null ? Double.NaN : value;
    }

    private String scalingFigure() {
        List<Chart.Series> time = new ArrayList<>();
        List<Chart.Series> gap = new ArrayList<>();
        for (FleetGenerator.Family family : config.scaling().families()) {
            List<Entry> own = of("scaling").stream()
                    .filter(e -> e.family().equals(AllocationStudy.name(family)))
                    .toList();
            time.add(mean(
                    AllocationStudy.name(family),
                    own,
                    e -> e.row().devices(),
                    e -> e.row().cpuSeconds()));
            gap.add(mean(
                    AllocationStudy.name(family),
                    own,
                    e -> e.row().devices(),
                    e -> Math.max(1e-3, number(e.row().gapPercent()))));
        }
        String limit = String.format(
                Locale.ROOT,
                "to %.2g %% or %.0f s",
                100 * config.scaling().gap(),
                config.scaling().seconds());
        return svg(
                "Time and gap over the size of the fleet",
                new Chart.Panel("exact, " + limit, decades("devices"), decades("processor seconds"), time),
                new Chart.Panel(
                        "Gap then (mean over seeds)", decades("devices"), decades("gap, % (0.001 = closed)"), gap));
    }

    private String methodsFigure() {
        List<Entry> own = of("methods");
        Map<String, Double> best = new TreeMap<>();
        own.stream()
                .filter(e -> e.row().method().equals("exact"))
                .forEach(e -> best.put(e.row().instance(), number(e.row().objective())));
        List<String> methods = AllocationStudy.allMethods().stream()
                .filter(m -> !m.equals("exact"))
                .toList();
        Map<Integer, String> names = new TreeMap<>();
        for (int i = 0; i < methods.size(); i++) {
            int at = i;
            long planned = own.stream()
                    .filter(e ->
                            e.row().method().equals(methods.get(at)) && e.row().objective() != null)
                    .count();
            long asked = own.stream()
                    .filter(e -> e.row().method().equals(methods.get(at)))
                    .count();
            names.put(i, methods.get(i) + " " + planned + "/" + asked);
        }
        List<Chart.Series> series = new ArrayList<>();
        for (FleetGenerator.Family family : config.methods().families()) {
            List<double[]> points = new ArrayList<>();
            for (Entry e : own) {
                int at = methods.indexOf(e.row().method());
                if (at >= 0
                        && e.family().equals(AllocationStudy.name(family))
                        && e.row().objective() != null) {
                    double loss =
                            (number(best.get(e.row().instance())) - e.row().objective())
                                    / e.row().devices();
                    double beside = 0.16 * (config.methods().families().indexOf(family) - 0.5);
                    points.add(new double[] {at + beside, Math.max(1e-5, loss)});
                }
            }
            series.add(new Chart.Series(AllocationStudy.name(family), Chart.Style.POINTS, points));
        }
        String title = "What methods lose against exact";
        return svg(
                title,
                new Chart.Panel(
                        title,
                        new Chart.Axis("method, fleets planned / asked", Scale.Kind.LINEAR, names),
                        decades("loss of Σ ρ ln U per device (1e-5 = none)"),
                        series));
    }

    /** Entries by the name of their line, over the quantity that the panels of a picture share. */
    private record Lines(Map<String, List<Entry>> groups, Chart.Axis axis, ToDoubleFunction<Entry> x) {
        Chart.Panel panel(String title, String yLabel, ToDoubleFunction<Entry> y) {
            List<Chart.Series> series = new ArrayList<>();
            groups.forEach((name, entries) -> series.add(mean(name, entries, x, y)));
            return new Chart.Panel(title, axis, new Chart.Axis(yLabel, Scale.Kind.LINEAR), series);
        }
    }

    private String loadFigure() {
        Map<String, List<Entry>> methods = new LinkedHashMap<>();
        for (String method : List.of("exact", "two-stage", "sum-utility", "nearest")) {
            methods.put(
                    method,
                    of("load").stream()
                            .filter(e -> e.row().method().equals(method))
                            .toList());
        }
        Lines lines =
                new Lines(methods, new Chart.Axis("load: events / offloads possible", Scale.Kind.LINEAR), Entry::load);
        return svg(
                "Fairness over load",
                lines.panel(
                        "Worst device",
                        "least U (mean over seeds)",
                        e -> number(e.row().minUtility())),
                lines.panel("Fairness", "Jain's index of U", e -> number(e.row().jainUtility())),
                lines.panel(
                        "All devices",
                        "mean U",
                        e -> number(e.row().sumUtility()) / e.row().devices()));
    }

    private String levelsFigure() {
        Map<String, List<Entry>> loads = new LinkedHashMap<>();
        for (double load : config.levels().loads()) {
            loads.put(
                    String.format(Locale.ROOT, "load %.3g", load),
                    of("levels").stream().filter(e -> e.load() == load).toList());
        }
        Lines lines = new Lines(loads, new Chart.Axis("security levels", Scale.Kind.WHOLE), Entry::levels);
        return svg(
                "What security levels cost",
                lines.panel(
                        "Security levels, same resources",
                        "Σ ρ ln U per device",
                        e -> number(e.row().objective()) / e.row().devices()),
                lines.panel(
                        "Worst device",
                        "least U (mean over seeds)",
                        e -> number(e.row().minUtility())));
    }
}

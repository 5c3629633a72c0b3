package org.qexit.experiment.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Methods;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.Progress;

/** The study of the joint plan: runs what its configuration says, writes one CSV row per fleet and method, and the figures. */
public final class AllocationStudy {
    private final AllocationStudyConfig config;
    private final List<Entry> entries = new ArrayList<>();
    private final Progress progress;

    private record Entry(String part, String family, long seed, double load, int levels, AllocationBench.Row row) {}

    private AllocationStudy(AllocationStudyConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** Runs the study in {@code file} and writes results.csv, course.csv and figures beside it. */
    public static void run(Path file) {
        AllocationStudyConfig config = Json.readYaml(file, AllocationStudyConfig.class);
        Path folder = file.toAbsolutePath().getParent();
        long steps = (long) config.course().families().size()
                + (long) config.scaling().families().size()
                        * config.scaling().shapes().size()
                        * config.scaling().seeds()
                + (long) config.methods().families().size() * config.methods().seeds()
                + (long) config.load().loads().size() * config.load().seeds()
                + (long) config.levels().loads().size()
                        * config.levels().levels().size()
                        * config.levels().seeds();
        try (Progress progress = Progress.start("study", steps)) {
            AllocationStudy study = new AllocationStudy(config, progress);
            study.course();
            study.scaling();
            study.methods();
            study.load();
            study.levels();
            AtomicFiles.writeString(folder.resolve("results.csv"), study.results());
            AtomicFiles.writeString(folder.resolve("course.csv"), study.moments());
            study.figures().forEach((name, svg) -> AtomicFiles.writeString(folder.resolve(name), svg));
        }
    }

    private void solve(
            String part,
            String family,
            long seed,
            double load,
            int levels,
            Instance fleet,
            List<String> methods,
            double seconds,
            double gap) {
        SolveOptions options =
                SolveOptions.defaults().withSeconds(seconds).withGap(gap).withSeed(config.seed());
        new AllocationBench(options, true).run(fleet, 0, methods, row -> {
            if (!row.violations().isEmpty()) {
                throw new IllegalStateException(row.instance() + ", " + row.method() + ": " + row.violations());
            }
            entries.add(new Entry(part, family, seed, load, levels, row));
        });
        progress.step();
    }

    private static String name(FleetGenerator.Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    private void course() {
        var part = config.course();
        for (FleetGenerator.Family family : part.families()) {
            Instance fleet = FleetGenerator.fleet(family, part.devices(), part.nodes(), config.seed());
            solve("course", name(family), config.seed(), 0, 3, fleet, part.methods(), part.seconds(), 0);
        }
    }

    private void scaling() {
        var part = config.scaling();
        for (FleetGenerator.Family family : part.families()) {
            for (List<Integer> shape : part.shapes()) {
                for (int s = 0; s < part.seeds(); s++) {
                    long seed = config.seed() + s;
                    Instance fleet = FleetGenerator.fleet(family, shape.get(0), shape.get(1), seed);
                    solve("scaling", name(family), seed, 0, 3, fleet, List.of("exact"), part.seconds(), part.gap());
                }
            }
        }
    }

    private static List<String> allMethods() {
        return Methods.names();
    }

    private void methods() {
        var part = config.methods();
        for (FleetGenerator.Family family : part.families()) {
            for (int s = 0; s < part.seeds(); s++) {
                long seed = config.seed() + s;
                Instance fleet = FleetGenerator.fleet(family, part.devices(), part.nodes(), seed);
                solve("methods", name(family), seed, 0, 3, fleet, allMethods(), part.seconds(), 0);
            }
        }
    }

    private void load() {
        var part = config.load();
        for (double load : part.loads()) {
            for (int s = 0; s < part.seeds(); s++) {
                long seed = config.seed() + s;
                Instance fleet = FleetGenerator.fredi(part.devices(), load, 1, seed);
                solve(
                        "load",
                        "fredi",
                        seed,
                        load,
                        1,
                        fleet,
                        List.of("exact", "two-stage", "sum-utility", "nearest"),
                        part.seconds(),
                        0);
            }
        }
    }

    private void levels() {
        var part = config.levels();
        for (double load : part.loads()) {
            for (int levels : part.levels()) {
                for (int s = 0; s < part.seeds(); s++) {
                    long seed = config.seed() + s;
                    Instance fleet = FleetGenerator.fredi(part.devices(), load, levels, seed);
                    solve("levels", "fredi", seed, load, levels, fleet, List.of("exact"), part.seconds(), 0);
                }
            }
        }
    }

    private String results() {
        StringBuilder csv =
                new StringBuilder("part,fleet,family,devices,nodes,seed,load,levels,method,status,objective,bound,"
                        + "gap_percent,seconds,cpu_seconds,jain_utility,min_utility,sum_utility,paper_lb,paper_ub\n");
        for (Entry e : entries) {
            AllocationBench.Row r = e.row();
            csv.append(String.join(
                            ",",
                            e.part(),
                            r.instance(),
                            e.family(),
                            "" + r.devices(),
                            "" + r.nodes(),
                            "" + e.seed(),
                            e.load() == 0 ? "" : String.format(Locale.ROOT, "%.4g", e.load()),
                            "" + e.levels(),
                            r.method(),
                            r.status().json(),
                            text(r.objective()),
                            text(r.bound()),
                            text(r.gapPercent()),
                            String.format(Locale.ROOT, "%.3f", r.seconds()),
                            String.format(Locale.ROOT, "%.3f", r.cpuSeconds()),
                            text(r.jainUtility()),
                            text(r.minUtility()),
                            text(r.sumUtility()),
                            text(r.paperLb()),
                            text(r.paperUb())))
                    .append('\n');
        }
        return csv.toString();
    }

    private static String text(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.9g", value);
    }

    private String moments() {
        StringBuilder csv = new StringBuilder("fleet,method,seconds,objective,bound\n");
        for (Entry e : entries) {
            if (e.part().equals("course")) {
                for (AllocationBench.Moment m : e.row().moments()) {
                    csv.append(String.format(
                            Locale.ROOT,
                            "%s,%s,%.3f,%s,%s%n",
                            e.row().instance(),
                            e.row().method(),
                            m.seconds(),
                            text(m.objective()),
                            text(m.bound())));
                }
            }
        }
        return csv.toString().replace("\r\n", "\n");
    }

    private Map<String, String> figures() {
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

    private static String svg(Chart.Panel... panels) {
        Chart chart = new Chart();
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
            series.add(series(e.row().method() + ", " + e.family(), points, true));
        }
        var part = config.course();
        return svg(new Chart.Panel(
                "Gap over time, " + part.devices() + " devices, " + part.nodes() + " nodes",
                "seconds",
                "gap, % of |objective| (0.001 = closed)",
                true,
                true,
                Map.of(),
                series));
    }

    private static Chart.Series series(String name, List<double[]> points, boolean line) {
        return new Chart.Series(
                name,
                points.stream().mapToDouble(p -> p[0]).toArray(),
                points.stream().mapToDouble(p -> p[1]).toArray(),
                line);
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
        return series(name, points, true);
    }

    private static double number(Double value) {
        return value == null ? Double.NaN : value;
    }

    private String scalingFigure() {
        List<Chart.Series> time = new ArrayList<>();
        List<Chart.Series> gap = new ArrayList<>();
        for (FleetGenerator.Family family : config.scaling().families()) {
            List<Entry> own = of("scaling").stream()
                    .filter(e -> e.family().equals(name(family)))
                    .toList();
            time.add(
                    mean(name(family), own, e -> e.row().devices(), e -> e.row().cpuSeconds()));
            gap.add(mean(
                    name(family),
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
                new Chart.Panel("exact, " + limit, "devices", "processor seconds", true, true, Map.of(), time),
                new Chart.Panel(
                        "Gap then (mean over seeds)", "devices", "gap, % (0.001 = closed)", true, true, Map.of(), gap));
    }

    private String methodsFigure() {
        List<Entry> own = of("methods");
        Map<String, Double> best = new TreeMap<>();
        own.stream()
                .filter(e -> e.row().method().equals("exact"))
                .forEach(e -> best.put(e.row().instance(), number(e.row().objective())));
        List<String> methods =
                allMethods().stream().filter(m -> !m.equals("exact")).toList();
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
                if (at >= 0 && e.family().equals(name(family)) && e.row().objective() != null) {
                    double loss =
                            (number(best.get(e.row().instance())) - e.row().objective())
                                    / e.row().devices();
                    double beside = 0.16 * (config.methods().families().indexOf(family) - 0.5);
                    points.add(new double[] {at + beside, Math.max(1e-5, loss)});
                }
            }
            series.add(series(name(family), points, false));
        }
        return svg(new Chart.Panel(
                "What methods lose against exact",
                "method, fleets planned / asked",
                "loss of sum rho ln U per device (1e-5 = none)",
                false,
                true,
                names,
                series));
    }

    private Chart.Panel panel(
            String part,
            String title,
            String xLabel,
            String yLabel,
            Map<String, Predicate<Entry>> groups,
            ToDoubleFunction<Entry> x,
            ToDoubleFunction<Entry> y) {
        List<Chart.Series> series = new ArrayList<>();
        groups.forEach((name, which) ->
                series.add(mean(name, of(part).stream().filter(which).toList(), x, y)));
        return new Chart.Panel(title, xLabel, yLabel, false, false, Map.of(), series);
    }

    private String loadFigure() {
        Map<String, Predicate<Entry>> groups = new LinkedHashMap<>();
        for (String method : List.of("exact", "two-stage", "sum-utility", "nearest")) {
            groups.put(method, e -> e.row().method().equals(method));
        }
        String x = "load: events / offloads possible";
        return svg(
                panel(
                        "load",
                        "Worst device",
                        x,
                        "least U (mean over seeds)",
                        groups,
                        Entry::load,
                        e -> number(e.row().minUtility())),
                panel(
                        "load",
                        "Fairness",
                        x,
                        "Jain's index of U",
                        groups,
                        Entry::load,
                        e -> number(e.row().jainUtility())),
                panel(
                        "load",
                        "All devices",
                        x,
                        "mean U",
                        groups,
                        Entry::load,
                        e -> number(e.row().sumUtility()) / e.row().devices()));
    }

    private String levelsFigure() {
        Map<String, Predicate<Entry>> groups = new LinkedHashMap<>();
        for (double load : config.levels().loads()) {
            groups.put(String.format(Locale.ROOT, "load %.3g", load), e -> e.load() == load);
        }
        return svg(
                panel(
                        "levels",
                        "Security levels, same resources",
                        "security levels",
                        "sum rho ln U per device",
                        groups,
                        Entry::levels,
                        e -> number(e.row().objective()) / e.row().devices()),
                panel(
                        "levels",
                        "Worst device",
                        "security levels",
                        "least U (mean over seeds)",
                        groups,
                        Entry::levels,
                        e -> number(e.row().minUtility())));
    }
}

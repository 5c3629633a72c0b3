package org.qexit.experiment.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Methods;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.common.Progress;

/** The study of the joint plan: runs what its configuration says, writes one CSV row per fleet and method, and the figures. */
public final class AllocationStudy {
    private final AllocationStudyConfig config;
    private final List<Entry> entries = new ArrayList<>();
    private final Progress progress;

    /** One method on one fleet of a part of the study. */
    record Entry(String part, String family, long seed, double load, int levels, AllocationBench.Row row) {}

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
        DirectoryLock lock = DirectoryLock.inside(folder);
        try (Progress progress = Progress.start("study", steps)) {
            AllocationStudy study = new AllocationStudy(config, progress);
            study.course();
            study.scaling();
            study.methods();
            study.load();
            study.levels();
            AtomicFiles.writeString(folder.resolve("results.csv"), study.results());
            AtomicFiles.writeString(folder.resolve("course.csv"), study.moments());
            new AllocationFigures(config, study.entries)
                    .all()
                    .forEach((name, svg) -> AtomicFiles.writeString(folder.resolve(name), svg));
        } finally {
            lock.close();
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

    static String name(FleetGenerator.Family family) {
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

    static List<String> allMethods() {
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
}

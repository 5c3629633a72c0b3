package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.SearchPart;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Methods;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.AllocationBench;
import org.qexit.experiment.bench.AllocationStudy;
import org.qexit.experiment.bench.FrediBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the methods of the joint plan. */
@Command(
        name = "allocation",
        description = "Runs planning methods on fleets, given or generated: time, incumbent, bound and gap of each;"
                + " or writes the generated fleets.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench allocation fleet.json --json",
            "  qexit bench allocation --family tight --size 50x5,100x8 --seeds 3 --method exact,benders --seconds 60",
            "  qexit bench allocation --family geo --size 1000x50 --write fleets",
            "  qexit bench allocation --family scarce --size 100x8 --without dives",
            "  qexit bench allocation --fredi",
            "  qexit bench allocation --study experiments/allocation/study.yaml",
            "%nFamilies: geo (room for bandwidth), mid (0 to 15 %% spare), tight (almost none), scarce (0 to 2 %% spare and",
            "compute for half to all of the critical events: the hardest).",
        })
final class BenchAllocationCommand implements Callable<Integer> {
    @Parameters(paramLabel = "INSTANCE", arity = "0..*", description = "Fleets, format qexit.instance/1.")
    private List<Path> instances = new ArrayList<>();

    @Option(
            names = "--family",
            split = ",",
            description = "Generate fleets of these families: geo, mid, tight, scarce.")
    private List<String> families = new ArrayList<>();

    @Option(
            names = "--size",
            paramLabel = "NxM",
            split = ",",
            defaultValue = "50x5",
            description = "Devices and nodes of generated fleets. Default: ${DEFAULT-VALUE}.")
    private List<String> sizes = new ArrayList<>();

    @Option(names = "--seeds", defaultValue = "1", description = "Fleets per family and size. Default: 1.")
    private int seeds;

    @Option(names = "--seed", defaultValue = "1", description = "First seed. Default: 1.")
    private long seed;

    @Option(names = "--method", split = ",", description = "Methods; default: exact.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = "--without",
            split = ",",
            description = "Switch parts of exact's search off, to measure what they gain: smoothing, columns, labels,"
                    + " early-branching, repair, dives, exchanges.")
    private List<String> without = new ArrayList<>();

    @Option(names = "--seconds", defaultValue = "60", description = "Time limit per method. Default: 60.")
    private double seconds;

    @Option(names = "--gap", defaultValue = "0", description = "Stop at this relative gap. Default: 0.")
    private double gap;

    @Option(names = "--moments", description = "With --json: keep the course of each search.")
    private boolean moments;

    @Option(names = "--write", paramLabel = "DIR", description = "Write the generated fleets there and stop.")
    private Path write;

    @Option(
            names = "--fredi",
            description = "Measure in the setting of FREDI (arXiv 2609.15847): time of stage A, gain of exact over"
                    + " two-stage.")
    private boolean fredi;

    @Option(
            names = "--study",
            paramLabel = "CONFIG",
            description = "Run the study of this configuration (YAML); results and figures are written beside it.")
    private Path study;

    @Option(names = "--fleets", defaultValue = "50", description = "With --fredi: fleets per row. Default: 50.")
    private int fleets;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private record Source(String name, Callable<Instance> make) {}

    @Override
    public Integer call() {
        check();
        if (study != null) {
            AllocationStudy.run(study);
            return ExitCode.OK;
        }
        if (fredi) {
            print(FrediBench.run(fleets, options(new AtomicBoolean()), Progress::say));
            return ExitCode.OK;
        }
        List<Source> sources = sources();
        if (write != null) {
            for (Source source : sources) {
                Path file = write.resolve(source.name() + ".json");
                Json.write(file, make(source));
                Progress.say("wrote " + file);
            }
            return ExitCode.OK;
        }
        return StopSignal.heeded(stop -> {
            run(sources, stop);
            return ExitCode.OK;
        });
    }

    private void check() {
        if (!(seconds > 0)) {
            throw new UserError("--seconds is " + seconds + "; expected a number > 0");
        }
        if (!(gap >= 0 && gap < Double.POSITIVE_INFINITY)) {
            throw new UserError("--gap is " + gap + "; expected a finite number >= 0");
        }
        if (seeds < 1) {
            throw new UserError("--seeds is " + seeds + "; expected at least 1");
        }
        if (fleets < 1) {
            throw new UserError("--fleets is " + fleets + "; expected at least 1");
        }
        if (methods.isEmpty()) {
            methods = List.of("exact");
        }
        methods.forEach(Methods::checkName);
        parts();
        if (!fredi && study == null && instances.isEmpty() && families.isEmpty()) {
            throw new UserError("no fleets: expected INSTANCE files, --family, --fredi or --study");
        }
        if (write != null && families.isEmpty()) {
            throw new UserError("--write needs --family: only generated fleets are written");
        }
    }

    private SolveOptions options(AtomicBoolean stop) {
        return SolveOptions.defaults()
                .withSeconds(seconds)
                .withGap(gap)
                .withSeed(seed)
                .without(parts())
                .withStop(stop);
    }

    private Set<SearchPart> parts() {
        return without.stream().map(BenchAllocationCommand::part).collect(Collectors.toSet());
    }

    private static SearchPart part(String name) {
        for (SearchPart part : SearchPart.values()) {
            if (part.label().equals(name)) {
                return part;
            }
        }
        throw new UserError("--without is '" + name + "'; expected "
                + Stream.of(SearchPart.values()).map(SearchPart::label).collect(Collectors.joining(", ")));
    }

    private List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (Path file : instances) {
            sources.add(new Source(file.toString(), () -> Instance.read(file)));
        }
        for (String name : families) {
            FleetGenerator.Family family = family(name);
            for (String size : sizes) {
                int[] shape = shape(size);
                for (int s = 0; s < seeds; s++) {
                    long own = seed + s;
                    sources.add(new Source(
                            String.format(Locale.ROOT, "%s_%dx%d_s%d", name, shape[0], shape[1], own),
                            () -> FleetGenerator.fleet(family, shape[0], shape[1], own)));
                }
            }
        }
        return sources;
    }

    private static FleetGenerator.Family family(String name) {
        for (FleetGenerator.Family family : FleetGenerator.Family.values()) {
            if (family.name().toLowerCase(Locale.ROOT).equals(name)) {
                return family;
            }
        }
        throw new UserError("--family is '" + name + "'; expected geo, mid, tight or scarce");
    }

    private static int[] shape(String size) {
        if (!size.matches("[1-9][0-9]{0,5}x[1-9][0-9]{0,4}")) {
            throw new UserError("--size is '" + size + "'; expected devices x nodes such as 100x8");
        }
        int cross = size.indexOf('x');
        return new int[] {Integer.parseInt(size.substring(0, cross)), Integer.parseInt(size.substring(cross + 1))};
    }

    private static Instance make(Source source) {
        try {
            return source.make().call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(List<Source> sources, AtomicBoolean stop) {
        PrintWriter out = spec.commandLine().getOut();
        List<AllocationBench.Row> rows = new ArrayList<>();
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %-14s %-10s %14s %14s %9s %8s %8s%n",
                    "fleet",
                    "method",
                    "status",
                    "objective",
                    "bound",
                    "gap %",
                    "seconds",
                    "CPU s");
        }
        for (Source source : sources) {
            if (stop.get()) {
                break;
            }
            long start = System.nanoTime();
            Instance fleet = make(source);
            double read = (System.nanoTime() - start) * 1e-9;
            rows.addAll(new AllocationBench(options(stop), moments).run(fleet, read, methods, row -> {
                if (!json) {
                    print(out, row);
                }
            }));
        }
        if (json) {
            out.println(Json.compact(rows));
        }
        out.flush();
    }

    private static void print(PrintWriter out, AllocationBench.Row row) {
        out.printf(
                Locale.ROOT,
                "%-28s %-14s %-10s %14s %14s %9s %8.2f %8.2f%n",
                row.instance(),
                row.method(),
                row.status().json(),
                number("%.6f", row.objective()),
                number("%.6f", row.bound()),
                number("%.4f", row.gapPercent()),
                row.seconds(),
                row.cpuSeconds());
        for (String violation : row.violations()) {
            out.println("  VIOLATION " + violation);
        }
        out.flush();
    }

    private static String number(String format, Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private void print(FrediBench.PublishedComparison result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(result));
            out.flush();
            return;
        }
        out.printf(
                Locale.ROOT,
                "Stage A to a gap of 1e-4, after warm-up (reported by its authors at N = 144: %.0f ms)%n",
                result.reportedMilliseconds());
        out.printf(
                Locale.ROOT,
                "%8s %6s %7s %7s %10s %10s %10s%n",
                "devices",
                "load",
                "levels",
                "fleets",
                "median ms",
                "p90 ms",
                "gap");
        for (FrediBench.Speed s : result.speed()) {
            out.printf(
                    Locale.ROOT,
                    "%8d %6.2f %7d %7d %10.2f %10.2f %10.1e%n",
                    s.devices(),
                    s.load(),
                    s.levels(),
                    s.fleets(),
                    s.medianMilliseconds(),
                    s.p90Milliseconds(),
                    s.worstGap());
        }
        out.printf(Locale.ROOT, "%nObjective of exact less that of two-stage, mean with 95 %% interval%n");
        out.printf(
                Locale.ROOT,
                "%8s %6s %6s %7s %7s %8s %-20s %10s%n",
                "devices",
                "W",
                "load",
                "levels",
                "fleets",
                "mean",
                "[95 %]",
                "least");
        for (FrediBench.Gain g : result.gains()) {
            out.printf(
                    Locale.ROOT,
                    "%8d %6.0f %6.2f %7d %7d %8.4f [%.4f, %.4f]     %10.2e%n",
                    g.devices(),
                    g.unitsPerNode(),
                    g.load(),
                    g.levels(),
                    g.fleets(),
                    g.meanGain(),
                    g.low(),
                    g.high(),
                    g.leastGain());
        }
        out.flush();
    }
}

package org.qexit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.allocation.AssignmentFile;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.PlanPlot;
import org.qexit.allocation.PlanText;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Methods;
import org.qexit.allocation.method.Planner;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;
import org.qexit.edge.NumberRange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Solves the joint problem of a fleet. */
@Command(
        name = "optimize",
        description =
                "Plans a fleet: thresholds, node, bandwidth, power and compute of every device, with a certificate.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit optimize fleet.json --out plan.json",
            "  qexit optimize fleet.json --seconds 300 --gap 0.005",
            "  qexit optimize fleet.json --compare",
            "  qexit optimize fleet.json --energy-weight 0.2",
            "  qexit optimize fleet.json --plot --out plan.json             also draws plan.svg",
            "  qexit optimize changed.json --from plan.json --move-cost 0.01 --out new.json",
            "  qexit optimize fleet.json --start assignment.csv             begins at another tool's device,node pairs",
            "  qexit optimize fleet.json --export-mps fleet.mps             the exact model for HiGHS, CBC, SCIP, ...",
            "%nExit code 3: no plan exists; the reasons and the cheapest remedies are printed. Ctrl-C ends the search with the best plan so far.",
            "%nNumbers of an instance must lie in ranges far wider than radios have, such as weight 1e-30 to 1e30, featureBits 1e-6 to 1e18,"
                    + " deadlineSeconds 1e-9 to 1e15, bandwidths 1e-6 to 1e18 Hz, powers 1e-15 to 1e12 W, gains 0 or 1e-40 to 1e6;"
                    + " docs/allocation.md has them all. Others are refused with line, field and value.",
        })
final class OptimizeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "INSTANCE", description = "The fleet, format qexit.instance/1.")
    private Path instance;

    @Option(
            names = "--method",
            defaultValue = "exact",
            description = "Method: ${COMPLETION-CANDIDATES}. Default: exact.",
            completionCandidates = MethodNames.class)
    private String method;

    @Option(names = "--compare", description = "Run every method and compare.")
    private boolean compare;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description =
                    "Time limit of the search. Facts take a tenth of it more at most, at least 5 s; the remedies of an infeasible"
                            + " fleet a half, at least 10 s. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--gap",
            defaultValue = "0",
            description = "Stop at this gap relative to |objective|. Default: 0, proven optimum.")
    private double gap;

    @Option(names = "--seed", defaultValue = "1", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--energy-weight",
            paramLabel = "KAPPA",
            defaultValue = "0",
            description =
                    "Subtract KAPPA per joule of expected offload energy per period from the objective. Default: 0.")
    private double energyWeight;

    @Option(names = "--out", description = "Write the plan here.")
    private Path out;

    @Option(names = "--json", description = "Print the plan (with --compare: all plans) as JSON.")
    private boolean json;

    @Option(
            names = "--plot",
            description = "Print a bar per device and node, and draw utilities, loads and the gap over time:"
                    + " beside --out, or INSTANCE-plan.svg here.")
    private boolean plot;

    @Option(
            names = "--fairness-seconds",
            defaultValue = "5",
            description = "Time to find the price of fairness against the largest sum of utilities; 0 leaves it out."
                    + " Default: ${DEFAULT-VALUE}.")
    private double fairnessSeconds;

    @Option(
            names = "--from",
            paramLabel = "PLAN",
            description = "Begin from this plan and keep devices where they are unless it pays.")
    private Path from;

    @Option(
            names = "--move-cost",
            paramLabel = "C",
            defaultValue = "0",
            description = "With --from: subtract C from the objective for each device moved. Default: 0.")
    private double moveCost;

    @Option(
            names = "--start",
            paramLabel = "CSV",
            description = "Begin at this assignment: a header device,node and a pair a line; it may leave devices out.")
    private Path start;

    @Option(
            names = "--export-mps",
            paramLabel = "FILE",
            description = "Write the exact model for other solvers, in free MPS, and stop.")
    private Path mps;

    /** Progress of the first method, for the picture. */
    private final List<SolveOptions.ProgressNote> history = new ArrayList<>();

    private boolean recording = true;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return StopSignal.heeded(this::call);
    }

    private int call(AtomicBoolean stop) {
        if (!(seconds > 0)) {
            throw new UserError("--seconds is " + seconds + "; expected a number > 0");
        }
        if (!(gap >= 0 && gap < Double.POSITIVE_INFINITY)) {
            throw new UserError("--gap is " + gap + "; expected a finite number >= 0");
        }
        within("--energy-weight", energyWeight);
        if (!(fairnessSeconds >= 0)) {
            throw new UserError("--fairness-seconds is " + fairnessSeconds + "; expected a number >= 0");
        }
        within("--move-cost", moveCost);
        if (from == null && moveCost > 0) {
            throw new UserError("--move-cost " + moveCost + " needs the plan to move from. Maybe add --from plan.json");
        }
        if (from != null && (compare || !method.equals(Methods.EXACT))) {
            throw new UserError("--from goes with the method exact only");
        }
        if (start != null && (from != null || compare || !method.equals(Methods.EXACT))) {
            throw new UserError("--start goes with the method exact only, and not with --from");
        }
        Methods.checkName(method);
        if (plot) {
            WriteReasons.check(picture(), false);
        }
        if (mps != null) {
            WriteReasons.check(mps, false);
        }
        List<String> methods = compare ? Methods.names() : List.of(method);
        Planner planner = Planner.of(Instance.read(instance)).withEnergyWeight(energyWeight);
        if (mps != null) {
            export(planner);
            return ExitCode.OK;
        }
        Plan previous = from == null ? null : previous();
        Map<String, String> nodeOf = start == null ? null : AssignmentFile.read(start, planner.fleet());
        List<Plan> plans = new ArrayList<>();
        SolveOptions options = options(stop);
        for (String name : methods) {
            plans.add(nodeOf == null ? solve(planner, name, previous, options) : improve(planner, nodeOf, options));
        }
        print(plans);
        Plan main = plans.get(0);
        if (out != null) {
            save(main);
        }
        if (plot && main.isFeasible()) {
            AtomicFiles.writeString(picture(), PlanPlot.svg(main, history));
        }
        return main.isFeasible() ? ExitCode.OK : ExitCode.INFEASIBLE;
    }

    private static void within(String option, double cost) {
        try {
            NumberRange.COST.check(option, cost);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private Plan previous() {
        Plan plan = Json.read(from, Plan.class);
        if (!plan.isFeasible()) {
            throw new UserError(from + ": its status is " + plan.status().json() + "; expected a plan with devices");
        }
        return plan;
    }

    /** Beside the plan, or in the working directory under the instance's name. */
    private Path picture() {
        Path base = out == null ? Path.of(instance.getFileName().toString()) : out;
        String name = base.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        return base.resolveSibling(name + (out == null ? "-plan.svg" : ".svg"));
    }

    private void report(SolveOptions.ProgressNote note) {
        if (recording) {
            history.add(note);
        }
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "%7.1f s, %5.1f s left  %-22s objective %s  bound %s  gap %s%n",
                note.seconds(),
                Math.max(0, seconds - note.seconds()),
                note.phase(),
                amount(note.objective()),
                amount(note.bound()),
                finite("%.4f %%", 100 * note.relativeGap()));
        err.flush();
    }

    /** Objectives of small or large weights keep their digits. */
    private static String amount(double value) {
        double size = Math.abs(value);
        return finite(size == 0 || size >= 1e-3 && size < 1e9 ? "%.6f" : "%.6e", value);
    }

    private static String finite(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "none";
    }

    private SolveOptions options(AtomicBoolean stop) {
        return SolveOptions.defaults()
                .withSeconds(seconds)
                .withGap(gap)
                .withSeed(seed)
                .withStop(stop)
                .withListener(this::report);
    }

    private Plan solve(Planner planner, String name, Plan previous, SolveOptions options) {
        if (compare) {
            spec.commandLine().getErr().println("method " + name);
        }
        Plan plan = previous == null ? planner.plan(name, options) : planner.replanned(previous, moveCost, options);
        return explained(planner, plan, options);
    }

    private Plan improve(Planner planner, Map<String, String> nodeOf, SolveOptions options) {
        List<String> obstacles = planner.unservable().isEmpty() ? planner.obstacles(nodeOf) : List.of();
        if (!obstacles.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(start + " is no plan by itself, the search begins near it: " + obstacles.get(0));
            err.flush();
        }
        return explained(planner, planner.planFrom(nodeOf, options), options);
    }

    private void export(Planner planner) {
        StringBuilder model = new StringBuilder();
        try {
            planner.writeMps(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFiles.writeString(mps, model.toString());
    }

    private Plan explained(Planner planner, Plan plan, SolveOptions options) {
        if (recording && out != null) {
            // At once: after Ctrl-C the JVM does not wait for facts without end.
            save(plan);
        }
        recording = false;
        return planner.explained(plan, options, compare ? 0 : fairnessSeconds);
    }

    /** A plan that cannot be written goes to standard output: the work is not lost. */
    private void save(Plan plan) {
        try {
            Json.write(out, plan);
        } catch (UserError e) {
            spec.commandLine().getOut().print(Json.pretty(plan));
            spec.commandLine().getOut().flush();
            throw e;
        }
    }

    private void print(List<Plan> plans) {
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(compare ? Json.compact(plans) : Json.compact(plans.get(0)));
        } else {
            Plan first = plans.get(0);
            console.print(
                    compare
                            ? PlanText.comparison(plans)
                            : PlanText.summary(first) + PlanText.moves(first) + PlanText.facts(first));
            if (plot) {
                console.print(PlanText.bars(plans.get(0)));
            }
        }
        console.flush();
    }

    /** For help texts. */
    static final class MethodNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        MethodNames() {
            super(Methods.names());
        }
    }
}

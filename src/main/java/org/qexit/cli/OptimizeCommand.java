package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.allocation.Allocator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Methods;
import org.qexit.allocation.Plan;
import org.qexit.allocation.PlanText;
import org.qexit.allocation.PlanningProblem;
import org.qexit.allocation.Relaxations;
import org.qexit.allocation.SolveOptions;
import org.qexit.common.Json;
import org.qexit.common.UserError;
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
            "%nExit code 3: no plan exists; the reasons and the cheapest remedies are printed. Ctrl-C ends the search with the best plan so far.",
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

    @Option(names = "--seconds", defaultValue = "60", description = "Time limit. Default: ${DEFAULT-VALUE}.")
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

    @Option(names = "--plot", description = "Print a bar per device and node.")
    private boolean plot;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        // Closed only when all is written: until then Ctrl-C waits.
        AtomicBoolean stop = new AtomicBoolean();
        Interruption interruption = Interruption.stopping(stop);
        try {
            return call(stop);
        } finally {
            interruption.close();
        }
    }

    private int call(AtomicBoolean stop) {
        if (!(seconds > 0)) {
            throw new UserError("--seconds is " + seconds + "; expected a number > 0");
        }
        if (!(gap >= 0)) {
            throw new UserError("--gap is " + gap + "; expected a number >= 0");
        }
        if (!(energyWeight >= 0 && energyWeight < Double.POSITIVE_INFINITY)) {
            throw new UserError("--energy-weight is " + energyWeight + "; expected a finite number >= 0");
        }
        List<Allocator> methods = compare ? Methods.all() : List.of(Methods.byName(method));
        PlanningProblem problem = PlanningProblem.of(Instance.read(instance)).withEnergyWeight(energyWeight);
        List<Plan> plans = new ArrayList<>();
        SolveOptions options = options(stop);
        for (Allocator allocator : methods) {
            plans.add(allocator.solve(problem, options));
        }
        plans.set(0, Relaxations.explain(problem, plans.get(0), options));
        print(plans);
        Plan main = plans.get(0);
        if (out != null) {
            Json.write(out, main);
        }
        return main.isFeasible() ? Main.OK : Main.INFEASIBLE;
    }

    private SolveOptions options(AtomicBoolean stop) {
        PrintWriter err = spec.commandLine().getErr();
        return SolveOptions.defaults()
                .withSeconds(seconds)
                .withGap(gap)
                .withSeed(seed)
                .withStop(stop)
                .withListener(note -> {
                    err.printf(
                            Locale.ROOT,
                            "%7.1f s  %-22s objective %.6f  bound %.6f  gap %.4f %%%n",
                            note.seconds(),
                            note.phase(),
                            note.objective(),
                            note.bound(),
                            100 * note.relativeGap());
                    err.flush();
                });
    }

    private void print(List<Plan> plans) {
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(compare ? Json.compact(plans) : Json.compact(plans.get(0)));
        } else {
            console.print(compare ? PlanText.comparison(plans) : PlanText.summary(plans.get(0)));
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
            super(Methods.all().stream().map(Allocator::name).toList());
        }
    }
}

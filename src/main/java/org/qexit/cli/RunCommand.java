package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.Pipeline;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunSummary;
import org.qexit.experiment.scenario.RunScenario;
import org.qexit.experiment.scenario.SimulationPage;
import org.qexit.tier.result.ResultFiles;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationText;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.sim.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The whole chain. */
@Command(
        name = "run",
        description = "Runs the whole chain: data, training, traces, thresholds, plans, test and report.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit run experiments/quickstart.yaml",
            "  qexit run experiments/quickstart.yaml --seed 8 --out runs/seed8",
            "  qexit run my.yaml --data-dir /data/images --json",
            "",
            "An interrupted run goes on where it can when called again.",
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "The run's configuration (YAML).")
    private Path config;

    @Option(names = "--out", paramLabel = "DIR", description = "Results; default runs/<name> in this directory.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", description = "Instead of the configuration's seed.")
    private Long seed;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where to look for data sets first.")
    private Path dataDirectory;

    @Option(names = "--json", description = "Print the summary as one JSON object.")
    private boolean json;

    @Option(names = "--quiet", description = "No progress.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Progress.enable(!quiet);
        RunSummary summary = Pipeline.run(config, new Pipeline.Options(out, seed, dataDirectory));
        PrintWriter terminal = spec.commandLine().getOut();
        if (json) {
            terminal.println(Json.compact(summary));
        } else {
            print(summary, terminal);
        }
        boolean feasible = summary.rows().get(0).objective() != null;
        if (feasible) {
            simulate(summary, terminal);
        }
        return feasible ? ExitCode.OK : ExitCode.INFEASIBLE;
    }

    /** The plans that were found, put to the test of time, if the configuration asks for it; results go beside the run's. */
    private void simulate(RunSummary summary, PrintWriter terminal) {
        RunConfig run = RunConfig.read(config);
        RunConfig.Simulate how = run.simulate();
        if (how == null) {
            return;
        }
        Scenario scenario = Scenario.lasting(
                        how.periodSeconds(), how.horizonSeconds(), how.replications(), seed == null ? run.seed() : seed)
                .withPlans(summary.rows().stream()
                        .filter(row -> row.model().equals(run.model().name()) && row.objective() != null)
                        .map(row -> PlanChoice.of(row.method()))
                        .toList());
        SimulationResult result = Simulation.run(
                RunScenario.inputs(
                        summary.directory(),
                        scenario,
                        Path.of("").toAbsolutePath(),
                        DatasetCatalog.standard(dataDirectory)),
                Runtime.getRuntime().availableProcessors(),
                new AtomicBoolean());
        Path to = summary.directory().resolve("simulation");
        ResultFiles.commit(to, result, SimulationPage.html(result));
        if (!json) {
            terminal.println();
            terminal.println(SimulationText.of(result).lines().findFirst().orElse(""));
            terminal.println("  " + to.resolve("report.html"));
            terminal.flush();
        }
    }

    private static void print(RunSummary summary, PrintWriter out) {
        out.println("On test events, none of which chose anything (95 % Wilson intervals):");
        out.println();
        out.printf(
                Locale.ROOT,
                "%-12s %-12s %-10s %-20s %-7s %-7s %-7s %-8s %s%n",
                "model",
                "method",
                "plan",
                "TPR",
                "FPR",
                "CAR",
                "OFR",
                "min TPR",
                "sum rho ln U (gap)");
        for (RunSummary.Row row : summary.rows()) {
            if (row.objective() == null) {
                out.printf(
                        Locale.ROOT,
                        "%-12s %-12s %-10s %s%n",
                        row.model(),
                        row.method(),
                        row.status(),
                        Pipeline.firstOf(row.reasons()));
                continue;
            }
            out.printf(
                    Locale.ROOT,
                    "%-12s %-12s %-10s %-20s %-7s %-7s %-7s %-8s %s%n",
                    row.model(),
                    row.method(),
                    row.status(),
                    withInterval(row.tpr()),
                    percent(row.fpr().value()),
                    percent(row.car().value()),
                    percent(row.ofr().value()),
                    percent(row.worstDeviceTpr()),
                    String.format(Locale.ROOT, "%.4f", row.objective())
                            + (row.gap() == null ? "" : String.format(Locale.ROOT, " (%.1e)", row.gap())));
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "%.0f s%s. Look at %s%n",
                summary.seconds(),
                summary.peakMebibytes() == null ? "" : ", " + summary.peakMebibytes() + " MiB at most",
                summary.directory().resolve("report.html"));
    }

    private static String withInterval(Interval interval) {
        return interval.value() == null
                ? "undefined"
                : String.format(
                        Locale.ROOT,
                        "%.1f%% (%.1f-%.1f)",
                        100 * interval.value(),
                        100 * interval.low(),
                        100 * interval.high());
    }

    private static String percent(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * value);
    }
}

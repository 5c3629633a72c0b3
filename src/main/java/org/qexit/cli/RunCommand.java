package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.SetOptions;
import org.qexit.common.ConfigText;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.experiment.compare.Seeds;
import org.qexit.experiment.compare.SeedsPage;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.Pipeline;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunSummary;
import org.qexit.experiment.tracking.MlflowReport;
import org.qexit.experiment.tracking.MlflowServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  qexit run my.yaml --seeds 5                   in runs/<name>-seeds, with paired intervals over the seeds",
            "  qexit run my.yaml --data-dir /data/images --json",
            "  qexit run my.yaml --mlflow http://localhost:5000",
            "  qexit run my.yaml --set training.epochs=20 --set data.task.critical=[coat]",
            "",
            "An interrupted run goes on where it can when called again. A finished one is not repeated, and one of another",
            "configuration or seed is not replaced, but with --force.",
        })
final class RunCommand implements Callable<Integer> {
    private static final String EXPERIMENT = "qexit";

    @Parameters(paramLabel = "CONFIG", description = "The run's configuration (YAML).")
    private Path config;

    @Option(names = "--out", paramLabel = "DIR", description = "Results; default runs/<name> in this directory.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", description = "Instead of the configuration's seed.")
    private Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Run with the seed and the N - 1 that follow it, and tell what holds over all of them.")
    private Integer seeds;

    @Option(names = "--force", description = "Replace a finished run, also one of something else.")
    private boolean force;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where to look for data sets first.")
    private Path dataDirectory;

    @Option(
            names = "--mlflow",
            paramLabel = "URL",
            description = "Tell this MLflow server of the run when it is finished, such as http://localhost:5000.")
    private String mlflow;

    @Mixin
    private SetOptions set;

    @Option(names = "--json", description = "Print the summary as one JSON object.")
    private boolean json;

    @Option(names = "--quiet", description = "No progress.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Progress.enable(!quiet);
        ConfigText text = set.read(config, RunConfig.class);
        Pipeline.Options options = new Pipeline.Options(out, seed, dataDirectory, force);
        PrintWriter terminal = spec.commandLine().getOut();
        if (seeds != null) {
            if (mlflow != null) {
                throw new UserError("--mlflow stands beside --seeds; expected one of the two");
            }
            return manySeeds(text, options, terminal);
        }
        MlflowServer server = mlflow == null ? null : MlflowServer.at(mlflow, System.getenv());
        String experiment = server == null ? null : server.experiment(EXPERIMENT);
        RunSummary summary = Pipeline.run(text, options);
        if (json) {
            terminal.println(Json.compact(summary));
        } else {
            print(summary, terminal);
        }
        if (server != null) {
            MlflowReport.send(server, experiment, RunConfig.read(text).name(), summary);
        }
        return summary.rows().get(0).found() ? ExitCode.OK : ExitCode.INFEASIBLE;
    }

    private int manySeeds(ConfigText text, Pipeline.Options options, PrintWriter terminal) {
        Seeds all = Seeds.run(text, seeds, options);
        if (json) {
            terminal.println(Json.compact(all));
        } else {
            SeedsPage.lines(all).forEach(terminal::println);
            terminal.println();
            terminal.println("Look at " + Path.of(all.runs().get(0)).resolveSibling("seeds.html"));
        }
        return all.models().get(0).mean() == null ? ExitCode.INFEASIBLE : ExitCode.OK;
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
            if (!row.found()) {
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
                    (row.objective() == null ? "-" : String.format(Locale.ROOT, "%.4f", row.objective()))
                            + (row.gap() == null ? "" : String.format(Locale.ROOT, " (%.1e)", row.gap())));
        }
        for (RunSummary.Static twin : summary.statics()) {
            out.printf(
                    Locale.ROOT,
                    "%-12s %-12s %-10s %-20s %-7s %-7s %-7s %-8s no early exits, %,d multiply-accumulates (%s: %,.0f); %s is %+.1f"
                            + " points (%+.1f to %+.1f) from it%n",
                    twin.model(),
                    "static twin",
                    "-",
                    withInterval(twin.tpr()),
                    percent(twin.fpr().value()),
                    "-",
                    percent(twin.ofr().value()),
                    "-",
                    twin.macs(),
                    twin.method(),
                    twin.planMacs(),
                    twin.method(),
                    100 * twin.difference().value(),
                    100 * twin.difference().low(),
                    100 * twin.difference().high());
        }
        if (summary.simulation() != null) {
            out.println();
            out.println(summary.simulation().line());
            out.println("  " + summary.simulation().report());
        }
        if (summary.bundle() != null) {
            out.println();
            out.println("  " + summary.bundle() + "  for devices: qexit infer, qexit verify");
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

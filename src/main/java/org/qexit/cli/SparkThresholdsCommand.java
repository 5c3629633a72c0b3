package org.qexit.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.ThresholdsJob;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.ThresholdQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qexit thresholds} on Spark. */
@Command(
        name = "thresholds",
        description =
                "Chooses each device's thresholds as qexit thresholds does, from confidence traces in Parquet of any size,"
                        + " and writes them as Parquet: a row per device with the columns of qexit thresholds --json, the"
                        + " same values to the last bit. Never is infinity there: no confidence is >= it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit spark thresholds traces/ --budget 0.1 --out thresholds/",
            "  qexit spark thresholds traces/ --budget 0.1 --out thresholds/ --master local[2]",
            "  qexit spark thresholds s3a://bucket/traces/ --budget 0.1 --guarantee 0.05 --out s3a://bucket/thresholds"
                    + " --master yarn",
            "  qexit spark thresholds 'traces/day=*/' --budget 0.1 --rule per-exit --skip-bad --out thresholds/",
            "  qexit spark thresholds old/ --budget 0.1 --monitor new/ --out drift/   has the data drifted?",
        })
final class SparkThresholdsCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATH",
            description =
                    "Confidence traces in Parquet: a file, a directory with all below it, or a pattern, on any file"
                            + " system that Hadoop knows. A device's rows may be in several files.")
    private String path;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Parquet files go there, when all is done; an earlier result is replaced.")
    private String directory;

    @Mixin
    private ChoiceOptions choice;

    @Mixin
    private RuleKindOptions rule;

    @Mixin
    private PromiseOptions promise;

    @Option(
            names = "--path-from",
            paramLabel = "OTHER",
            description =
                    "With --guarantee: traces of other events of the same devices and model, so that all events of"
                            + " PATH certify.")
    private String pathFrom;

    @Option(
            names = "--monitor",
            paramLabel = "NEW",
            description = "Compare newer traces with PATH, on which the thresholds are chosen; the columns are those of"
                    + " qexit thresholds --monitor --json.")
    private String monitor;

    @Option(
            names = "--alpha",
            defaultValue = "0.01",
            description = "Chance of a false alarm per device with --monitor (${DEFAULT-VALUE}).")
    private double alpha;

    @Option(
            names = "--skip-bad",
            description = "Leave out damaged files, and devices with bad rows, and count them; else they are an error.")
    private boolean skipBad;

    @Option(
            names = "--max-events",
            paramLabel = "N",
            description = "Most events of one device, which is held in memory by one task (by default what the memory"
                    + " allows).")
    private Long mostEvents;

    @Mixin
    private SparkOptions spark;

    @Option(names = "--json", description = "Print one JSON object about the whole.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        check();
        Session.Summary summary;
        try (Session session = spark.open()) {
            session.checkOutput(directory);
            Session.Traces traces = session.traces(path, skipBad);
            String second = monitor == null ? pathFrom : monitor;
            Session.Traces other = second == null ? null : session.traces(second, skipBad);
            summary = session.thresholds(traces, other, job(traces), directory);
        }
        print(summary);
        return ExitCode.OK;
    }

    private void print(Session.Summary summary) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(summary));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s: %d devices with %d events of %d files in %.1f s%n",
                    directory,
                    summary.devices(),
                    summary.events(),
                    summary.files(),
                    summary.seconds());
            if (summary.bad() > 0 || !summary.skippedFiles().isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        "left out: %d devices with bad rows, %d damaged files%n",
                        summary.bad(),
                        summary.skippedFiles().size());
            }
        }
        out.flush();
    }

    private void check() {
        SparkOptions.checkOutput(directory);
        for (String input : pathFrom == null && monitor == null
                ? List.of(path)
                : List.of(path, pathFrom == null ? monitor : pathFrom)) {
            SparkOptions.checkInput(input);
        }
        if (pathFrom != null && (choice.delta() == null || monitor != null)) {
            throw new UserError("--path-from stands " + (monitor != null ? "beside --monitor" : "without --guarantee")
                    + "; expected --guarantee and no --monitor");
        }
        if (mostEvents != null && mostEvents < 1) {
            throw new UserError("--max-events is " + mostEvents + "; expected at least 1");
        }
        promise.check(choice, rule.capped());
        ThresholdQuery query = choice.query(null, promise);
        if (rule.perExit()) {
            if (choice.budget() == null && !rule.capped()) {
                throw new UserError("--rule per-exit needs --budget or --max-cost");
            }
            if (choice.delta() != null || choice.all() || choice.baselines() || promise.bootstrap() > 0) {
                throw new UserError(
                        "--rule per-exit stands beside an option of pairs; expected none of --guarantee, --all,"
                                + " --baselines and --bootstrap");
            }
        }
        if (monitor != null) {
            if (rule.perExit() || rule.capped() || promise.bootstrap() > 0) {
                throw new UserError("--monitor stands beside --rule, --max-cost or --bootstrap; expected none of them");
            }
            if (!query.chooses()) {
                throw new UserError("--monitor needs thresholds to compare at. Maybe add --budget 0.1");
            }
            if (!(alpha > 0 && alpha < 1)) {
                throw new UserError("--alpha is " + alpha + "; expected between 0 and 1");
            }
        }
    }

    private ThresholdsJob job(Session.Traces traces) {
        List<BigDecimal> known =
                rule.costs(() -> RuleKindOptions.macs(traces.metadata())).exits();
        LocalCost cost = rule.cost(path, () -> RuleKindOptions.macs(traces.metadata()));
        if (cost != null) {
            try {
                cost.check(traces.exits());
            } catch (IllegalArgumentException e) {
                throw new UserError(path + ": " + e.getMessage(), e);
            }
        }
        choice.query(cost, promise);
        return new ThresholdsJob(
                choice.budget(),
                choice.maxFpr(),
                choice.delta(),
                choice.all(),
                choice.baselines(),
                choice.seed(),
                promise.maxInconsistency(),
                promise.crossFits(),
                promise.bootstrap(),
                rule.perExit(),
                known,
                cost == null ? null : cost.cap(),
                monitor != null
                        ? ThresholdsJob.Compare.DRIFT
                        : pathFrom != null ? ThresholdsJob.Compare.PATH : ThresholdsJob.Compare.NOTHING,
                alpha,
                mostEvents == null ? 0 : mostEvents,
                skipBad);
    }
}

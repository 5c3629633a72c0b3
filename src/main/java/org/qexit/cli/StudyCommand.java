package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.RunnerOptions;
import org.qexit.cli.console.SetOptions;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.ConfigText;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.experiment.rules.RuleStudy;
import org.qexit.experiment.rules.RuleStudyConfig;
import org.qexit.experiment.rules.RuleSummary;
import org.qexit.experiment.shots.ShotStudy;
import org.qexit.experiment.shots.ShotStudyConfig;
import org.qexit.experiment.shots.ShotSummary;
import org.qexit.experiment.study.PairedDifferences;
import org.qexit.experiment.study.Study;
import org.qexit.experiment.study.StudyConfig;
import org.qexit.experiment.study.StudySummary;
import org.qexit.experiment.sweep.Sweep;
import org.qexit.experiment.sweep.SweepConfig;
import org.qexit.experiment.sweep.SweepSummary;
import org.qexit.experiment.tabular.TabularConfig;
import org.qexit.experiment.tabular.TabularStudy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares losses and heads over seeds. */
@Command(
        name = "study",
        description =
                "Compares losses and heads over data sets, budgets and seeds, with paired intervals. One CSV row per training"
                        + " and budget; called again, it trains only the rows that are missing. A sweep (format qexit.sweep/1)"
                        + " compares plans and policies over steps of a simulated scenario, one CSV row per replication. A study of"
                        + " shots (format qexit.shots/1) compares sequential with fixed numbers of shots, one of rules (format"
                        + " qexit.rules/1) one pair of thresholds with thresholds per exit and single exits, one of synthetic sets"
                        + " (format qexit.tabular/1) circuits with classical classifiers by grid search, and the winners again on machines with shots and noise.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit study experiments/surrogate/study.yaml --data-dir /data --threads 2",
            "  nice -n 10 qexit study my-study.yaml --out runs/my-study     beside other work",
            "  qexit study experiments/surrogate/study.yaml --report         tables and figures of what is there",
            "  qexit study experiments/tiers/study.yaml --part load          one part of a sweep",
            "  qexit study experiments/shots/study.yaml                      sequential against fixed shots",
            "  qexit study my-study.yaml --out runs/faster --set training.learningRate=0.01",
            "  qexit study experiments/thresholds/study.yaml --data-dir /data   one pair against thresholds per exit",
            "  qexit study experiments/quantum-classical/study.yaml --hours 2 --threads 2   what fits into two hours",
            "  qexit study experiments/quantum-classical/machines/study.yaml   the winners with shots and noise",
            "  qexit study my-study.yaml --spark local[8]                    on Apache Spark (docs/scale.md)",
            "  qexit study my-study.yaml --spark spark://head:7077           on a cluster that reads the same files",
        })
final class StudyCommand implements Callable<Integer> {
    private static final double MOST_HOURS = 10_000;

    @Parameters(paramLabel = "CONFIG", description = "The study's configuration (YAML).")
    private Path config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of results.csv, summary.md and figures; default the configuration's.")
    private Path out;

    @Option(names = "--threads", paramLabel = "N", description = "Trainings or replications side by side (1).")
    private Integer threads;

    @Mixin
    private RunnerOptions runner;

    @Option(names = "--part", paramLabel = "NAME", description = "Of a sweep, only this part; may be repeated.")
    private List<String> parts = List.of();

    @Option(
            names = "--report",
            description = "Train and simulate nothing; only write tables and figures of what is there.")
    private boolean report;

    @Option(
            names = "--hours",
            paramLabel = "H",
            description =
                    "Of a study of synthetic sets, only what is expected to be done in so many hours, small sets first.")
    private Double hours;

    @Mixin
    private DataLocation data;

    @Option(names = "--quiet", description = "No progress.")
    private boolean quiet;

    @Mixin
    private SetOptions set;

    @Option(names = "--json", description = "Print the summary as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (threads != null && (threads < 1 || threads > 1024)) {
            throw new UserError("--threads is " + threads + "; expected 1 to 1024");
        }
        Progress.enable(!quiet);
        Object format = Json.readYaml(config, Map.class).get("format");
        runner.onSpark(spec);
        if (SweepConfig.FORMAT.equals(format)) {
            return StopSignal.heeded(this::sweep);
        }
        if (ShotStudyConfig.FORMAT.equals(format)) {
            return StopSignal.heeded(this::shots);
        }
        if (RuleStudyConfig.FORMAT.equals(format)) {
            return StopSignal.heeded(this::rules);
        }
        if (TabularConfig.FORMAT.equals(format)) {
            return StopSignal.heeded(this::tabular);
        }
        if (hours != null) {
            throw new UserError("--hours is " + hours + "; expected it with a study of format " + TabularConfig.FORMAT);
        }
        if (!parts.isEmpty()) {
            throw new UserError("--part is " + parts.get(0) + "; expected it with a sweep only");
        }
        ConfigText text = set.read(config, StudyConfig.class);
        StudyConfig study = StudyConfig.read(text);
        Path directory = directory();
        StudySummary summary =
                spread(tasks -> Study.run(study, StudyPlace.of(data.catalog(), tasks, text), directory, !report));
        PrintWriter terminal = spec.commandLine().getOut();
        if (json) {
            terminal.println(Json.compact(summary));
            return ExitCode.OK;
        }
        terminal.println("Test TPR, differences in percentage points with 95 % t intervals over seeds:");
        summary.losses().forEach(c -> print(terminal, c));
        summary.heads().forEach(c -> print(terminal, c));
        terminal.println("Look at " + directory.resolve("summary.md"));
        return ExitCode.OK;
    }

    private Path directory() {
        return out == null ? config.toAbsolutePath().getParent() : out;
    }

    /** With what runs its tasks; nothing is spread that only tells of what is there. */
    private <R> R spread(Function<TaskRunner, R> study) {
        return report ? study.apply(TaskRunner.here(1)) : runner.with(spec, threads, 1, study);
    }

    private int shots(AtomicBoolean stop) {
        ConfigText text = set.read(config, ShotStudyConfig.class);
        ShotStudyConfig study = ShotStudyConfig.read(text);
        ShotSummary summary = spread(
                tasks -> ShotStudy.run(study, StudyPlace.of(data.catalog(), tasks, text), directory(), !report, stop));
        return printed(summary);
    }

    private int rules(AtomicBoolean stop) {
        ConfigText text = set.read(config, RuleStudyConfig.class);
        RuleStudyConfig study = RuleStudyConfig.read(text);
        RuleSummary summary = spread(
                tasks -> RuleStudy.run(study, StudyPlace.of(data.catalog(), tasks, text), directory(), !report, stop));
        return printed(summary);
    }

    private int tabular(AtomicBoolean stop) {
        if (hours != null && !(hours >= 0 && hours <= MOST_HOURS)) {
            throw new UserError("--hours is " + hours + "; expected 0 to " + MOST_HOURS);
        }
        PrintWriter told = spec.commandLine().getErr();
        ConfigText text = set.read(config, TabularConfig.class);
        TabularConfig study = TabularConfig.read(text);
        return printed(spread(tasks -> TabularStudy.run(
                study,
                directory(),
                new TabularStudy.Options(
                        !report,
                        StudyPlace.of(null, tasks, text),
                        hours,
                        line -> told.println("qexit: " + line),
                        stop))));
    }

    private int printed(Object summary) {
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.println(json ? Json.compact(summary) : "Look at " + directory().resolve("summary.md"));
        return ExitCode.OK;
    }

    private int sweep(AtomicBoolean stop) {
        ConfigText text = set.read(config, SweepConfig.class);
        boolean spark = !report && runner.onSpark(spec);
        // Here the replications of a step are side by side, elsewhere the steps.
        SweepSummary summary = spark
                ? spread(tasks -> sweep(text, StudyPlace.of(data.catalog(), tasks, text), 1, stop))
                : sweep(text, StudyPlace.here(data.catalog(), 1), threads == null ? 1 : threads, stop);
        return printed(summary);
    }

    private SweepSummary sweep(ConfigText text, StudyPlace place, int atATime, AtomicBoolean stop) {
        return Sweep.run(text, directory(), new Sweep.Options(parts, !report, place, atATime, stop));
    }

    private static void print(PrintWriter terminal, StudySummary.Comparison c) {
        terminal.printf(
                Locale.ROOT,
                "%-10s %-10s %4.0f %%  %-32s %-28s at exactly the budget %s%n",
                c.pair().data(),
                c.pair().at(),
                100 * c.pair().budget(),
                c.pair().first() + " - " + c.pair().second(),
                text(c.tpr()),
                text(c.frontierTpr()));
    }

    private static String text(PairedDifferences d) {
        return d.low() == null
                ? String.format(Locale.ROOT, "%+.2f (1 seed)", 100 * d.mean())
                : String.format(
                        Locale.ROOT,
                        "%+.2f [%+.2f, %+.2f] (%d seeds)",
                        100 * d.mean(),
                        100 * d.low(),
                        100 * d.high(),
                        d.interval().count());
    }
}

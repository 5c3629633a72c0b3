package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.RunnerOptions;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.experiment.bench.GuaranteeStudy;
import org.qexit.experiment.bench.SpeedStudy;
import org.qexit.experiment.bench.TieStudy;
import org.qexit.threshold.RiskControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the threshold searches. */
@Command(
        name = "thresholds",
        description =
                "Times the threshold searches on synthetic events beside sorting their scores; or, with --guarantee,"
                        + " measures how often guarantees fail on fresh events and what they cost; or, with --ties, how"
                        + " far promises are from what comes on fresh events, by ways to choose among pairs that are equal"
                        + " in sample.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench thresholds --events 1000000 --exits 4 --json",
            "  qexit bench thresholds --guarantee 0.05 --repetitions 2000 --events 1000",
            "  qexit bench thresholds --ties --repetitions 400 --events 240 --max-ofr 0.1",
            "  qexit bench thresholds --guarantee 0.05 --repetitions 100000 --spark local[8]",
        })
final class BenchThresholdsCommand implements Callable<Integer> {
    @Option(names = "--events", description = "Events of the device (100000; with --guarantee or --ties 1000).")
    private Integer events;

    @Option(names = "--exits", defaultValue = "4", description = "Exits (${DEFAULT-VALUE}).")
    private int exits;

    @Option(names = "--critical", defaultValue = "0.2", description = "Share of critical events (${DEFAULT-VALUE}).")
    private double critical;

    @Option(
            names = "--literal",
            paramLabel = "EVENTS",
            defaultValue = "2000",
            description = "Events for the published Algorithm 1; 0 leaves it out (${DEFAULT-VALUE}).")
    private int literal;

    @Option(names = "--guarantee", paramLabel = "DELTA", description = "Study the guarantee instead of the speed.")
    private Double delta;

    @Option(names = "--max-ofr", defaultValue = "0.15", description = "Cap on the offload rate (${DEFAULT-VALUE}).")
    private double maxOfr;

    @Option(names = "--max-fpr", description = "Cap on the false-positive rate.")
    private Double maxFpr;

    @Option(
            names = "--max-inconsistency",
            description = "Cap on the share of events that the last exit would decide otherwise.")
    private Double maxInconsistency;

    @Option(names = "--ties", description = "Study ways to choose among equals, and promises.")
    private boolean ties;

    @Option(names = "--repetitions", defaultValue = "1000", description = "Independent devices (${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(names = "--seed", defaultValue = "1", description = "Seed (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private RunnerOptions runner;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (ties && delta != null) {
            throw new UserError("--ties stands beside --guarantee; expected one of the two");
        }
        if (!ties && delta == null && runner.onSpark(spec)) {
            throw new UserError("--spark stands beside times of searches; expected it with --guarantee or --ties");
        }
        try {
            if (ties || delta != null) {
                return runner.with(spec, null, 1, this::studied);
            }
            print(SpeedStudy.run(events == null ? 100_000 : events, exits, critical, literal, seed));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private int studied(TaskRunner tasks) {
        int own = events == null ? 1000 : events;
        if (ties) {
            for (TieStudy.Law law : TieStudy.Law.values()) {
                print(TieStudy.run(
                        new TieStudy.Setting(law, repetitions, own, exits, critical, maxOfr, TieStudy.FRESH),
                        seed,
                        tasks));
            }
        } else {
            RiskControl control = new RiskControl(delta, maxOfr, maxFpr, maxInconsistency);
            print(GuaranteeStudy.run(repetitions, own, exits, control, seed, tasks));
        }
        return ExitCode.OK;
    }

    private void print(SpeedStudy.Speeds r) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(r));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d events, %d exits, %.0f %% critical; CPU seconds%n",
                r.setting().events(),
                r.setting().exits(),
                100 * r.setting().critical());
        out.printf(Locale.ROOT, "%-32s %10.4f%n", "sorting the scores", r.sortSeconds());
        out.printf(
                Locale.ROOT,
                "%-32s %10.4f  %6.2f x sorting%n",
                "one budget",
                r.oneBudgetSeconds(),
                r.oneBudgetPerSort());
        out.printf(
                Locale.ROOT,
                "%-32s %10.4f  %6.2f x sorting; finds %d true positives, the pair %d%n",
                "one budget, thresholds per exit",
                r.perExit().seconds(),
                r.perExit().perSort(),
                r.perExit().truePositives(),
                r.perExit().pairTruePositives());
        out.printf(
                Locale.ROOT,
                "%-32s %10.4f  %6.2f x sorting%n",
                SpeedStudy.BUDGETS + " budgets",
                r.manyBudgetsSeconds(),
                r.manyBudgetsPerSort());
        out.printf(Locale.ROOT, "%-32s %10.4f  %d corners%n", "all budgets", r.frontierSeconds(), r.frontierSteps());
        if (r.literal() != null) {
            SpeedStudy.Literal l = r.literal();
            out.printf(
                    Locale.ROOT,
                    "Algorithm 1 at %d events %14.4f  %.0f x one budget (%.6f); finds %d of our %d true positives%n",
                    l.events(),
                    l.algorithm1Seconds(),
                    l.speedup(),
                    l.oneBudgetSeconds(),
                    l.truePositives(),
                    l.ourTruePositives());
        }
    }

    private void print(GuaranteeStudy.Worth r) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(r));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d devices of %d events; caps: offload rate %s%s%s; delta %s%n",
                r.setting().repetitions(),
                r.setting().events(),
                r.setting().maxOffloadRate(),
                r.setting().maxFalsePositiveRate() == null
                        ? ""
                        : ", false-positive rate " + r.setting().maxFalsePositiveRate(),
                r.setting().maxInconsistency() == null
                        ? ""
                        : ", inconsistency " + r.setting().maxInconsistency(),
                r.setting().delta());
        out.printf(Locale.ROOT, "%-12s %-24s %10s %10s%n", "choice", "cap exceeded [95 %]", "mean TPR", "mean OFR");
        print("plain", r.plain());
        print("guaranteed", r.guaranteed());
        print("other path", r.otherPath());
        out.printf(Locale.ROOT, "the guarantee costs %.4f of true-positive rate%n", r.tprCost());
    }

    private void print(String name, GuaranteeStudy.Arm arm) {
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%-12s %-24s %10.4f %10.4f%n",
                        name,
                        arm.violations(),
                        arm.meanTpr(),
                        arm.meanOfr());
    }

    private void print(TieStudy.Found r) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(r));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s exits, %d devices of %d events: %.0f pairs are equal in sample in the mean; promised in sample"
                        + " %+.4f ± %.4f of what comes, cross-fitted %+.4f ± %.4f%n",
                r.setting().law().name().toLowerCase(Locale.ROOT),
                r.setting().devices(),
                r.setting().events(),
                r.equalPairs(),
                r.inSample().value(),
                r.inSample().half(),
                r.crossFitted().value(),
                r.crossFitted().half());
        out.printf(Locale.ROOT, "%-36s %8s %8s %8s  %s%n", "choice", "TPR", "OFR", "loss", "gain on the first [95 %]");
        for (TieStudy.Arm arm : r.arms()) {
            out.printf(
                    Locale.ROOT,
                    "%-36s %8.4f %8.4f %8.4f  %+.5f ± %.5f%n",
                    arm.name(),
                    arm.tpr(),
                    arm.ofr(),
                    arm.loss(),
                    arm.gain().value(),
                    arm.gain().half());
        }
    }
}

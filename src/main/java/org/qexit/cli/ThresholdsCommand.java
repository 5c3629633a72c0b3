package org.qexit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StandardInput;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.threshold.Baselines;
import org.qexit.threshold.DeviceThresholds;
import org.qexit.threshold.FleetDrift;
import org.qexit.threshold.FleetThresholds;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.FrontierPlot;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.Point;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.threshold.exits.BesideRule;
import org.qexit.threshold.exits.CostSurface;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.threshold.exits.SurfacePlot;
import org.qexit.threshold.offload.NodeAnswers;
import org.qexit.threshold.offload.OffloadMode;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.ThresholdsPrinter;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Chooses thresholds from traces. */
@Command(
        name = "thresholds",
        description =
                "Finds each device's best pair of thresholds from its confidence trace: exactly, for every budget of"
                        + " offloads, or for one; with caps on false positives and local cost, and guarantees on fresh"
                        + " events; or one pair for each exit, with a bound on what is possible. Of the trace of an edge"
                        + " node's model, which tells classes apart, the best pair between class accuracy and"
                        + " computation.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit thresholds fleet.parquet                                 what each device could detect",
            "  qexit thresholds fleet.parquet --surface --plot surface.svg > surface.csv   by offloads and local cost",
            "  qexit thresholds fleet.parquet --budget 0.1 --max-fpr 0.05     at most a tenth of the events offloaded",
            "  qexit thresholds fleet.parquet --budget 120 --guarantee 0.05   kept on fresh events with 95 %%"
                    + " confidence",
            "  qexit thresholds fleet.parquet --budget 0.1 --out ue.json      for qexit export models/hybrid --thresholds",
            "  qexit thresholds - --budget 0.1 < scores.csv",
            "  qexit thresholds fleet.parquet --all > frontier.csv            every corner of every frontier",
            "  qexit thresholds fleet.parquet --budget 0.1 --rule per-exit    thresholds of its own for every exit",
            "  qexit thresholds fleet.parquet --budget 0.1 --max-cost 2e5     at most 200,000 operations per event in"
                    + " the mean",
            "  qexit thresholds new.parquet --budget 0.1 --guarantee 0.05 --path-from old.parquet   all new events"
                    + " certify",
            "  qexit thresholds new.parquet --guarantee 0.05 --max-inconsistency 0.05 --path-from old.parquet   early"
                    + " exits agree with the last",
            "  qexit thresholds fleet.parquet --budget 0.1 --node-trace en.parquet   critical, undecided or both"
                    + " offloaded?",
            "  qexit thresholds fleet.parquet --budget 0.1 --offload undecided --node-tpr 0.95 --node-fpr 0.02  "
                    + " device settles the rest",
            "  qexit thresholds old.parquet --budget 0.1 --monitor new.parquet   has the data drifted?",
            "  qexit thresholds en.parquet --cost-cap 50%%                     an edge node's, at half the computation",
            "  qexit thresholds en.parquet --accuracy 0.9 --ue-trace validation.parquet --ue-thresholds ue.json --out"
                    + " en.json",
        })
final class ThresholdsCommand implements Callable<Integer> {
    /** Devices shown in a plot. */
    private static final int MOST_PLOTTED = 12;

    @Parameters(paramLabel = "TRACE", description = "Confidence traces, .parquet or .csv; - is CSV on standard input.")
    private Path trace;

    @Mixin
    private ChoiceOptions choice;

    @Mixin
    private SurfaceOption surface;

    @Option(names = "--plot", paramLabel = "OUT.svg", description = "Draw the frontiers of the first 12 devices.")
    private Path plot;

    @Option(
            names = "--monitor",
            paramLabel = "NEWTRACE",
            description = "Compare new events with TRACE, on which the thresholds are chosen, and say whether to choose"
                    + " anew.")
    private Path monitor;

    @Option(
            names = "--alpha",
            defaultValue = "0.01",
            description = "Chance of a false alarm per device with --monitor (${DEFAULT-VALUE}).")
    private double alpha;

    @Mixin
    private RuleOptions rule;

    @Mixin
    private PromiseOptions promise;

    @Mixin
    private OffloadOptions offloads;

    @Mixin
    private EdgeNodeThresholds edgeNode;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private ThresholdQuery asked;
    private SideBySide.Costs costs;
    private final FrontierPlot picture = new FrontierPlot();
    private PrintWriter out;
    private ThresholdsPrinter printer;
    private final List<ThresholdsFile.Device> chosen = new ArrayList<>();
    private int good;
    private int bad;

    @Override
    public Integer call() {
        out = spec.commandLine().getOut();
        trace = StandardInput.orFile(trace);
        if (edgeNode.asked(trace)) {
            if (choice.asked()
                    || plot != null
                    || surface.asked()
                    || monitor != null
                    || rule.asked()
                    || promise.maxInconsistency() != null
                    || offloads.asked()) {
                throw new UserError(
                        trace + ": is the trace of an edge node's model; expected --cost-cap or --accuracy, and no"
                                + " option of the devices' thresholds");
            }
            edgeNode.answer(trace, json, out);
            return ExitCode.OK;
        }
        OffloadMode mode = offloads.mode();
        if (edgeNode.out() != null && (surface.asked() || monitor != null || offloads.answered())) {
            throw new UserError("--out stands beside --surface, --monitor or a node's answers, which give no thresholds"
                    + " for it; expected none of them");
        }
        if (surface.asked()) {
            surface();
            return ExitCode.OK;
        }
        if (promise.bootstrap() > 0 && (monitor != null || offloads.answered() || rule.perExit())) {
            throw new UserError("--bootstrap stands beside --monitor, a node's answers or --rule per-exit; expected it"
                    + " with one pair of thresholds alone");
        }
        promise.check(choice, rule.capped());
        ThresholdQuery query = query();
        asked = query;
        costs = rule.costs(trace);
        if (edgeNode.out() != null && !query.chooses() && query.cost() == null) {
            throw new UserError("--out needs thresholds to write. Maybe add --budget 0.1");
        }
        if (monitor != null) {
            return monitor(query);
        }
        if (offloads.answered()) {
            offloads(query, mode);
        } else if (rule.perExit()) {
            perExit(query);
        } else if (rule.pathFrom() != null) {
            pairsByPath(query);
        } else {
            pairs(query);
        }
        if (plot != null) {
            AtomicFiles.writeString(plot, picture.svg());
        }
        writeChosen();
        refuseBad();
        return ExitCode.OK;
    }

    /** The chosen thresholds as a file, with the model that they are of. */
    private void writeChosen() {
        if (edgeNode.out() != null) {
            TraceMetadata model = TraceReader.metadata(trace).orElse(null);
            Json.write(
                    edgeNode.out(),
                    ThresholdsFile.of(
                            model == null ? null : model.modelId(),
                            model == null ? null : model.modelSha256(),
                            null,
                            null,
                            chosen));
        }
    }

    private void pairs(ThresholdQuery query) {
        try (TraceReader reader = TraceReader.open(trace)) {
            RuleOptions.check(query.cost(), reader);
            begin(query);
            FleetThresholds.answer(reader, query, this::pair);
            end();
        }
    }

    private void pairsByPath(ThresholdQuery query) {
        if (choice.delta() == null) {
            throw new UserError("--path-from stands without --guarantee; expected the two together");
        }
        try (TraceReader reader = TraceReader.openByDevice(trace);
                TraceReader paths = TraceReader.openByDevice(rule.pathFrom())) {
            FleetDrift.checkSameModel(reader, paths);
            if (paths.exits() != reader.exits()) {
                throw new UserError(paths.file() + ": has " + paths.exits() + " exits; expected " + reader.exits()
                        + " as in " + reader.file());
            }
            if (Files.isSameFile(trace, rule.pathFrom())) {
                throw new UserError(trace + ": is itself the trace of --path-from; expected other events there");
            }
            begin(query);
            FleetThresholds.answer(reader, paths, query, this::pair);
            end();
        } catch (IOException e) {
            throw new UserError(rule.pathFrom() + ": " + e.getMessage(), e);
        }
    }

    private void offloads(ThresholdQuery query, OffloadMode mode) {
        if (choice.delta() != null || choice.baselines() || plot != null || rule.askedMore()) {
            throw new UserError("--node-trace, --node-tpr and --node-fpr stand beside --guarantee, --baselines, --plot,"
                    + " --max-cost, --costs or --path-from; expected none of them");
        }
        if (rule.perExit() && (choice.budget() == null || choice.all())) {
            throw new UserError("--rule per-exit beside the node's answers needs --budget and stands without --all");
        }
        RuleKind kind = rule.perExit() ? RuleKind.PER_EXIT : RuleKind.PAIR;
        Function<DeviceTrace, NodeAnswers> answers = offloads.answers(trace);
        try (TraceReader reader = TraceReader.open(trace)) {
            if (json) {
                printer = new ThresholdsPrinter(out);
            } else {
                OffloadOptions.header(out, query.budget() != null, choice.all());
            }
            FleetThresholds.each(
                    reader,
                    device -> OffloadOptions.chosen(device, answers.apply(device), query, mode, kind),
                    outcome -> {
                        if (usable(outcome)) {
                            note(outcome.id(), outcome.thresholds().notes());
                            if (json) {
                                printer.add(outcome.thresholds());
                            } else {
                                OffloadOptions.print(out, outcome.thresholds(), quoted(outcome.id()), choice.all());
                            }
                        }
                    });
            end();
        }
    }

    private void perExit(ThresholdQuery query) {
        if (choice.budget() == null && query.cost() == null) {
            throw new UserError("--rule per-exit needs --budget or --max-cost");
        }
        if (choice.delta() != null || choice.all() || choice.baselines() || plot != null || rule.pathFrom() != null) {
            throw new UserError("--rule per-exit stands beside an option of pairs; expected none of --guarantee,"
                    + " --path-from, --all, --baselines and --plot");
        }
        try (TraceReader reader = TraceReader.open(trace)) {
            RuleOptions.check(query.cost(), reader);
            if (json) {
                printer = new ThresholdsPrinter(out);
            } else {
                RuleOptions.header(out);
            }
            FleetThresholds.each(reader, device -> DeviceExitThresholds.of(device, query), outcome -> {
                if (usable(outcome)) {
                    note(outcome.id(), outcome.thresholds().notes());
                    choose(
                            outcome.id(),
                            Rule.of(
                                    outcome.thresholds().lower(),
                                    outcome.thresholds().upper()));
                    List<SideBySide> beside = BesideRule.perExit(outcome.trace(), query, outcome.thresholds(), costs);
                    if (json) {
                        printer.add(new BesideRule(outcome.thresholds(), beside));
                    } else {
                        RuleOptions.print(out, outcome.thresholds());
                        BesideText.print(out, beside);
                    }
                }
            });
            end();
        }
    }

    private void surface() {
        surface.check(choice.budget() != null
                || choice.delta() != null
                || choice.all()
                || choice.baselines()
                || monitor != null
                || json
                || rule.pathFrom() != null
                || rule.capped()
                || offloads.asked());
        List<BigDecimal> exits = rule.exitCosts(trace);
        ThresholdQuery caps = query();
        RuleKind kind = rule.perExit() ? RuleKind.PER_EXIT : RuleKind.PAIR;
        SurfacePlot surfaces = new SurfacePlot();
        try (TraceReader reader = TraceReader.open(trace)) {
            RuleOptions.check(new LocalCost(exits, exits.get(0)), reader);
            SurfaceOption.header(out);
            FleetThresholds.each(
                    reader,
                    device -> CostSurface.of(
                            device, kind, exits, caps.maxFalsePositives(device.size() - device.positives())),
                    outcome -> {
                        if (usable(outcome)) {
                            SurfaceOption.print(out, quoted(outcome.id()), outcome.thresholds());
                            if (plot != null && good <= MOST_PLOTTED) {
                                surfaces.add(outcome.id(), outcome.thresholds());
                            }
                        }
                    });
            out.flush();
        }
        if (plot != null) {
            AtomicFiles.writeString(plot, surfaces.svg());
        }
        refuseBad();
    }

    private void pair(FleetThresholds.DeviceAnswer<DeviceThresholds> outcome) {
        if (usable(outcome)) {
            draw(outcome);
            DeviceThresholds device = outcome.thresholds();
            choose(outcome.id(), device.lower() == null ? null : Rule.of(device.lower(), device.upper()));
            // Under a guarantee the caps are others than those of the events at hand.
            boolean compared = asked.chooses() && asked.delta() == null && !choice.all();
            print(device, compared ? BesideRule.pair(outcome.trace(), asked, device.budget(), costs) : null);
        }
    }

    /** @param found null where there is none */
    private void choose(String id, Rule found) {
        if (edgeNode.out() != null) {
            chosen.add(ThresholdsFile.Device.of(id, found, null));
        }
    }

    /** @throws UserError if some devices could not be used */
    private void refuseBad() {
        if (bad > 0) {
            throw new UserError(trace + ": " + bad + " of " + (good + bad) + " devices could not be used; see above");
        }
    }

    /** Counts a device; names a bad one. */
    private boolean usable(FleetThresholds.DeviceAnswer<?> outcome) {
        if (outcome.problem() != null) {
            bad++;
            spec.commandLine().getErr().println("qexit: " + outcome.problem());
            return false;
        }
        good++;
        return true;
    }

    private void note(String id, List<String> notes) {
        if (notes != null) {
            notes.forEach(note -> spec.commandLine().getErr().println("qexit: device " + id + ": " + note));
        }
    }

    private void end() {
        if (json) {
            printer.end(good, bad);
        }
        out.flush();
    }

    private int monitor(ThresholdQuery query) {
        if (rule.asked() || offloads.asked()) {
            throw new UserError(
                    "--monitor stands beside --rule, --max-cost, --costs, --path-from, --offload or the node's"
                            + " answers; expected none of them");
        }
        if (!query.chooses()) {
            throw new UserError("--monitor needs thresholds to compare at. Maybe add --budget 0.1");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new UserError("--alpha is " + alpha + "; expected between 0 and 1");
        }
        try (TraceReader old = TraceReader.openByDevice(trace);
                TraceReader fresh = TraceReader.openByDevice(monitor)) {
            FleetDrift.checkSameModel(old, fresh);
            DriftPrinter printer = new DriftPrinter(spec.commandLine(), json);
            FleetDrift.compare(old, fresh, query, alpha, printer::print);
            int skipped = printer.finish();
            if (skipped > 0) {
                throw new UserError(monitor + ": " + skipped + " devices could not be compared; see above");
            }
            return ExitCode.OK;
        }
    }

    private ThresholdQuery query() {
        return choice.query(rule.cost(trace), promise);
    }

    private void begin(ThresholdQuery query) {
        if (json) {
            printer = new ThresholdsPrinter(out);
        } else if (choice.all()) {
            out.println("device,offloads,true_positives,false_positives,lower,upper,margin");
        } else if (query.chooses()) {
            out.printf(
                    Locale.ROOT,
                    "%-16s %8s %8s %8s %9s %9s %10s  %-22s %-22s %s%n",
                    "device",
                    "events",
                    "critical",
                    "budget",
                    "offloads",
                    "lower",
                    "upper",
                    "TPR [95 %]",
                    "FPR [95 %]",
                    "margin");
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-16s %8s %8s %8s   %s%n",
                    "device",
                    "events",
                    "critical",
                    "corners",
                    "best TPR when offloading 2 %, 5 %, 10 %, 20 %, 50 % of the events");
        }
    }

    private void print(DeviceThresholds device, List<SideBySide> beside) {
        note(device.id(), device.notes());
        if (json) {
            printer.add(beside == null ? device : new BesideRule(device, beside));
        } else if (choice.all()) {
            for (Point p : device.points()) {
                out.println(quoted(device.id()) + "," + p.offloads() + "," + p.truePositives() + ","
                        + p.falsePositives() + "," + p.lower() + "," + p.upper() + "," + p.margin());
            }
        } else if (device.chosen() != null) {
            printChosen(device);
            if (beside != null) {
                BesideText.print(out, beside);
            }
        } else {
            StringBuilder rates = new StringBuilder();
            for (double rate : new double[] {0.02, 0.05, 0.1, 0.2, 0.5}) {
                Point best = device.within((long) (rate * device.events()));
                rates.append(
                        device.positives() == 0
                                ? "      -"
                                : String.format(
                                        Locale.ROOT, "  %.3f", best.truePositives() / (double) device.positives()));
            }
            out.printf(
                    Locale.ROOT,
                    "%-16s %8d %8d %8d  %s%n",
                    device.id(),
                    device.events(),
                    device.positives(),
                    device.points().size(),
                    rates);
        }
    }

    private void printChosen(DeviceThresholds device) {
        DeviceThresholds.Chosen chosen = device.chosen();
        Point p = chosen.point();
        out.printf(
                Locale.ROOT,
                "%-16s %8d %8d %8s %9d %9.6f %10s  %-22s %-22s %.2g%n",
                device.id(),
                device.events(),
                device.positives(),
                device.budget() == null ? "-" : device.budget(),
                p.offloads(),
                p.lower(),
                p.thresholds().upper() == Thresholds.NEVER
                        ? p.upper()
                        : String.format(Locale.ROOT, "%.6f", p.upper().value()),
                chosen.tpr(),
                chosen.fpr(),
                p.margin());
        if (chosen.meanCost() != null) {
            out.printf(Locale.ROOT, "  mean cost %.6g%n", chosen.meanCost());
        }
        PromiseOptions.print(out, chosen.crossFitted());
        PromiseOptions.print(out, chosen.bootstrap());
        if (device.guarantee() != null) {
            DeviceThresholds.Guarantee g = device.guarantee();
            out.printf(
                    Locale.ROOT,
                    "  guaranteed with probability %s: p = %.3g on %d calibration events; costs %s of TPR there%n",
                    1 - g.delta(),
                    g.pValue(),
                    g.calibration().events(),
                    g.tprCost() == null ? "an undefined amount" : String.format(Locale.ROOT, "%.3f", g.tprCost()));
            PromiseOptions.print(out, g.inconsistent());
        }
        if (device.baselines() != null) {
            for (Baselines.Row b : device.baselines()) {
                out.printf(
                        Locale.ROOT,
                        "  %-24s %s%n",
                        b.name(),
                        b.note() != null
                                ? "left out: " + b.note()
                                : String.format(
                                        Locale.ROOT,
                                        "%d true positives, %d offloads%s, (%s, %s)",
                                        b.truePositives(),
                                        b.offloads(),
                                        b.withinBudget() ? "" : " (over budget)",
                                        b.lower(),
                                        b.upper()));
            }
        }
    }

    private void draw(FleetThresholds.DeviceAnswer<DeviceThresholds> outcome) {
        if (plot != null && good <= MOST_PLOTTED) {
            DeviceThresholds device = outcome.thresholds();
            picture.add(
                    outcome.trace(),
                    Frontier.of(outcome.trace()),
                    device.budget(),
                    device.chosen() == null ? null : device.chosen().point());
        }
    }

    private static String quoted(String id) {
        return id.matches("[^\",\r\n]*") ? id : '"' + id.replace("\"", "\"\"") + '"';
    }
}

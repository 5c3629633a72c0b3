package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.threshold.node.ChainFigures;
import org.qexit.threshold.node.ChoiceFile;
import org.qexit.threshold.node.NodeEvents;
import org.qexit.threshold.node.NodeSearch;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;
import org.qexit.trace.UpperThreshold;
import picocli.CommandLine.Option;

/** The part of {@code qexit thresholds} that is about edge nodes' models. */
final class EdgeNodeThresholds {
    /** Rows of the table of the frontier; the ends are always among them. */
    private static final int ROWS = 12;

    @Option(
            names = "--cost-cap",
            paramLabel = "C",
            description =
                    "Edge node: the most multiply-accumulates of an event in the mean, as a share of the whole network's"
                            + " (0.5 or 50%%) or a number (400000).")
    private String costCap;

    @Option(
            names = "--accuracy",
            paramLabel = "A",
            description = "Edge node: the least class accuracy, 0 to 1, at the least computation.")
    private Double accuracy;

    @Option(
            names = "--ue-trace",
            paramLabel = "FILE",
            description = "Edge node: the devices' trace of the same events, so that only what they offload counts.")
    private Path deviceTrace;

    @Option(
            names = "--ue-thresholds",
            paramLabel = "FILE",
            description =
                    "Edge node: the devices' thresholds beside --ue-trace, as a run or qexit thresholds --json writes them.")
    private Path deviceThresholds;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the chosen thresholds, as JSON, for qexit export --thresholds.")
    private Path out;

    /** Whether a trace, or an option, is an edge node's. */
    boolean asked(Path trace) {
        boolean options = costCap != null || accuracy != null || deviceTrace != null || deviceThresholds != null;
        boolean classes = TraceReader.metadata(trace)
                .map(metadata -> metadata.classes() != null)
                .orElse(false);
        if (options && !classes) {
            throw new UserError(trace + ": is no trace of an edge node's model;"
                    + " expected one beside --cost-cap, --accuracy, --ue-trace and --ue-thresholds");
        }
        return classes;
    }

    /** Where the chosen thresholds go, of an edge node's model or of devices; or null. */
    Path out() {
        return out;
    }

    void answer(Path trace, boolean json, PrintWriter stdout) {
        TraceMetadata metadata = TraceReader.metadata(trace).orElseThrow();
        TraceMetadata.Classes classes = metadata.classes();
        if (metadata.exits() == null || metadata.exits().isEmpty()) {
            throw new UserError(
                    trace + ": its metadata have no costs of the exits; expected them for an edge node's model");
        }
        if (costCap != null && accuracy != null) {
            throw new UserError("--cost-cap stands beside --accuracy; expected one of the two");
        }
        NodeEvents events = events(ClassTrace.readAll(trace), classes.critical());
        NodeSearch search = NodeSearch.of(
                events,
                metadata.exits().stream()
                        .mapToLong(TraceMetadata.CumulativeCost::macs)
                        .toArray());
        NodeSearch.Choice choice = chosen(search);
        ChainFigures figures = events.figures(classes.names(), choice.thresholds());
        ChoiceFile file = ChoiceFile.of(metadata.modelId(), metadata.modelSha256(), choice);
        if (out != null) {
            Json.write(out, file);
        }
        if (json) {
            stdout.println(Json.compact(file.with(figures, search.frontier())));
        } else {
            print(stdout, events, search, choice, figures);
        }
    }

    private NodeEvents events(List<ClassTrace> traces, List<Integer> critical) {
        if (deviceTrace == null && deviceThresholds == null) {
            return NodeEvents.all(traces, critical);
        }
        if (deviceTrace == null || deviceThresholds == null) {
            throw new UserError(
                    "--ue-trace and --ue-thresholds say together what devices offload; expected both, or none");
        }
        ThresholdsFile pairs = Json.read(deviceThresholds, ThresholdsFile.class);
        try (TraceReader reader = TraceReader.openWithOrigins(deviceTrace)) {
            List<DeviceTrace> devices = new ArrayList<>();
            reader.forEach(devices::add);
            return NodeEvents.offloaded(traces, critical, devices, pairs::of);
        }
    }

    private NodeSearch.Choice chosen(NodeSearch search) {
        if (accuracy != null) {
            if (!(accuracy >= 0 && accuracy <= 1)) {
                throw new UserError("--accuracy is " + accuracy + "; expected 0 to 1");
            }
            return search.reaching(accuracy);
        }
        return costCap == null ? search.best() : search.within(cap(search.fullMacs()));
    }

    private double cap(long fullMacs) {
        boolean percent = costCap.endsWith("%");
        double number;
        try {
            number = Double.parseDouble(percent ? costCap.substring(0, costCap.length() - 1) : costCap);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
            throw new UserError("--cost-cap is '" + costCap
                    + "'; expected a share (0.5 or 50%) or a number of multiply-accumulates (400000)");
        }
        return percent ? number / 100 * fullMacs : number <= 1 ? number * fullMacs : number;
    }

    private static void print(
            PrintWriter out, NodeEvents events, NodeSearch search, NodeSearch.Choice choice, ChainFigures figures) {
        out.printf(
                Locale.ROOT,
                "%d of %d events offloaded; whole network %,d multiply-accumulates per event%n%n",
                events.offloads(),
                events.size(),
                search.fullMacs());
        out.printf(
                Locale.ROOT,
                "  %14s %9s  %-22s %9s %9s%n",
                "mean MACs",
                "of whole",
                "class accuracy [95 %]",
                "l'",
                "u'");
        List<NodeSearch.Choice> frontier = search.frontier();
        int rows = Math.min(ROWS, frontier.size());
        IntStream.range(0, rows)
                .map(i -> rows == 1 ? 0 : (int) ((long) i * (frontier.size() - 1) / (rows - 1)))
                .forEach(i -> printRow(out, " ", frontier.get(i)));
        out.println();
        printRow(out, ">", choice);
        out.printf(
                Locale.ROOT,
                "%nOf all critical events, missed ones included, right end to end: %s%n",
                figures.rightEndToEnd());
        for (int id : figures.critical()) {
            Rate rate = figures.rightEndToEnd(id);
            out.printf(Locale.ROOT, "  %-24s %s  of %d%n", figures.classes().get(id), rate, rate.of());
        }
        out.printf(Locale.ROOT, "Normal events that reach an operator: %s%n", figures.falseAlarms());
    }

    private static void printRow(PrintWriter out, String mark, NodeSearch.Choice choice) {
        UpperThreshold upper = choice.upper();
        out.printf(
                Locale.ROOT,
                "%s %,14.0f %8.1f%%  %-22s %9.6f %9s%n",
                mark,
                choice.meanMacs(),
                100 * choice.unitsPerEvent(),
                choice.accuracy(),
                choice.lower(),
                upper.value() == Thresholds.NEVER ? upper : String.format(Locale.ROOT, "%.6f", upper.value()));
    }
}

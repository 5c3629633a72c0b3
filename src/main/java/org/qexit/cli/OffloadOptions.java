package org.qexit.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.threshold.ThresholdQuery;
import org.qexit.threshold.exits.ExitOffloadSearch;
import org.qexit.threshold.offload.DeviceOffloads;
import org.qexit.threshold.offload.EndToEnd;
import org.qexit.threshold.offload.NodeAnswers;
import org.qexit.threshold.offload.NodeTrace;
import org.qexit.threshold.offload.OffloadChoice;
import org.qexit.threshold.offload.OffloadMode;
import org.qexit.threshold.offload.OffloadSearch;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;
import org.qexit.trace.ThresholdsFile;
import picocli.CommandLine.Option;

/** The part of {@code qexit thresholds} that is about who is offloaded, and what the edge node answers. */
final class OffloadOptions {
    /** Offload rates of the table without a budget. */
    private static final double[] RATES = {0.02, 0.05, 0.1, 0.2, 0.5};

    @Option(
            names = "--offload",
            paramLabel = "MODE",
            description =
                    "Who is offloaded: critical events; undecided ones, the device settling the others; or both. The choice"
                            + " is judged by the final answers of device and edge node together (critical).")
    private String offload;

    @Option(
            names = "--node-trace",
            paramLabel = "FILE",
            description =
                    "The edge node's answers: the trace of its model on the same events, found again by device and event.")
    private Path nodeTrace;

    @Option(
            names = "--node-thresholds",
            paramLabel = "FILE",
            description =
                    "Thresholds of the edge node's model beside --node-trace, as --out writes them; without them its last"
                            + " exit answers.")
    private Path nodeThresholds;

    @Option(
            names = "--node-tpr",
            paramLabel = "X",
            description = "In place of --node-trace: how often the edge node calls a critical event critical, 0 to 1.")
    private BigDecimal nodeTpr;

    @Option(
            names = "--node-fpr",
            paramLabel = "Y",
            description = "In place of --node-trace: how often it calls a normal event critical, 0 to 1.")
    private BigDecimal nodeFpr;

    /** Whether any of the options is given. */
    boolean asked() {
        return offload != null || answered() || nodeThresholds != null;
    }

    /** Whether the node's answers are given; without them "critical" is what is chosen anyway. */
    boolean answered() {
        return nodeTrace != null || nodeTpr != null || nodeFpr != null;
    }

    /** @throws UserError for options that contradict each other */
    OffloadMode mode() {
        OffloadMode mode;
        try {
            mode = offload == null ? OffloadMode.CRITICAL : OffloadMode.parse(offload);
        } catch (IllegalArgumentException e) {
            throw new UserError("--" + e.getMessage(), e);
        }
        if (nodeTrace != null && (nodeTpr != null || nodeFpr != null)) {
            throw new UserError(
                    "--node-trace stands beside --node-tpr or --node-fpr; expected the answers or their rates");
        }
        if ((nodeTpr == null) != (nodeFpr == null)) {
            throw new UserError((nodeTpr == null ? "--node-fpr" : "--node-tpr")
                    + " stands alone; expected --node-tpr and --node-fpr");
        }
        if (nodeThresholds != null && nodeTrace == null) {
            throw new UserError("--node-thresholds stands without --node-trace; expected the two together");
        }
        if (!answered() && mode != OffloadMode.CRITICAL) {
            throw new UserError("--offload " + mode.word()
                    + " needs what the edge node answers; expected --node-trace, or" + " --node-tpr and --node-fpr");
        }
        return mode;
    }

    /**
     * The node's answers to each device's events; those of a trace are checked against all of them first.
     *
     * @throws UserError if they are answers to other events
     */
    Function<DeviceTrace, NodeAnswers> answers(Path trace) {
        if (nodeTrace == null) {
            try {
                return new NodeAnswers.Rates(nodeTpr, nodeFpr)::of;
            } catch (IllegalArgumentException e) {
                throw new UserError("--" + e.getMessage(), e);
            }
        }
        NodeTrace read = NodeTrace.read(nodeTrace, pair());
        read.check(trace);
        return read::of;
    }

    private ClassThresholds pair() {
        if (nodeThresholds == null) {
            return null;
        }
        ThresholdsFile file = Json.read(nodeThresholds, ThresholdsFile.class);
        if (file.edgeNode() == null) {
            throw new UserError(nodeThresholds + ": has no thresholds of an edge node's model; expected kind \"en\"");
        }
        return file.edgeNode().thresholds();
    }

    static DeviceOffloads chosen(
            DeviceTrace trace, NodeAnswers answers, ThresholdQuery query, OffloadMode mode, RuleKind kind) {
        OffloadChoice choice = switch (kind) {
            case PAIR -> OffloadSearch.of(trace, answers);
            case PER_EXIT -> ExitOffloadSearch.of(trace, answers);
        };
        return DeviceOffloads.of(trace, answers, query, mode, kind, choice);
    }

    static void header(PrintWriter out, boolean chooses, boolean all) {
        if (all) {
            out.println("device,offload,budget,offloads,true_positives,false_positives,lower,upper,margin");
        } else if (chooses) {
            out.printf(
                    Locale.ROOT,
                    "%-16s %9s %9s %9s  %-22s %-22s %s%n",
                    "device, offload",
                    "offloads",
                    "lower",
                    "upper",
                    "TPR end to end [95 %]",
                    "FPR end to end [95 %]",
                    "margin");
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-16s %8s   %s%n",
                    "device, offload",
                    "corners",
                    "best TPR end to end when offloading 2 %, 5 %, 10 %, 20 %, 50 % of the events");
        }
    }

    /** @param id the device, as it stands in CSV */
    static void print(PrintWriter out, DeviceOffloads device, String id, boolean all) {
        if (all) {
            for (DeviceOffloads.Mode mode : device.modes()) {
                for (EndToEnd.Point p : mode.points()) {
                    out.println(id + "," + mode.offload().word() + "," + p.budget() + "," + p.offloads() + ","
                            + p.truePositives() + "," + p.falsePositives() + "," + p.lower() + "," + p.upper() + ","
                            + p.margin());
                }
            }
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s: %d events, %d critical%s%n",
                device.id(),
                device.events(),
                device.positives(),
                device.budget() == null ? "" : ", budget " + device.budget());
        for (DeviceOffloads.Mode mode : device.modes()) {
            if (mode.chosen() == null) {
                printRates(out, device, mode);
            } else {
                printChosen(out, mode, mode.offload() == device.offload() ? ">" : " ");
            }
        }
    }

    private static void printChosen(PrintWriter out, DeviceOffloads.Mode mode, String mark) {
        EndToEnd chosen = mode.chosen();
        EndToEnd.Point point = chosen.point();
        boolean each = point.lower() instanceof List;
        out.printf(
                Locale.ROOT,
                "%s %-14s %9d %9s %9s  %-22s %-22s %.2g%n",
                mark,
                mode.offload().word(),
                point.offloads(),
                each ? "per exit" : shown(point.lower()),
                each ? "per exit" : shown(point.upper()),
                chosen.tpr(),
                chosen.fpr(),
                point.margin());
        if (point.lower() instanceof List<?> lower && point.upper() instanceof List<?> upper) {
            for (int q = 0; q < lower.size(); q++) {
                out.printf(Locale.ROOT, "    exit %-2d %19s %9s%n", q + 1, shown(lower.get(q)), shown(upper.get(q)));
            }
        }
    }

    private static String shown(Object threshold) {
        return threshold instanceof Number number
                ? String.format(Locale.ROOT, "%.6f", number.floatValue())
                : threshold + "";
    }

    private static void printRates(PrintWriter out, DeviceOffloads device, DeviceOffloads.Mode mode) {
        StringBuilder rates = new StringBuilder();
        for (double rate : RATES) {
            EndToEnd.Point best = mode.within((long) (rate * device.events()));
            rates.append(
                    device.positives() == 0
                            ? "      -"
                            : String.format(
                                    Locale.ROOT, "  %.3f", best.truePositives().doubleValue() / device.positives()));
        }
        out.printf(
                Locale.ROOT,
                "  %-14s %8d  %s%n",
                mode.offload().word(),
                mode.points().size(),
                rates);
    }
}

package org.qexit.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.UserError;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.TraceReader;
import picocli.CommandLine.Option;

/** The part of {@code qexit thresholds} that is about the kind of rule and its local cost. */
final class RuleOptions extends RuleKindOptions {
    @Option(
            names = "--path-from",
            paramLabel = "OTHER",
            description =
                    "With --guarantee: a trace of other events of the same devices and model, so that all events of"
                            + " TRACE certify.")
    private Path pathFrom;

    /** Whether costs may stand without a cap. */
    private boolean uncapped;

    @Override
    boolean mayStandAlone() {
        return uncapped;
    }

    /** Whether any of the options is given. */
    boolean asked() {
        return perExit() || askedMore();
    }

    /** Whether any of the options but the kind of rule is given. */
    boolean askedMore() {
        return priced() || pathFrom != null;
    }

    Path pathFrom() {
        return pathFrom;
    }

    /** The cap on the local cost of a trace's devices, or null. */
    LocalCost cost(Path trace) {
        return cost(trace.toString(), () -> known(trace));
    }

    /** Costs of a trace's exits, whose order is checked; from now on they need no cap beside them. */
    List<BigDecimal> exitCosts(Path trace) {
        uncapped = true;
        try {
            List<BigDecimal> exits = given() == null ? macs(trace.toString(), known(trace)) : given();
            new LocalCost(exits, exits.isEmpty() ? BigDecimal.ZERO : exits.get(0)).units();
            return exits;
        } catch (IllegalArgumentException e) {
            throw new UserError("--surface: " + e.getMessage(), e);
        }
    }

    /** What is known of the costs of a trace's exits, capped or not. */
    SideBySide.Costs costs(Path trace) {
        return costs(() -> known(trace));
    }

    private static List<BigDecimal> known(Path trace) {
        return macs(TraceReader.metadata(trace));
    }

    /** Refuses costs that are not the trace's exits'. */
    static void check(LocalCost cost, TraceReader reader) {
        try {
            if (cost != null) {
                cost.check(reader.exits());
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(reader.file() + ": " + e.getMessage(), e);
        }
    }

    static void header(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-16s %8s %8s %8s %9s  %-22s %-22s %s%n",
                "device",
                "events",
                "critical",
                "budget",
                "offloads",
                "TPR [95 %]",
                "FPR [95 %]",
                "margin");
    }

    static void print(PrintWriter out, DeviceExitThresholds device) {
        DeviceExitThresholds.Chosen chosen = device.chosen();
        DeviceExitThresholds.ExitPoint point = chosen.point();
        out.printf(
                Locale.ROOT,
                "%-16s %8d %8d %8s %9d  %-22s %-22s %.2g%n",
                device.id(),
                device.events(),
                device.positives(),
                device.budget() == null ? "-" : device.budget(),
                point.offloads(),
                chosen.tpr(),
                chosen.fpr(),
                point.margin());
        for (int q = 0; q < device.exits(); q++) {
            out.printf(
                    Locale.ROOT,
                    "  exit %-2d  normal at or below %-9s critical at or above %-9s decides %d events%n",
                    q + 1,
                    shown(point.lower().get(q)),
                    shown(point.upper().get(q)),
                    chosen.exitsTaken().get(q));
        }
        List<String> facts = new ArrayList<>();
        facts.add(point.truePositives() + " true positives, "
                + (chosen.proven() ? "proven to be the most possible" : "at most " + chosen.bound() + " possible"));
        facts.add("the best pair finds " + device.pair().truePositives());
        if (chosen.meanCost() != null) {
            facts.add(String.format(Locale.ROOT, "mean cost %.6g", chosen.meanCost()));
        }
        out.println("  " + String.join("; ", facts));
        PromiseOptions.print(out, chosen.crossFitted());
    }

    private static String shown(Object threshold) {
        return threshold instanceof Float number ? String.format(Locale.ROOT, "%.6f", number) : threshold.toString();
    }
}

package org.qexit.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.qexit.common.Json;
import org.qexit.threshold.DriftMonitor;
import org.qexit.threshold.FleetDrift;
import picocli.CommandLine;

/** Prints the outcomes of {@code qexit thresholds --monitor} as they come. */
final class DriftPrinter {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private int compared;
    private int drifted;
    private int overBudget;
    private int skipped;

    DriftPrinter(CommandLine line, boolean json) {
        this.out = line.getOut();
        this.err = line.getErr();
        this.json = json;
        if (json) {
            out.print("{\"format\":\"qexit.drift/1\",\"devices\":[");
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-16s %-24s %-24s  %s%n",
                    "device",
                    "old offload rate [95 %]",
                    "new offload rate [95 %]",
                    "verdict");
        }
    }

    void print(FleetDrift.DeviceDrift outcome) {
        if (outcome.problem() != null) {
            skipped++;
            err.println("qexit: device " + outcome.id() + ": " + outcome.problem());
            return;
        }
        DriftMonitor.Drift drift = outcome.drift();
        if (json) {
            out.print((compared == 0 ? "\n" : ",\n") + Json.compact(drift));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-16s %-24s %-24s  %s%n",
                    drift.id(),
                    drift.oldOffloadRate(),
                    drift.newOffloadRate(),
                    verdict(drift));
        }
        compared++;
        drifted += drift.drifted() ? 1 : 0;
        overBudget += drift.overBudget() ? 1 : 0;
    }

    private static String verdict(DriftMonitor.Drift drift) {
        String why = String.join("; ", drift.reasons());
        return drift.drifted()
                ? "drifted, re-optimise: " + why
                : drift.overBudget() ? "over budget: " + why : "as before";
    }

    /** Prints the end; returns how many devices could not be compared. */
    int finish() {
        if (json) {
            out.println("\n],\"compared\":" + compared + ",\"drifted\":" + drifted + ",\"overBudget\":" + overBudget
                    + ",\"skipped\":" + skipped + "}");
        } else {
            out.println(drifted + " of " + compared + " devices drifted, " + overBudget + " exceed their budget."
                    + (drifted > 0 ? " Choose the thresholds of those that drifted anew, on newer events." : "")
                    + (overBudget > drifted
                            ? " Maybe choose with --guarantee, so that budgets hold on fresh events."
                            : ""));
        }
        out.flush();
        return skipped;
    }
}

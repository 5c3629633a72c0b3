package org.qexit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.qexit.threshold.exits.SideBySide;

/** What other rules do at the same caps, for readers. */
final class BesideText {
    private BesideText() {}

    /** A line per rule. */
    static void print(PrintWriter out, List<SideBySide> rows) {
        for (SideBySide row : rows) {
            out.printf(
                    Locale.ROOT,
                    "  beside: %-13s TPR %s, FPR %s, offload rate %s%s%n",
                    row.rule(),
                    value(row.tpr().value()),
                    value(row.fpr().value()),
                    value(row.ofr().value()),
                    cost(row));
        }
    }

    private static String value(Double rate) {
        return rate == null ? "-" : String.format(Locale.ROOT, "%.3f", rate);
    }

    private static String cost(SideBySide row) {
        if (row.meanCost() == null) {
            return "";
        }
        boolean above = row.withinCost() != null && !row.withinCost();
        return String.format(Locale.ROOT, ", mean cost %.6g%s", row.meanCost(), above ? " (above the cap)" : "");
    }
}

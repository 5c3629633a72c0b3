package org.qexit.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Locale;
import org.qexit.threshold.CrossFit;
import org.qexit.trace.Rate;
import picocli.CommandLine.Option;

/** The part of {@code qexit thresholds} that is about what a choice is worth on events that it has not seen. */
final class PromiseOptions {
    @Option(
            names = "--cross-fit",
            paramLabel = "N",
            defaultValue = "" + CrossFit.REPEATS,
            description =
                    "Say beside a choice's rates in sample the cross-fitted ones: thresholds chosen on 4 of 5 folds of"
                            + " the events and counted on the fifth, N times, fewer where events are many; 0 leaves them"
                            + " out (${DEFAULT-VALUE}).")
    private int crossFits;

    @Option(
            names = "--max-inconsistency",
            paramLabel = "E",
            description =
                    "With --guarantee: cap on the share of events that the exit taken decides otherwise than the last"
                            + " exit would. Needs no labels of the events that certify.")
    private BigDecimal maxInconsistency;

    int crossFits() {
        return crossFits;
    }

    BigDecimal maxInconsistency() {
        return maxInconsistency;
    }

    static void print(PrintWriter out, CrossFit fit) {
        if (fit != null) {
            out.printf(
                    Locale.ROOT,
                    "  cross-fitted: TPR %s, FPR %s, offload rate %.3f%n",
                    shown(fit.tpr()),
                    shown(fit.fpr()),
                    fit.ofr());
        }
    }

    private static String shown(Double rate) {
        return rate == null ? "undefined" : String.format(Locale.ROOT, "%.3f", rate);
    }

    static void print(PrintWriter out, Rate inconsistent) {
        if (inconsistent != null) {
            out.printf(
                    Locale.ROOT,
                    "  decided otherwise than the last exit would: %s of the calibration events%n",
                    inconsistent);
        }
    }
}

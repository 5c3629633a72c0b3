package org.qexit.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Locale;
import org.qexit.common.UserError;
import org.qexit.threshold.Bootstrap;
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
            names = "--bootstrap",
            paramLabel = "B",
            defaultValue = "0",
            description =
                    "Say how much a choice's rates vary: 95 %% intervals over B resamples of the events, thresholds chosen on"
                            + " each and counted on the events that it left out (${DEFAULT-VALUE}: none).")
    private int bootstrap;

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

    int bootstrap() {
        return bootstrap;
    }

    /** @throws UserError if there are resamples and nothing is chosen on them */
    void check(ChoiceOptions choice, boolean capped) {
        if (bootstrap > 0 && choice.budget() == null && choice.delta() == null && !capped) {
            throw new UserError("--bootstrap stands without a choice; expected --budget or --max-cost");
        }
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

    static void print(PrintWriter out, Bootstrap bootstrap) {
        if (bootstrap != null) {
            out.printf(
                    Locale.ROOT,
                    "  bootstrap, 95 %% of %d resamples on events left out: TPR %s, FPR %s, offload rate %s%n",
                    bootstrap.resamples(),
                    shown(bootstrap.tpr()),
                    shown(bootstrap.fpr()),
                    shown(bootstrap.ofr()));
        }
    }

    private static String shown(Bootstrap.Interval interval) {
        return interval == null
                ? "undefined"
                : String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
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

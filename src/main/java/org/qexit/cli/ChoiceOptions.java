package org.qexit.cli;

import java.math.BigDecimal;
import org.qexit.common.UserError;
import org.qexit.threshold.Budget;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.ThresholdQuery;
import picocli.CommandLine.Option;

/** What is asked of each device's trace: alike on one machine and on Spark. */
final class ChoiceOptions {
    @Option(
            names = "--budget",
            paramLabel = "B",
            description = "Offloads allowed per device: a fraction of its events (0.1 or 10%%) or a number (120).")
    private String budget;

    @Option(names = "--max-fpr", paramLabel = "F", description = "Cap on the false-positive rate, 0 to 1.")
    private BigDecimal maxFpr;

    @Option(
            names = "--guarantee",
            paramLabel = "DELTA",
            description = "Keep the caps on fresh events with probability at least 1 - DELTA.")
    private Double delta;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description =
                    "Seed of the split that a guarantee needs, and of the folds of --cross-fit (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--all", description = "Every corner of the frontier, as CSV (or in the JSON).")
    private boolean all;

    @Option(names = "--baselines", description = "Compare with other ways to choose at the same budget.")
    private boolean baselines;

    String budget() {
        return budget;
    }

    BigDecimal maxFpr() {
        return maxFpr;
    }

    Double delta() {
        return delta;
    }

    long seed() {
        return seed;
    }

    boolean all() {
        return all;
    }

    boolean baselines() {
        return baselines;
    }

    /** Whether anything is asked of devices' thresholds. */
    boolean asked() {
        return budget != null || maxFpr != null || delta != null || all || baselines;
    }

    /**
     * The query.
     *
     * @param cost cap on the mean local cost, or null
     * @throws UserError for options that do not go together
     */
    ThresholdQuery query(LocalCost cost, PromiseOptions promise) {
        try {
            return new ThresholdQuery(
                    budget == null ? null : Budget.parse(budget),
                    maxFpr,
                    delta,
                    all,
                    baselines,
                    seed,
                    cost,
                    promise.maxInconsistency(),
                    promise.crossFits(),
                    promise.bootstrap());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }
}

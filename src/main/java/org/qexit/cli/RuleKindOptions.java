package org.qexit.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.qexit.common.UserError;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.exits.DeviceExitThresholds;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.TraceMetadata;
import picocli.CommandLine.Option;

/** The kind of rule and its local cost: alike on one machine and on Spark. */
class RuleKindOptions {
    private static final String PAIR = "pair";

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            defaultValue = PAIR,
            description = "pair: one pair of thresholds for all exits; per-exit: one for each (${DEFAULT-VALUE}).")
    private String rule;

    @Option(
            names = "--max-cost",
            paramLabel = "C",
            description = "Cap on the mean cost of an event on the device, in the unit of --costs.")
    private BigDecimal maxCost;

    @Option(
            names = "--costs",
            paramLabel = "C1,C2,...",
            split = ",",
            description = "Cost of an event up to and including each exit, in any unit; if not given, the"
                    + " multiply-accumulates in the trace's metadata.")
    private List<BigDecimal> costs;

    /** Costs as given, or null. */
    List<BigDecimal> given() {
        return costs;
    }

    boolean perExit() {
        if (!rule.equals(PAIR) && !rule.equals(DeviceExitThresholds.RULE)) {
            throw new UserError("--rule is '" + rule + "'; expected pair or per-exit");
        }
        return !rule.equals(PAIR);
    }

    /**
     * The cap on the local cost of a trace's devices, or null.
     *
     * @param macs what the trace's metadata say of its exits, or none
     */
    LocalCost cost(String trace, Supplier<List<BigDecimal>> macs) {
        if (maxCost == null) {
            if (costs != null && !mayStandAlone()) {
                throw new UserError("--costs stands alone; expected --max-cost beside it");
            }
            return null;
        }
        try {
            LocalCost cost = new LocalCost(costs == null ? macs(trace, macs.get()) : costs, maxCost);
            cost.units();
            return cost;
        } catch (IllegalArgumentException e) {
            throw new UserError("--max-cost " + maxCost.toPlainString() + ": " + e.getMessage(), e);
        }
    }

    boolean capped() {
        return maxCost != null;
    }

    /**
     * What is known of the costs of a trace's exits, capped or not.
     *
     * @param macs what the trace's metadata say of them, or none
     */
    SideBySide.Costs costs(Supplier<List<BigDecimal>> macs) {
        List<BigDecimal> known = costs == null ? macs.get() : costs;
        return new SideBySide.Costs(known.isEmpty() ? null : known, maxCost);
    }

    /** Multiply-accumulates up to each exit, as far as metadata say them. */
    static List<BigDecimal> macs(Optional<TraceMetadata> metadata) {
        return metadata.map(TraceMetadata::exits).orElse(List.of()).stream()
                .map(cost -> BigDecimal.valueOf(cost.macs()))
                .toList();
    }

    static List<BigDecimal> macs(String trace, List<BigDecimal> known) {
        if (known.isEmpty()) {
            throw new UserError(trace + ": its metadata have no costs of the exits; expected --costs");
        }
        return known;
    }

    /** Whether any cap or cost is given. */
    boolean priced() {
        return maxCost != null || costs != null;
    }

    /** Whether costs may stand without a cap. */
    boolean mayStandAlone() {
        return false;
    }
}

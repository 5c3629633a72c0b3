package org.qexit.threshold;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.qexit.trace.Confusion;

/**
 * A cap on the mean cost of deciding an event on the device, in any unit: multiply-accumulates, joules, seconds. Sums are exact.
 *
 * @param costs of an event that stops at each exit, all blocks up to it, {@code [exit]}; not falling
 * @param cap on the mean over the events, at least the first exit's cost
 */
public record LocalCost(List<BigDecimal> costs, BigDecimal cap) {
    /** Digits that a cost may have from the first to the last decimal place of any; sums over 2^31 events then fit a long. */
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE >> 32);

    public LocalCost {
        costs = List.copyOf(costs);
        BigDecimal before = BigDecimal.ZERO;
        for (BigDecimal cost : costs) {
            if (cost.compareTo(before) < 0) {
                throw new IllegalArgumentException(
                        "costs are " + text(costs) + "; expected cumulative costs, >= 0 and none below the one before");
            }
            before = cost;
        }
        if (costs.isEmpty()) {
            throw new IllegalArgumentException("no costs; expected one per exit");
        }
        if (cap.compareTo(costs.get(0)) < 0) {
            throw new IllegalArgumentException(
                    "max-cost is " + cap.toPlainString() + ", below the first exit's cost; expected at least "
                            + costs.get(0).toPlainString());
        }
    }

    private static String text(List<BigDecimal> costs) {
        return String.join(",", costs.stream().map(BigDecimal::toPlainString).toList());
    }

    /** @throws IllegalArgumentException unless there are as many costs as exits */
    public LocalCost check(int exits) {
        if (costs.size() != exits) {
            throw new IllegalArgumentException(costs.size() + " costs for " + exits + " exits; expected one per exit");
        }
        return this;
    }

    /** The costs as whole numbers of one unit, so that sums are exact. */
    public long[] units() {
        int scale = scale();
        if (costs.get(costs.size() - 1).movePointRight(scale).compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "costs are " + text(costs) + "; expected at most 9 digits between the largest and the smallest");
        }
        return costs.stream()
                .mapToLong(cost -> cost.movePointRight(scale).longValueExact())
                .toArray();
    }

    /** Most of those units over so many events. */
    public long most(int events) {
        BigDecimal all = cap.min(costs.get(costs.size() - 1)).multiply(BigDecimal.valueOf(events));
        return all.movePointRight(scale()).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    private int scale() {
        return Math.max(
                0,
                costs.stream()
                        .mapToInt(cost -> cost.stripTrailingZeros().scale())
                        .max()
                        .orElse(0));
    }

    /** The mean cost of what a rule does, or null without events. */
    public Double mean(Confusion counts) {
        double sum = 0;
        for (int q = 0; q < costs.size(); q++) {
            sum += counts.exits().get(q) * costs.get(q).doubleValue();
        }
        return counts.events() == 0 ? null : (Double) (sum / counts.events());
    }
}

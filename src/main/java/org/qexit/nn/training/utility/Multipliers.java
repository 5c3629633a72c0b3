package org.qexit.nn.training.utility;

import org.qexit.common.Checks;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.loss.CoupledLoss;

/**
 * The dual variables of a training, and the running means that the implicit rule takes them from.
 *
 * @param offload μ of the offload budget
 * @param falsePositive ν of the cap on the false-positive rate
 * @param utility mean Ũ; 0 before the first batch with critical events
 * @param utilityShift mean ∂Ũ/∂τ
 * @param offloadShift mean ∂Õ/∂τ
 */
public record Multipliers(
        double offload, double falsePositive, double utility, double utilityShift, double offloadShift) {
    public static final Multipliers ZERO = new Multipliers(0, 0, 0, 0, 0);

    /** Weight of the newest batch: means over some twenty batches, about a thousand events. */
    private static final double NEWEST = 0.05;

    /**
     * Bounds μ where hardly an event is near a threshold: no optimum asks for more than every offload being worth this many of the budget.
     */
    private static final double LARGEST_RATIO = 100;

    public Multipliers {
        Checks.nonNegative("multiplier", offload);
        Checks.nonNegative("falsePositiveMultiplier", falsePositive);
    }

    /** @param weight Σ λ of the terms that reward utility */
    public Multipliers after(CoupledLoss batch, TrainingConfig.Budget budget, double weight) {
        double nextFalse = falsePositive;
        if (budget.falsePositiveCap() != null && Double.isFinite(batch.falsePositives())) {
            nextFalse = ascended(falsePositive, budget, batch.falsePositives() - budget.falsePositiveCap());
        }
        return switch (budget.multiplier()) {
            case ASCENT -> {
                double next = ascended(offload, budget, batch.offload() - budget.offload());
                yield new Multipliers(next, nextFalse, utility, utilityShift, offloadShift);
            }
            case IMPLICIT -> implicit(batch, nextFalse, weight);
        };
    }

    private Multipliers implicit(CoupledLoss batch, double nextFalse, double weight) {
        if (!Double.isFinite(batch.utility())) {
            return new Multipliers(offload, nextFalse, utility, utilityShift, offloadShift);
        }
        double newest = utility == 0 ? 1 : NEWEST;
        double u = mean(utility, batch.utility(), newest);
        double du = mean(utilityShift, batch.utilityShift(), newest);
        double dw = mean(offloadShift, batch.offloadShift(), newest);
        // Both derivatives are negative: higher thresholds call fewer events critical.
        double ratio = dw < 0 && u > 0 ? Math.min(LARGEST_RATIO, du / dw / u) : offload / Math.max(weight, 1e-9);
        return new Multipliers(weight * ratio, nextFalse, u, du, dw);
    }

    private static double ascended(double multiplier, TrainingConfig.Budget budget, double excess) {
        return Math.max(0, multiplier + budget.dualStep() * excess);
    }

    private static double mean(double before, double value, double newest) {
        return before + newest * (value - before);
    }
}

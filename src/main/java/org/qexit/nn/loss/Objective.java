package org.qexit.nn.loss;

import org.qexit.common.Checks;

/**
 * What a batch is judged by, with everything that stays fixed during the batch:
 *
 * <pre>L = Σ_q w_q CE_q − λ ln(Ũ + ε) + μ (Õ − ω)</pre>
 *
 * with the cross-entropy CE_q of exit q, the soft utility Ũ over the critical events and the soft share Õ of offloaded events,
 * docs/maths.md §6. With λ = 0 only the cross-entropies count. A batch without critical events has no utility term.
 *
 * @param exitWeights w_q, {@code [exit]}
 * @param criticalWeight weight of a critical event in the cross-entropies; a normal one has 1
 * @param surrogate which Ũ
 * @param surrogateWeight λ
 * @param multiplier μ
 * @param offloadBudget ω, as a fraction of all events
 * @param steepness t
 * @param lower threshold l
 * @param upper threshold u; may be infinite
 * @param accuracies acc_q of the published surrogate, {@code [exit]}
 */
public record Objective(
        double[] exitWeights,
        double criticalWeight,
        Surrogate surrogate,
        double surrogateWeight,
        double multiplier,
        double offloadBudget,
        double steepness,
        double lower,
        double upper,
        double[] accuracies) {
    /** ε keeps the logarithm finite where no critical event is found yet. */
    static final double FLOOR = 1e-6;

    public Objective {
        for (double weight : exitWeights) {
            Checks.nonNegative("exit weight", weight);
        }
        Checks.positive("criticalWeight", criticalWeight);
        Checks.present("surrogate", surrogate);
        Checks.nonNegative("surrogateWeight", surrogateWeight);
        Checks.nonNegative("multiplier", multiplier);
        Checks.within("offloadBudget", offloadBudget, 0, 1);
        Checks.positive("steepness", steepness);
        Checks.within("lower", lower, 0, 1);
        Checks.within("upper", upper, lower, Double.POSITIVE_INFINITY);
        if (accuracies.length != exitWeights.length) {
            throw new IllegalArgumentException(
                    accuracies.length + " accuracies for " + exitWeights.length + " exit weights");
        }
    }

    /** Cross-entropies only. */
    public static Objective crossEntropy(double[] exitWeights, double criticalWeight) {
        return new Objective(
                exitWeights, criticalWeight, Surrogate.PATH, 0, 0, 1, 1, 0, 1, new double[exitWeights.length]);
    }

    /** L. */
    public int exits() {
        return exitWeights.length;
    }
}

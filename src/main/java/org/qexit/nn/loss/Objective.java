package org.qexit.nn.loss;

import java.util.List;
import org.qexit.common.Checks;

/**
 * What a batch is judged by, with everything that stays fixed during the batch:
 *
 * <pre>L = Σ terms + μ (Õ − ω) + ν (F̃ − φ)</pre>
 *
 * with the soft share Õ of offloaded events and the soft false-positive rate F̃, docs/maths.md §6; the two constraints count only beside a
 * term that rewards utility. A batch without critical events has no utility term, one without normal events no false-positive rate.
 *
 * @param exits L
 * @param terms what is minimised
 * @param rule the soft decision
 * @param multiplier μ
 * @param offloadBudget ω, as a fraction of all events
 * @param falsePositiveMultiplier ν
 * @param falsePositiveCap φ, as a fraction of the normal events
 * @param accuracies acc_q of the published surrogate, {@code [exit]}
 */
public record Objective(
        int exits,
        List<LossTerm> terms,
        SoftRule rule,
        double multiplier,
        double offloadBudget,
        double falsePositiveMultiplier,
        double falsePositiveCap,
        double[] accuracies) {
    /** ε keeps the logarithm finite where no critical event is found yet. */
    static final double FLOOR = 1e-6;

    public Objective {
        terms = List.copyOf(terms);
        Checks.present("rule", rule).check(exits);
        Checks.nonNegative("multiplier", multiplier);
        Checks.within("offloadBudget", offloadBudget, 0, 1);
        Checks.nonNegative("falsePositiveMultiplier", falsePositiveMultiplier);
        Checks.within("falsePositiveCap", falsePositiveCap, 0, 1);
        if (accuracies.length != exits) {
            throw new IllegalArgumentException(accuracies.length + " accuracies for " + exits + " exits");
        }
        for (LossTerm term : terms) {
            if (term instanceof LossTerm.CrossEntropy entropy
                    && entropy.exitWeights() != null
                    && entropy.exitWeights().size() != exits) {
                throw new IllegalArgumentException(
                        entropy.exitWeights().size() + " exit weights for " + exits + " exits");
            }
        }
    }

    /** Cross-entropies only. */
    public static Objective crossEntropy(int exits) {
        return of(exits, List.of(new LossTerm.CrossEntropy(null, null, null, null)));
    }

    /** Terms that reward no utility, so that rule and constraints do not matter. */
    public static Objective of(int exits, List<LossTerm> terms) {
        return new Objective(exits, terms, new SoftRule(Margin.PROBABILITY, 1, 0, 1), 0, 1, 0, 1, new double[exits]);
    }

    public Objective with(List<LossTerm> others) {
        return new Objective(
                exits, others, rule, multiplier, offloadBudget, falsePositiveMultiplier, falsePositiveCap, accuracies);
    }

    public Objective with(SoftRule other) {
        return new Objective(
                exits, terms, other, multiplier, offloadBudget, falsePositiveMultiplier, falsePositiveCap, accuracies);
    }

    boolean rewardsUtility() {
        return terms.stream().anyMatch(LossTerm::rewardsUtility);
    }
}

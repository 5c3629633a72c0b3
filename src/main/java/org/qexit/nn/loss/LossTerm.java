package org.qexit.nn.loss;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.qexit.common.Checks;

/**
 * One summand of the loss that a training minimises; terms are added, and the budget's constraints come on top wherever a term
 * rewards utility. In YAML, {@code {kind: path, weight: 0.5}}; what is left out has its default. See docs/training.md.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LossTerm.CrossEntropy.class, name = "cross_entropy"),
    @JsonSubTypes.Type(value = LossTerm.Path.class, name = "path"),
    @JsonSubTypes.Type(value = LossTerm.Published.class, name = "published"),
    @JsonSubTypes.Type(value = LossTerm.Distillation.class, name = "distillation"),
})
public sealed interface LossTerm {
    /** Its factor. */
    Double weight();

    /** The same of a model that has nothing but the last exit. */
    default LossTerm forLastExit() {
        return this;
    }

    /** What the case for its kind does. */
    void visit(Cases cases);

    /** Something to do for every kind of term. */
    interface Cases {
        void crossEntropy(CrossEntropy term);

        void path(Path term);

        void published(Published term);

        void distillation(Distillation term);
    }

    /** Whether it rewards critical events found, so that the budget must be paid for. */
    default boolean rewardsUtility() {
        return false;
    }

    /**
     * Deep supervision: Σ_q w_q FL_q with the focal loss (Lin et al. 2017, Eq. (5)) of the probability p of the true class,
     *
     * <pre>FL = −(1 − p)^γ ln p,</pre>
     *
     * a mean over the batch in which an event weighs as much as its class; γ = 0 is the cross-entropy.
     *
     * @param weight 1
     * @param exitWeights w_q, one per exit; 1 each
     * @param criticalWeight weight of a critical event beside 1 of a normal one; 1
     * @param focal γ, 0 to 10; 0
     */
    record CrossEntropy(Double weight, List<Double> exitWeights, Double criticalWeight, Double focal)
            implements LossTerm {
        public CrossEntropy {
            weight = checked(weight, 1);
            exitWeights = checked(exitWeights);
            criticalWeight = criticalWeight == null ? 1 : Checks.positive("criticalWeight", criticalWeight);
            focal = focal == null ? 0 : Checks.within("focal", focal, 0, 10);
        }

        @Override
        public void visit(Cases cases) {
            cases.crossEntropy(this);
        }

        @Override
        public LossTerm forLastExit() {
            return new CrossEntropy(weight, lastOf(exitWeights), criticalWeight, focal);
        }

        /** The weight of the last exit alone, unless it is 0; null for none. */
        public static List<Double> lastOf(List<Double> exitWeights) {
            boolean last = exitWeights != null && exitWeights.get(exitWeights.size() - 1) > 0;
            return last ? exitWeights.subList(exitWeights.size() - 1, exitWeights.size()) : null;
        }

        /** w_q; the model's number of exits is known by then. */
        double exitWeight(int exit) {
            return exitWeights == null ? 1 : exitWeights.get(exit);
        }
    }

    /**
     * −λ ln(Ũ + ε) with the path surrogate Ũ: the soft decision's true-positive rate, docs/maths.md §6.
     *
     * @param weight λ; 0.5
     */
    record Path(Double weight) implements LossTerm {
        public Path {
            weight = checked(weight, 0.5);
        }

        @Override
        public void visit(Cases cases) {
            cases.path(this);
        }

        @Override
        public boolean rewardsUtility() {
            return weight > 0;
        }
    }

    /**
     * −λ ln(Ũ + ε) with the published surrogate, Sect. 4.3, always in probabilities as published. For comparison.
     *
     * @param weight λ; 0.5
     */
    record Published(Double weight) implements LossTerm {
        public Published {
            weight = checked(weight, 0.5);
        }

        @Override
        public void visit(Cases cases) {
            cases.published(this);
        }

        @Override
        public boolean rewardsUtility() {
            return weight > 0;
        }
    }

    /**
     * Distillation from the last exit (Hinton et al. 2015; self-distillation as in Zhang et al. 2019): for every earlier exit
     *
     * <pre>T² KL(softmax(z_L / T) ‖ softmax(z_q / T)),</pre>
     *
     * averaged over events and summed over those exits; the teacher's logits z_L get no gradient. With one exit it is 0.
     *
     * @param weight 0.5
     * @param temperature T; 2
     */
    record Distillation(Double weight, Double temperature) implements LossTerm {
        public Distillation {
            weight = checked(weight, 0.5);
            temperature = temperature == null ? 2 : Checks.positive("temperature", temperature);
        }

        @Override
        public void visit(Cases cases) {
            cases.distillation(this);
        }
    }

    private static double checked(Double weight, double otherwise) {
        return weight == null ? otherwise : Checks.nonNegative("weight", weight);
    }

    private static List<Double> checked(List<Double> exitWeights) {
        if (exitWeights == null) {
            return null;
        }
        exitWeights.forEach(weight -> Checks.nonNegative("exitWeights", Checks.present("exitWeights", weight)));
        if (exitWeights.stream().allMatch(weight -> weight == 0)) {
            throw new IllegalArgumentException("exitWeights are all 0; expected at least one above 0");
        }
        return List.copyOf(exitWeights);
    }
}

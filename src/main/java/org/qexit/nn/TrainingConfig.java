package org.qexit.nn;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Surrogate;
import org.qexit.trace.RuleKind;

/**
 * How a model is trained, docs/maths.md §6, in groups of what belongs together. Null stands for the default, here and in every group; the
 * numbers behind the parameters' names are those defaults. Files have all settings side by side.
 *
 * @param course how long and how fast
 * @param losses what is minimised
 * @param softness how soft the decisions of the surrogate are
 * @param budget what may be offloaded, and how its price is found
 * @param thresholds where the surrogate's thresholds come from
 * @param heldOutFraction share of the training events that selects epoch and thresholds instead; 0.2
 * @param calibrate whether every exit gets a temperature fitted on the held-out events at the end; false
 */
public record TrainingConfig(
        Course course,
        Losses losses,
        Softness softness,
        Budget budget,
        ThresholdSource thresholds,
        Double heldOutFraction,
        Boolean calibrate) {
    /** All defaults. */
    public static final TrainingConfig DEFAULT = new TrainingConfig(null, null, null, null, null, null, null);

    public TrainingConfig {
        course = course == null ? new Course(null, null, null, null, null, null) : course;
        losses = losses == null ? new Losses(null, null, null, null, null) : losses;
        softness = softness == null ? new Softness(null, null, null, null) : softness;
        budget = budget == null ? new Budget(null, null, null, null) : budget;
        thresholds = thresholds == null ? new ThresholdSource(null, null, null, null, null) : thresholds;
        heldOutFraction = heldOutFraction == null ? 0.2 : heldOutFraction;
        if (!(heldOutFraction > 0 && heldOutFraction < 1)) {
            throw new IllegalArgumentException(
                    "heldOutFraction is " + heldOutFraction + "; expected more than 0 and less than 1");
        }
        calibrate = calibrate != null && calibrate;
        if (softness.margin() == Margin.LOGIT
                && losses.terms().stream().anyMatch(LossTerm.Published.class::isInstance)) {
            throw new IllegalArgumentException(
                    "margin is logit beside the published surrogate, which is defined in probabilities; expected probability");
        }
    }

    /**
     * How long and how fast a training runs.
     *
     * @param epochs passes over the training events; 8
     * @param batch events per step; 64
     * @param learningRate of Adam at its highest; 0.003
     * @param schedule of the learning rate; cosine
     * @param patience epochs without a better one after which training stops; null for never
     * @param engine what runs the steps, where it can; qexit
     */
    public record Course(
            Integer epochs,
            Integer batch,
            Double learningRate,
            Schedule schedule,
            Integer patience,
            TrainingEngine engine) {
        public Course {
            epochs = epochs == null ? 8 : Checks.within("epochs", epochs, 1, 100_000);
            batch = batch == null ? 64 : Checks.within("batch", batch, 2, 65_536);
            learningRate = learningRate == null ? 0.003 : Checks.positive("learningRate", learningRate);
            schedule = schedule == null ? Schedule.COSINE : schedule;
            patience = patience == null ? null : Checks.within("patience", patience, 1, 100_000);
            engine = engine == null ? TrainingEngine.QEXIT : engine;
        }

        /** On the default engine. */
        public Course(Integer epochs, Integer batch, Double learningRate, Schedule schedule, Integer patience) {
            this(epochs, batch, learningRate, schedule, patience, null);
        }

        public Course withEpochs(int count) {
            return new Course(count, batch, learningRate, schedule, patience, engine);
        }

        public Course with(TrainingEngine other) {
            return new Course(epochs, batch, learningRate, schedule, patience, other);
        }

        /** The learning rate of a step of the whole training, from 0. */
        public double rate(int step, int stepsPerEpoch) {
            return schedule.rate(learningRate, step, stepsPerEpoch, epochs);
        }
    }

    /**
     * What is minimised: a list of terms, or a short form of the usual two.
     *
     * @param exitWeights w_q of the cross-entropies, one per exit; 1 each
     * @param criticalWeight weight of a critical event in the cross-entropies, beside 1 of a normal one; 1
     * @param surrogate which smooth utility; path
     * @param surrogateWeight λ; 0 trains by cross-entropy only; 0.5
     * @param list the terms; null for the cross-entropies and the surrogate that the short form says
     */
    public record Losses(
            List<Double> exitWeights,
            Double criticalWeight,
            Surrogate surrogate,
            Double surrogateWeight,
            List<LossTerm> list) {
        public Losses {
            if (list == null) {
                // One set of checks and defaults: those of the terms.
                LossTerm.CrossEntropy entropy = new LossTerm.CrossEntropy(1.0, exitWeights, criticalWeight, null);
                exitWeights = entropy.exitWeights();
                criticalWeight = entropy.criticalWeight();
                surrogate = surrogate == null ? Surrogate.PATH : surrogate;
                surrogateWeight =
                        surrogateWeight == null ? 0.5 : Checks.nonNegative("surrogateWeight", surrogateWeight);
            } else {
                list = List.copyOf(list);
                if (list.stream().noneMatch(term -> term.weight() > 0)) {
                    throw new IllegalArgumentException("losses has no term of a weight above 0; expected at least one");
                }
                if (exitWeights != null || criticalWeight != null || surrogate != null || surrogateWeight != null) {
                    throw new IllegalArgumentException("losses stands beside exitWeights, criticalWeight, surrogate or"
                            + " surrogateWeight; expected either losses or these");
                }
            }
        }

        /** The same of a model that has nothing but the last exit. */
        Losses forLastExit() {
            return new Losses(
                    LossTerm.CrossEntropy.lastOf(exitWeights),
                    criticalWeight,
                    surrogate,
                    surrogateWeight,
                    list == null
                            ? null
                            : list.stream().map(LossTerm::forLastExit).toList());
        }

        /** The summands of the loss, whichever way they were said. */
        public List<LossTerm> terms() {
            if (list != null) {
                return list;
            }
            List<LossTerm> terms = new ArrayList<>();
            terms.add(new LossTerm.CrossEntropy(1.0, exitWeights, criticalWeight, null));
            if (surrogateWeight > 0) {
                terms.add(surrogate.term(surrogateWeight));
            }
            return List.copyOf(terms);
        }
    }

    /**
     * How soft the decisions of the surrogate are.
     *
     * @param margin in what the soft decision measures; probability
     * @param warmupEpochs first epochs without surrogate, before which no thresholds make sense; 1
     * @param steepnessStart t of the first epoch with surrogate; 10, or 2 by logits
     * @param steepnessEnd t of the last epoch; grows geometrically; 40, or 8 by logits
     */
    public record Softness(Margin margin, Integer warmupEpochs, Double steepnessStart, Double steepnessEnd) {
        public Softness {
            margin = margin == null ? Margin.PROBABILITY : margin;
            warmupEpochs = warmupEpochs == null ? 1 : Checks.within("warmupEpochs", warmupEpochs, 0, 100_000);
            boolean logit = margin == Margin.LOGIT;
            steepnessStart =
                    steepnessStart == null ? (logit ? 2.0 : 10.0) : Checks.positive("steepnessStart", steepnessStart);
            steepnessEnd = steepnessEnd == null
                    ? Math.max(logit ? 8 : 40, steepnessStart)
                    : Checks.within("steepnessEnd", steepnessEnd, steepnessStart, 1e6);
        }
    }

    /**
     * What may be offloaded.
     *
     * @param offload ω, the share of all events that may be offloaded; 0.12
     * @param falsePositiveCap φ, the most normal events that may be offloaded as a share of them; null for no cap
     * @param multiplier how μ is set; ascent
     * @param dualStep step of the dual ascent on μ, per batch; 0.02
     */
    public record Budget(Double offload, Double falsePositiveCap, MultiplierRule multiplier, Double dualStep) {
        public Budget {
            offload = offload == null ? 0.12 : offload;
            if (!(offload > 0 && offload <= 1)) {
                throw new IllegalArgumentException(
                        "offloadBudget is " + offload + "; expected a share of events, more than 0 and at most 1");
            }
            if (falsePositiveCap != null && !(falsePositiveCap > 0 && falsePositiveCap <= 1)) {
                throw new IllegalArgumentException("falsePositiveCap is " + falsePositiveCap
                        + "; expected a share of the normal events, more than 0 and at most 1");
            }
            multiplier = multiplier == null ? MultiplierRule.ASCENT : multiplier;
            dualStep = dualStep == null ? 0.02 : Checks.nonNegative("dualStep", dualStep);
        }

        public Budget withOffload(double share) {
            return new Budget(share, falsePositiveCap, multiplier, dualStep);
        }
    }

    /**
     * Where the surrogate's thresholds come from.
     *
     * @param mode searched
     * @param lower l of fixed and learned thresholds; 0.1
     * @param upper u of fixed and learned thresholds; 0.6
     * @param memory latest training events that tracked thresholds are searched on; 2048
     * @param rule one pair, or thresholds for each exit; pair
     */
    public record ThresholdSource(ThresholdMode mode, Double lower, Double upper, Integer memory, RuleKind rule) {
        public ThresholdSource {
            mode = mode == null ? ThresholdMode.SEARCHED : mode;
            lower = lower == null ? 0.1 : Checks.within("lower", lower, 0, 1);
            upper = upper == null ? Math.max(0.6, lower) : Checks.within("upper", upper, lower, 1);
            rule = rule == null ? RuleKind.PAIR : rule;
            memory = memory == null ? 2048 : Checks.within("thresholdMemory", memory, 64, 1 << 20);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TrainingConfig of(FlatTrainingConfig flat) {
        return flat.config();
    }

    @JsonValue
    FlatTrainingConfig flat() {
        return FlatTrainingConfig.of(this);
    }

    /** The terms of an epoch, from 0: those that reward utility wait until thresholds make sense. */
    public List<LossTerm> terms(int epoch) {
        List<LossTerm> terms = losses.terms();
        if (epoch >= softness.warmupEpochs()) {
            return terms;
        }
        List<LossTerm> early =
                terms.stream().filter(term -> !term.rewardsUtility()).toList();
        return early.isEmpty() ? List.of(new LossTerm.CrossEntropy(null, null, null, null)) : early;
    }

    /** t of an epoch: geometric from start to end over the epochs after the warm-up. */
    public double steepness(int epoch) {
        int last = course.epochs() - 1;
        int warmupEpochs = softness.warmupEpochs();
        double start = softness.steepnessStart();
        if (epoch <= warmupEpochs || last <= warmupEpochs) {
            return start;
        }
        double progress = (double) (epoch - warmupEpochs) / (last - warmupEpochs);
        return start * StrictMath.pow(softness.steepnessEnd() / start, progress);
    }

    /**
     * That warm-up and surrogate have epochs each, so that trainings may share the one and part at the other.
     *
     * @param prefix of the field's name in the message
     * @throws IllegalArgumentException if they have not
     */
    public void checkWarmUp(String prefix) {
        if (softness.warmupEpochs() < 1 || softness.warmupEpochs() >= course.epochs()) {
            throw new IllegalArgumentException(prefix + "warmupEpochs is " + softness.warmupEpochs()
                    + "; expected at least 1 and less than epochs, " + course.epochs());
        }
    }

    public TrainingConfig with(Course other) {
        return new TrainingConfig(other, losses, softness, budget, thresholds, heldOutFraction, calibrate);
    }

    public TrainingConfig with(Budget other) {
        return new TrainingConfig(course, losses, softness, other, thresholds, heldOutFraction, calibrate);
    }

    /** The same training of a model that has nothing but the last exit. */
    public TrainingConfig forLastExit() {
        return new TrainingConfig(
                course, losses.forLastExit(), softness, budget, thresholds, heldOutFraction, calibrate);
    }

    public TrainingConfig withEpochs(int count) {
        return with(course.withEpochs(count));
    }
}

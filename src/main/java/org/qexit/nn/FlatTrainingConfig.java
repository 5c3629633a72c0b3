package org.qexit.nn;

import java.util.List;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Surrogate;
import org.qexit.trace.RuleKind;

/**
 * A {@link TrainingConfig} as YAML and {@code model.json} have it, all settings side by side: the names of its groups' parameters, but for
 * {@code offloadBudget}, {@code thresholds}, {@code losses} and {@code thresholdMemory}. What came later stands last. Null stands for the
 * default.
 */
record FlatTrainingConfig(
        Integer epochs,
        Integer batch,
        Double learningRate,
        Double heldOutFraction,
        List<Double> exitWeights,
        Double criticalWeight,
        Double offloadBudget,
        Surrogate surrogate,
        Double surrogateWeight,
        Integer warmupEpochs,
        Double steepnessStart,
        Double steepnessEnd,
        Double dualStep,
        ThresholdMode thresholds,
        Double lower,
        Double upper,
        List<LossTerm> losses,
        Margin margin,
        MultiplierRule multiplier,
        Double falsePositiveCap,
        Integer thresholdMemory,
        Schedule schedule,
        Integer patience,
        Boolean calibrate,
        RuleKind rule,
        TrainingEngine engine) {
    static FlatTrainingConfig of(TrainingConfig config) {
        TrainingConfig.Course course = config.course();
        TrainingConfig.Losses losses = config.losses();
        TrainingConfig.Softness softness = config.softness();
        TrainingConfig.Budget budget = config.budget();
        TrainingConfig.ThresholdSource thresholds = config.thresholds();
        return new FlatTrainingConfig(
                course.epochs(),
                course.batch(),
                course.learningRate(),
                config.heldOutFraction(),
                losses.exitWeights(),
                losses.criticalWeight(),
                budget.offload(),
                losses.surrogate(),
                losses.surrogateWeight(),
                softness.warmupEpochs(),
                softness.steepnessStart(),
                softness.steepnessEnd(),
                budget.dualStep(),
                thresholds.mode(),
                thresholds.lower(),
                thresholds.upper(),
                losses.list(),
                softness.margin(),
                budget.multiplier(),
                budget.falsePositiveCap(),
                thresholds.memory(),
                course.schedule(),
                course.patience(),
                config.calibrate(),
                thresholds.rule().orNull(),
                // The default leaves files as they were before there was a choice.
                course.engine() == TrainingEngine.QEXIT ? null : course.engine());
    }

    TrainingConfig config() {
        return new TrainingConfig(
                new TrainingConfig.Course(epochs, batch, learningRate, schedule, patience, engine),
                new TrainingConfig.Losses(exitWeights, criticalWeight, surrogate, surrogateWeight, losses),
                new TrainingConfig.Softness(margin, warmupEpochs, steepnessStart, steepnessEnd),
                new TrainingConfig.Budget(offloadBudget, falsePositiveCap, multiplier, dualStep),
                new TrainingConfig.ThresholdSource(thresholds, lower, upper, thresholdMemory, rule),
                heldOutFraction,
                calibrate);
    }
}

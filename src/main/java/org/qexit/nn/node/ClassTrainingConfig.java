package org.qexit.nn.node;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.Schedule;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.TrainingEngine;

/**
 * How an edge node's model is trained: by deep supervision, docs/edge-node.md. Null stands for the default; those of the first five and of
 * {@code heldOutFraction} are a device's model's, {@link TrainingConfig}.
 *
 * @param epochs passes over the training events
 * @param batch events per step
 * @param learningRate of Adam at its highest
 * @param schedule of the learning rate
 * @param patience epochs without a better one after which training stops
 * @param heldOutFraction share of the training events that selects the epoch instead
 * @param classWeights how much an event counts by its class; balanced
 * @param exitWeights w_q, one per exit; 1 each
 * @param engine what runs the steps, where it can
 */
public record ClassTrainingConfig(
        Integer epochs,
        Integer batch,
        Double learningRate,
        Schedule schedule,
        Integer patience,
        Double heldOutFraction,
        ClassWeights classWeights,
        List<Double> exitWeights,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultEngine.class)
        TrainingEngine engine) {
    /** All defaults. */
    public static final ClassTrainingConfig DEFAULT =
            new ClassTrainingConfig(null, null, null, null, null, null, null, null, null);

    public ClassTrainingConfig {
        // One set of checks and defaults: those of the devices' models.
        TrainingConfig same = new TrainingConfig(
                new TrainingConfig.Course(epochs, batch, learningRate, schedule, patience, engine),
                new TrainingConfig.Losses(exitWeights, null, null, null, null),
                null,
                null,
                null,
                heldOutFraction,
                null);
        epochs = same.course().epochs();
        batch = same.course().batch();
        learningRate = same.course().learningRate();
        schedule = same.course().schedule();
        heldOutFraction = same.heldOutFraction();
        exitWeights = same.losses().exitWeights();
        engine = same.course().engine();
        classWeights = classWeights == null ? ClassWeights.BALANCED : classWeights;
    }

    /** On the default engine. */
    public ClassTrainingConfig(
            Integer epochs,
            Integer batch,
            Double learningRate,
            Schedule schedule,
            Integer patience,
            Double heldOutFraction,
            ClassWeights classWeights,
            List<Double> exitWeights) {
        this(epochs, batch, learningRate, schedule, patience, heldOutFraction, classWeights, exitWeights, null);
    }

    /** The same on another engine. */
    public ClassTrainingConfig with(TrainingEngine other) {
        return new ClassTrainingConfig(
                epochs, batch, learningRate, schedule, patience, heldOutFraction, classWeights, exitWeights, other);
    }

    /** What files leave out, so that they are as before there was a choice. */
    private static final class DefaultEngine {
        @Override
        public boolean equals(Object value) {
            return value == null || value == TrainingEngine.QEXIT;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /** How long and how fast. */
    @JsonIgnore
    public TrainingConfig.Course course() {
        return new TrainingConfig.Course(epochs, batch, learningRate, schedule, patience, engine);
    }

    /** w_q, {@code [exit]}. */
    public double[] weights(int exits) {
        if (exitWeights == null) {
            double[] ones = new double[exits];
            java.util.Arrays.fill(ones, 1);
            return ones;
        }
        if (exitWeights.size() != exits) {
            throw new IllegalArgumentException(
                    "exitWeights has " + exitWeights.size() + " entries; expected one per exit, " + exits);
        }
        return exitWeights.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public ClassTrainingConfig withEpochs(int count) {
        return new ClassTrainingConfig(
                Checks.within("epochs", count, 1, 100_000),
                batch,
                learningRate,
                schedule,
                patience,
                heldOutFraction,
                classWeights,
                exitWeights,
                engine);
    }
}

package org.qexit.nn.training;

import org.qexit.common.Provenance;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.store.StoredModel;

/** What a training is for, with its settings: a device's model under a budget, or an edge node's that tells classes apart. Immutable. */
sealed interface TrainingAim permits UtilityAim, ClassAim {
    /** How long and how fast. */
    TrainingConfig.Course course();

    /** The settings as files have them but for the engine, the same text for the same settings: either engine takes up what the other began. */
    String settings();

    /**
     * Checks that the settings fit a network.
     *
     * @throws org.qexit.common.UserError if not
     */
    void check(ModelConfig model);

    /** The objective at the beginning of a training. */
    TrainingObjective begin(TrainingTask task);

    /** Where a training stands before its first step. */
    TrainingState initial(int exits);

    /** What a training came to, as a model directory holds it. */
    StoredModel stored(TrainedModel trained, Provenance provenance);

    /** Whether a model was trained by these settings. */
    boolean isOf(StoredModel stored);

    /** What makes two warm-ups the same. */
    String warmUp(ModelConfig model, TrainingData data, long seed);
}

package org.qexit.nn.training;

import java.util.function.Supplier;
import org.qexit.nn.EarlyExitModel;

/** Hears of a training's progress. */
@FunctionalInterface
public interface TrainingListener {
    /** Nobody listens. */
    TrainingListener NONE = record -> {};

    /** An epoch is over, and its checkpoint written. */
    void epochEnded(EpochRecord record);

    /**
     * As {@link #epochEnded(EpochRecord)}, which it calls unless overridden.
     *
     * @param model makes a copy of the model as it is now; only to be asked during the call
     */
    default void epochEnded(EpochRecord record, Supplier<EarlyExitModel> model) {
        epochEnded(record);
    }

    /** Asked after every step: whether to write a checkpoint and end with {@link TrainingInterrupted}. */
    default boolean stopRequested() {
        return false;
    }
}

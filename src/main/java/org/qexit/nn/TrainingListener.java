package org.qexit.nn;

/** Hears of a training's progress. */
@FunctionalInterface
public interface TrainingListener {
    /** Nobody listens. */
    TrainingListener NONE = record -> {};

    /** An epoch is over, and its checkpoint written. */
    void epochEnded(EpochRecord record);
}

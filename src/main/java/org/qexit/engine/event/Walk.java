package org.qexit.engine.event;

/** An event on its way through the stages. Used by one thread, and left when it is decided. */
public interface Walk {
    /** Runs the next stage; gives its answer, an array that may be overwritten by what follows {@link #leave}. */
    float[] next();

    /** The answer of a stage that was run, from 0. */
    float[] answer(int stage);

    /** What the stage that was run last hands on, row-major. */
    float[] handedOn();

    /** Gives back what the walk needed. */
    void leave();
}

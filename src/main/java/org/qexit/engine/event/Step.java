package org.qexit.engine.event;

/** A part of a program's work: reads some slots of numbers and writes another. Holds nothing of an event: many threads may run it. */
@FunctionalInterface
public interface Step {
    /**
     * Does it.
     *
     * @param slots {@code [slot][number]}
     * @param kernels of the thread that runs it
     */
    void run(float[][] slots, EventKernels kernels);
}

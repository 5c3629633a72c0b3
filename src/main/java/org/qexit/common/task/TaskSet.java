package org.qexit.common.task;

import java.io.Serializable;
import java.util.function.BooleanSupplier;

/**
 * Independent tasks of one kind. What a task comes to depends on the set and the task alone, never on the process, the order, or how often
 * it was begun: random choices come from streams that are named after the task.
 *
 * @param <S> what all tasks share, made once in a process
 * @param <T> which task
 * @param <R> what it comes to
 */
public interface TaskSet<S, T extends Serializable, R extends Serializable> extends Serializable {
    /**
     * Makes what the tasks share, of nothing but this set and the files that it names.
     *
     * @throws org.qexit.common.UserError if a file is not as it should be
     */
    S prepare();

    /**
     * Does a task.
     *
     * @param shared by all tasks of the process, which may be at work at the same time
     * @param stopped whether to end early, whatever is returned or thrown then
     * @throws org.qexit.common.UserError for what is wrong with the input: then it is not tried again
     */
    R run(S shared, T task, BooleanSupplier stopped);
}

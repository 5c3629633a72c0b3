package org.qexit.common.task;

import java.io.Serializable;
import java.util.function.BooleanSupplier;
import org.qexit.common.Checks;

/** Where tasks are run. Safe for several threads. */
public interface TaskRunner {
    /** How many threads should call {@link #run}, so that nothing waits for work. */
    int atATime();

    /**
     * Runs a task and waits for its end.
     *
     * @param here what the tasks share, as it is in this process
     * @param stopped looked at again and again
     * @throws java.util.concurrent.CancellationException if it was stopped and there is no result
     */
    <S, T extends Serializable, R extends Serializable> R run(
            TaskSet<S, T, R> tasks, S here, T task, BooleanSupplier stopped);

    /** Runs each task in the thread that calls, with {@code threads} of them at a time. */
    static TaskRunner here(int threads) {
        Checks.within("threads", threads, 1, Integer.MAX_VALUE);
        return new TaskRunner() {
            @Override
            public int atATime() {
                return threads;
            }

            @Override
            public <S, T extends Serializable, R extends Serializable> R run(
                    TaskSet<S, T, R> tasks, S here, T task, BooleanSupplier stopped) {
                return tasks.run(here, task, stopped);
            }
        };
    }
}

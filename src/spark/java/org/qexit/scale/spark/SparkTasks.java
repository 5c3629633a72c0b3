package org.qexit.scale.spark;

import java.io.Serializable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.qexit.common.UserError;
import org.qexit.common.Waiting;
import org.qexit.common.task.TaskRunner;
import org.qexit.common.task.TaskSet;

/**
 * Runs each task as a job of one task, so that its result is here as soon as it is there; as many jobs are under way as there are threads
 * that ask. A task whose process is lost or that fails is done again by Spark, up to spark.task.maxFailures times in all; one whose
 * input is wrong is not.
 */
final class SparkTasks implements TaskRunner {
    private static final long LOOK_MILLIS = 200;

    private final JavaSparkContext spark;
    private final TaskProgress progress;
    private final int atATime;
    private final Map<TaskSet<?, ?, ?>, SharedTasks<?, ?, ?>> shared = new IdentityHashMap<>();

    /** A result, or what is wrong with the input. */
    private record Answer<R extends Serializable>(R result, String problem) implements Serializable {}

    SparkTasks(JavaSparkContext spark, boolean local, TaskProgress progress) {
        this.spark = spark;
        this.progress = progress;
        // A machine has what it has; a cluster may grow with what waits.
        atATime = local ? spark.defaultParallelism() : 2 * Math.max(4, spark.defaultParallelism());
    }

    @Override
    public int atATime() {
        return atATime;
    }

    @Override
    public <S, T extends Serializable, R extends Serializable> R run(
            TaskSet<S, T, R> tasks, S here, T task, BooleanSupplier stopped) {
        SharedTasks<S, T, R> set = shared(tasks, here);
        progress.silent(true);
        JavaFutureAction<List<Answer<R>>> action =
                spark.parallelize(List.of(task), 1).map(one -> answer(set, one)).collectAsync();
        Answer<R> answer = await(action, task, stopped).get(0);
        if (answer.problem() != null) {
            throw new UserError(answer.problem());
        }
        return answer.result();
    }

    @SuppressWarnings("unchecked")
    private synchronized <S, T extends Serializable, R extends Serializable> SharedTasks<S, T, R> shared(
            TaskSet<S, T, R> tasks, S here) {
        return (SharedTasks<S, T, R>) shared.computeIfAbsent(
                tasks, set -> SharedTasks.of(spark, (TaskSet<S, T, R>) set, here));
    }

    private static <S, T extends Serializable, R extends Serializable> Answer<R> answer(
            SharedTasks<S, T, R> set, T task) {
        try {
            return new Answer<>(set.run(task), null);
        } catch (UserError e) {
            return new Answer<>(null, e.getMessage());
        }
    }

    private static <R> List<R> await(JavaFutureAction<List<R>> action, Serializable task, BooleanSupplier stopped) {
        try {
            while (true) {
                if (stopped.getAsBoolean()) {
                    action.cancel(true);
                    throw new CancellationException("stopped");
                }
                try {
                    return action.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // Not yet.
                }
            }
        } catch (InterruptedException e) {
            action.cancel(true);
            throw Waiting.interrupted(e);
        } catch (ExecutionException e) {
            throw SparkFailures.of(e.getCause(), "task " + UserError.shown(task.toString()));
        }
    }
}

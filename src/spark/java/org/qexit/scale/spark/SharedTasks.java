package org.qexit.scale.spark;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.qexit.common.task.TaskSet;

/** A set of tasks in each process that has work of it: what the tasks share is made there once, by the first. */
final class SharedTasks<S, T extends Serializable, R extends Serializable> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Sets whose tasks may still be under way in one process; those of before are forgotten. */
    private static final int SETS = 2;

    private static final Map<String, Object> PREPARED = new LinkedHashMap<>();

    private final String key;
    private final Broadcast<TaskSet<S, T, R>> tasks;

    private SharedTasks(String key, Broadcast<TaskSet<S, T, R>> tasks) {
        this.key = key;
        this.tasks = tasks;
    }

    /** @param here what the tasks share in this process, which runs some where Spark has no other */
    static <S, T extends Serializable, R extends Serializable> SharedTasks<S, T, R> of(
            JavaSparkContext spark, TaskSet<S, T, R> tasks, S here) {
        String key = UUID.randomUUID().toString();
        synchronized (PREPARED) {
            keep(key, here);
        }
        return new SharedTasks<>(key, spark.broadcast(tasks));
    }

    R run(T task) {
        TaskContext context = TaskContext.get();
        return tasks.value().run(prepared(), task, context::isInterrupted);
    }

    @SuppressWarnings("unchecked")
    private S prepared() {
        synchronized (PREPARED) {
            if (!PREPARED.containsKey(key)) {
                keep(key, tasks.value().prepare());
            }
            return (S) PREPARED.get(key);
        }
    }

    private static void keep(String key, Object prepared) {
        if (PREPARED.size() == SETS) {
            PREPARED.remove(PREPARED.keySet().iterator().next());
        }
        PREPARED.put(key, prepared);
    }
}

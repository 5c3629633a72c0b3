package org.qexit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.qexit.common.Checks;
import org.qexit.common.Waiting;

/** Independent runs side by side. Each draws from its own streams, so the results do not depend on how many run at a time. */
public final class Replications {
    private Replications() {}

    /**
     * Runs replications 0 to {@code count} - 1 and returns their results in that order.
     *
     * @param threads how many at a time
     * @param replication one run, by its number; must share nothing that changes with another
     */
    public static <T> List<T> run(int count, int threads, IntFunction<T> replication) {
        Checks.within("replications", count, 1, Integer.MAX_VALUE);
        Checks.within("threads", threads, 1, Integer.MAX_VALUE);
        if (threads == 1 || count == 1) {
            List<T> results = new ArrayList<>();
            for (int r = 0; r < count; r++) {
                results.add(replication.apply(r));
            }
            return results;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count), task -> {
            Thread thread = new Thread(task, "replications");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int r = 0; r < count; r++) {
                int number = r;
                futures.add(pool.submit(() -> replication.apply(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(Waiting.resultOf(future));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}

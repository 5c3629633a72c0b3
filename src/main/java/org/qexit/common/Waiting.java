package org.qexit.common;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Results of other threads, with their failures as if they had happened here. */
public final class Waiting {
    private Waiting() {}

    /**
     * The result, when it is there.
     *
     * @throws IllegalStateException if this thread is interrupted, or the task failed with a checked exception; any other failure
     *     of the task comes as it is
     */
    public static <T> T resultOf(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What to throw where a wait is interrupted; the thread stays marked as interrupted. */
    public static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for another thread", e);
    }
}

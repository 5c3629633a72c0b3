package org.qexit.cli.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns Ctrl-C into a request to stop, and keeps the JVM alive until the work in hand is written. */
public final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Thread hook;
    private final CountDownLatch done = new CountDownLatch(1);

    private Interruption(AtomicBoolean stop) {
        hook = new Thread(() -> {
            stop.set(true);
            try {
                done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static Interruption stopping(AtomicBoolean stop) {
        Interruption interruption = new Interruption(stop);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down already: the hook is what keeps it waiting.
            return;
        }
    }
}

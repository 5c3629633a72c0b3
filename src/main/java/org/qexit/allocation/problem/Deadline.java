package org.qexit.allocation.problem;

import java.util.concurrent.atomic.AtomicBoolean;

/** When to stop: a moment, or a stop asked from outside. Safe to share between threads. */
public final class Deadline {
    private final long start = System.nanoTime();
    private final long nanos;
    private final AtomicBoolean stopped;

    private Deadline(long nanos, AtomicBoolean stopped) {
        this.nanos = nanos;
        this.stopped = stopped;
    }

    public static Deadline after(double seconds, AtomicBoolean stop) {
        double limit = Math.min(seconds * 1e9, Long.MAX_VALUE / 4.0);
        return new Deadline((long) limit, stop);
    }

    /** A part of what is left, for one phase. */
    public Deadline part(double share) {
        return new Deadline((long) (Math.max(0, nanos - (System.nanoTime() - start)) * share), stopped);
    }

    public boolean passed() {
        return stopped.get() || System.nanoTime() - start >= nanos;
    }

    public double secondsUsed() {
        return (System.nanoTime() - start) * 1e-9;
    }

    public double secondsLeft() {
        return Math.max(0, (nanos - (System.nanoTime() - start)) * 1e-9);
    }

    public AtomicBoolean stopFlag() {
        return stopped;
    }
}

package org.qexit.common;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that wait for work without using the processor, shared by all computations and started when first asked for. Starting a job
 * allocates nothing. While one caller has them, others work alone.
 */
public final class Team {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final List<Worker> WORKERS = new ArrayList<>();
    private static final AtomicInteger LEFT = new AtomicInteger();
    private static volatile Thread caller;
    private static volatile Throwable failure;

    /** As long as what lies between the two halves of a training step of a small network. */
    private static final long SPIN_NANOS = 100_000;

    private Team() {}

    /** What every thread does; {@code member} counts from 0, the caller. */
    public interface Job {
        void run(int member);
    }

    /** Runs a job on {@code threads} threads, the caller being one, and returns when all have ended. */
    public static void run(int threads, Job job) {
        if (threads == 1 || !LOCK.tryLock()) {
            job.run(0);
            return;
        }
        try {
            while (WORKERS.size() < threads - 1) {
                Worker worker = new Worker(WORKERS.size() + 1);
                worker.setDaemon(true);
                worker.start();
                WORKERS.add(worker);
            }
            failure = null;
            caller = Thread.currentThread();
            LEFT.set(threads - 1);
            for (int i = 0; i < threads - 1; i++) {
                WORKERS.get(i).job = job;
                LockSupport.unpark(WORKERS.get(i));
            }
            try {
                job.run(0);
            } finally {
                long since = System.nanoTime();
                while (LEFT.get() > 0) {
                    rest(since, LOCK);
                }
            }
            if (failure != null) {
                throw new IllegalStateException("a worker thread failed: " + failure, failure);
            }
        } finally {
            caller = null;
            LOCK.unlock();
        }
    }

    /** A moment of waiting: going round at first, for what comes next is mostly near and waking takes long. */
    private static void rest(long since, Object blocker) {
        if (System.nanoTime() - since < SPIN_NANOS) {
            Thread.onSpinWait();
        } else {
            LockSupport.park(blocker);
        }
    }

    private static final class Worker extends Thread {
        private final int member;
        private volatile Job job;

        Worker(int member) {
            super("qexit-worker-" + member);
            this.member = member;
        }

        @Override
        public void run() {
            long since = System.nanoTime();
            while (true) {
                Job mine = job;
                if (mine == null) {
                    rest(since, this);
                    continue;
                }
                try {
                    mine.run(member);
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    job = null;
                    since = System.nanoTime();
                    if (LEFT.decrementAndGet() == 0) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }
    }
}

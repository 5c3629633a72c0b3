package org.qexit.tier.live.report;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.Heartbeat;

/**
 * Posts heartbeats at intervals, and alarms until they are taken, by a thread of its own; at the end once more, unless the cloud is away. What
 * the cloud misses of heartbeats is lost.
 */
public final class StatusReports implements AutoCloseable {
    /** More alarms than the server takes within an hour; of more, the oldest go. */
    private static final int MOST_ALARMS = 16;

    private static final double MILLIS = 1e3;
    private static final long JOIN_MILLIS = 2_000;

    private final CloudReports cloud;
    private final long intervalMillis;
    private final Supplier<Heartbeat> heartbeat;
    private final Consumer<String> say;
    private final ArrayDeque<Alarm> alarms = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "heartbeats");
    private boolean closed;
    private boolean away;

    /**
     * Begins with a heartbeat.
     *
     * @param heartbeat makes one; called by the thread here
     * @param say takes a line when the cloud goes away or comes back
     */
    public StatusReports(ReportSettings settings, Supplier<Heartbeat> heartbeat, Consumer<String> say) {
        this.cloud = settings.cloud();
        this.intervalMillis = (long) (MILLIS * settings.heartbeatSeconds());
        this.heartbeat = heartbeat;
        this.say = say;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes an alarm; it is told in the next seconds, or when the cloud is back. */
    public synchronized void alarm(Alarm alarm) {
        if (alarms.size() == MOST_ALARMS) {
            alarms.removeFirst();
        }
        alarms.addLast(alarm);
        notifyAll();
    }

    private void run() {
        try {
            long next = System.nanoTime();
            boolean more = true;
            while (more) {
                boolean beat = System.nanoTime() - next >= 0;
                if (beat) {
                    next = System.nanoTime() + intervalMillis * 1_000_000;
                }
                boolean failed = !told(beat);
                more = pause((next - System.nanoTime()) / 1_000_000, failed);
            }
            if (!away) {
                told(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the next heartbeat or a new alarm; after a failure for the heartbeat only. False if it is over. */
    private synchronized boolean pause(long millis, boolean failed) throws InterruptedException {
        if (!closed && (failed || alarms.isEmpty())) {
            wait(Math.max(1, millis));
        }
        return !closed;
    }

    private boolean told(boolean beat) {
        try {
            boolean all = !beat || cloud.heartbeat(heartbeat.get());
            for (Alarm alarm = first(); alarm != null; alarm = first()) {
                if (!cloud.alarm(alarm)) {
                    return false;
                }
                remove(alarm);
            }
            if (away) {
                say.accept("heartbeats: the cloud takes them again");
            }
            away = false;
            return all;
        } catch (IOException | RuntimeException e) {
            if (!away) {
                say.accept(
                        "heartbeats: the cloud does not take them: " + UserError.shown(String.valueOf(e.getMessage())));
            }
            away = true;
            return false;
        }
    }

    private synchronized Alarm first() {
        return alarms.peekFirst();
    }

    private synchronized void remove(Alarm alarm) {
        alarms.remove(alarm);
    }

    /** Alarms that are not told yet. */
    public synchronized int waiting() {
        return alarms.size();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(JOIN_MILLIS);
            thread.interrupt();
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

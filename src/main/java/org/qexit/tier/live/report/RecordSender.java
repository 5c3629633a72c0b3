package org.qexit.tier.live.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.CloudRefusal;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.control.EventRecords;

/**
 * Brings records of answered events to the cloud server, in batches, from disk: what was added is told until the server has acknowledged it,
 * across restarts and {@code kill -9}. Nothing here waits for the server but a thread of its own. Beyond the limits of the log the oldest are
 * given up; a record that the server finds wrong is given up alone.
 */
public final class RecordSender implements AutoCloseable {
    private static final long MOST_BYTES = 4L << 20;
    private static final long IDLE_MILLIS = 500;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final long JOIN_MILLIS = 10_000;

    private final RecordLog waiting;
    private final CloudReports cloud;
    private final Consumer<String> log;
    private final Thread thread = new Thread(this::run, "records");
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private boolean closed;
    private int most = EventRecords.MOST;
    private long pauseMillis;
    private boolean away;
    private boolean overflowTold;
    private boolean diskTold;

    /**
     * Begins with what waits from before.
     *
     * @param directory of this process alone
     * @param log takes a line on what should be known
     * @throws UserError if the directory is another process's, or its log damaged
     */
    public RecordSender(Path directory, ReportSettings settings, Consumer<String> log) {
        this.waiting = new RecordLog(directory, settings.waiting());
        this.cloud = settings.cloud();
        this.log = log;
        waiting.told().ifPresent(log);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes the record of an event that is about to be answered; it is on disk when this returns, unless the disk refuses. Never throws. */
    public void add(EventRecord record) {
        String trouble = null;
        try {
            waiting.add(record);
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            if (trouble != null && !diskTold) {
                diskTold = true;
                log.accept("records: " + UserError.shown(trouble) + "; events are answered, and not told to the cloud");
            } else if (trouble == null && waiting.dropped() > 0 && !overflowTold) {
                overflowTold = true;
                log.accept("records: too many wait for the cloud; the oldest are given up");
            }
            diskTold &= trouble != null;
            notifyAll();
        }
    }

    private void run() {
        try {
            while (!isOver(pauseMillis)) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for records, or for the cloud to be tried again; true if it is over. */
    private synchronized boolean isOver(long pause) throws InterruptedException {
        long until = System.nanoTime() + pause * 1_000_000;
        for (long left = pause; !closed && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        while (!closed && waiting.size() == 0) {
            wait(IDLE_MILLIS);
        }
        return closed;
    }

    private void attempt() {
        try {
            List<RecordLog.Numbered> batch = waiting.oldest(most, MOST_BYTES);
            if (!batch.isEmpty()) {
                attempt(batch);
            }
        } catch (CloudRefusal e) {
            later("refuses records: " + e.getMessage());
        } catch (IOException e) {
            later("does not take records: " + e.getMessage());
        } catch (RuntimeException e) {
            later("records cannot be told: " + e.getMessage());
        }
    }

    private void attempt(List<RecordLog.Numbered> batch) throws IOException {
        boolean taken;
        try {
            taken = cloud.records(batch.stream().map(RecordLog.Numbered::record).toList());
        } catch (CloudRefusal e) {
            if (!e.isForGood()) {
                throw e;
            }
            if (batch.size() > 1) {
                most = Math.max(1, batch.size() / 2);
                return;
            }
            if (refused.getAndIncrement() == 0) {
                log.accept("records: that of event " + batch.get(0).record().id() + " is given up: " + e.getMessage());
            }
            waiting.done(batch);
            return;
        }
        if (!taken) {
            later("asks to come again later");
            return;
        }
        acknowledged.addAndGet(batch.size());
        waiting.done(batch);
        most = Math.min(EventRecords.MOST, 2 * most);
        pauseMillis = 0;
        if (away) {
            log.accept("records: the cloud takes them again");
        }
        away = false;
    }

    private void later(String why) {
        if (!away) {
            log.accept("records: the cloud " + UserError.shown(why) + "; they wait on disk");
        }
        away = true;
        pauseMillis = pauseMillis == 0 ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }

    /** Figures since the start: acknowledged, dropped for want of room, refused, and waiting now. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        counts.put("recordsAcknowledged", acknowledged.get());
        counts.put("recordsDropped", waiting.dropped());
        counts.put("recordsRefused", refused.get());
        counts.put("recordsWaiting", (long) waiting.size());
        return counts;
    }

    /** Ends; what waits is told by the next one on the same directory. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
            waiting.close();
        } catch (IOException e) {
            log.accept("records: " + UserError.shown(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

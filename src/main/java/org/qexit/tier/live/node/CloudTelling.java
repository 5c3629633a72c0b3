package org.qexit.tier.live.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.journal.AppendLog;
import org.qexit.tier.live.journal.Appended;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.Place;

/**
 * Tells the cloud server what was answered, and that the node is there. Records wait on disk while the server is away, up to {@value #MOST};
 * what is more is not told, and counted. After a restart some are told again, which the server knows by their ids. Safe for use by several
 * threads.
 */
final class CloudTelling implements AutoCloseable {
    private static final int MOST = 100_000;
    private static final int AT_ONCE = 200;
    private static final long LOOK_MILLIS = 500;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** Segments of 1 MiB: few records are told again after a restart. */
    private static final LogSettings SIZES = new LogSettings(1 << 20, 1 << 27);

    private final CloudReports cloud;
    private final Supplier<Heartbeat> heartbeat;
    private final Consumer<String> log;
    private final AppendLog records;
    private final Deque<Place> waiting = new ArrayDeque<>();
    private final Deque<Appended> fresh = new ArrayDeque<>();
    private final Thread sender = new Thread(this::run, "cloud");
    private long untold;
    private long pauseMillis;
    private long lastBeat = -HEARTBEAT_MILLIS;
    private volatile boolean closed;

    /** @param directory of this process alone */
    CloudTelling(CloudReports cloud, Supplier<Heartbeat> heartbeat, Path directory, Consumer<String> log) {
        this.cloud = cloud;
        this.heartbeat = heartbeat;
        this.log = log;
        this.records = AppendLog.open(directory, SIZES, (place, bytes) -> waiting.add(place));
        sender.setDaemon(true);
        sender.start();
    }

    /** Tells of an event, soon. */
    void tell(EventRecord record) {
        byte[] bytes = Json.compact(record).getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            if (waiting.size() + fresh.size() >= MOST) {
                untold++;
                return;
            }
            try {
                fresh.add(records.append(bytes));
            } catch (IOException e) {
                untold++;
            }
        }
    }

    /** Events that were not told, as too many waited or the disk refused. */
    synchronized long untold() {
        return untold;
    }

    private void run() {
        try {
            while (!closed) {
                boolean more = step();
                if (!more) {
                    Thread.sleep(Math.max(LOOK_MILLIS, pauseMillis));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells some; whether there may be more at once. */
    private boolean step() {
        try {
            long now = System.nanoTime() / 1_000_000;
            if (now - lastBeat >= HEARTBEAT_MILLIS) {
                cloud.heartbeat(heartbeat.get());
                lastBeat = now;
            }
            List<Place> some = some();
            boolean told = some.isEmpty() || cloud.records(read(some));
            if (told) {
                done(some.size());
                pauseMillis = 0;
            }
            return told && some.size() == AT_ONCE;
        } catch (IOException | UserError | IllegalArgumentException e) {
            if (pauseMillis == 0 && !closed) {
                log.accept("cloud: " + UserError.shown(String.valueOf(e.getMessage())) + "; it is tried again");
            }
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(LOOK_MILLIS, 2 * pauseMillis));
            return false;
        }
    }

    /** The oldest that are on disk. */
    private List<Place> some() {
        List<Appended> written;
        synchronized (this) {
            written = new ArrayList<>(fresh);
            fresh.clear();
        }
        List<Place> arrived = new ArrayList<>();
        long lost = 0;
        for (Appended one : written) {
            try {
                one.force();
                arrived.add(one.place());
            } catch (IOException e) {
                lost++;
            }
        }
        synchronized (this) {
            untold += lost;
            waiting.addAll(arrived);
            return waiting.stream().limit(AT_ONCE).toList();
        }
    }

    private List<EventRecord> read(List<Place> places) throws IOException {
        List<EventRecord> read = new ArrayList<>();
        for (Place place : places) {
            String text = new String(records.read(place), StandardCharsets.UTF_8);
            read.add(Json.parse("record " + place.number(), text, EventRecord.class));
        }
        return read;
    }

    private void done(int count) throws IOException {
        long keep;
        synchronized (this) {
            for (int i = 0; i < count; i++) {
                waiting.remove();
            }
            boolean none = waiting.isEmpty() && fresh.isEmpty();
            keep = none
                    ? records.next()
                    : waiting.isEmpty() ? fresh.peek().number() : waiting.peek().number();
        }
        if (count > 0) {
            records.forget(keep);
        }
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
        try {
            sender.join(LONGEST_PAUSE_MILLIS);
            records.close();
        } catch (IOException e) {
            log.accept("cloud: " + UserError.shown(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

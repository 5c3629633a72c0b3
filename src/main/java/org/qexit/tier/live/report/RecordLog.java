package org.qexit.tier.live.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.journal.AppendLog;
import org.qexit.tier.live.journal.Appended;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.Place;

/**
 * Records that the cloud server has not acknowledged yet, on disk, bounded: beyond the bound the oldest go, and are counted. Safe for use by
 * several threads, which share calls of fsync.
 */
public final class RecordLog implements AutoCloseable {
    private static final byte RECORD = 'R';
    private static final byte DONE = 'D';

    private final AppendLog log;
    private final Limits limits;
    private final TreeMap<Long, Place> waiting = new TreeMap<>();
    private final TreeMap<Long, Integer> sizes = new TreeMap<>();
    private final TreeSet<Long> onTheirWay = new TreeSet<>();
    private long bytes;
    private long dropped;

    /**
     * What may wait.
     *
     * @param records at most
     * @param bytes of them at most; a larger one alone still waits
     */
    public record Limits(int records, long bytes) {
        /** 10,000 records, 256 MiB. */
        public static final Limits STANDARD = new Limits(10_000, 1L << 28);

        public Limits {
            Checks.within("records", records, 1, 1_000_000);
            Checks.within("bytes", bytes, 1, 1L << 40);
        }
    }

    /** A record and its number. */
    record Numbered(long number, EventRecord record) {}

    /** @throws UserError if it is another process's, or damaged */
    RecordLog(Path directory, Limits limits) {
        this(directory, limits, LogSettings.STANDARD);
    }

    RecordLog(Path directory, Limits limits, LogSettings segments) {
        this.limits = limits;
        log = AppendLog.open(directory, segments, this::replay);
        dropped = 0;
    }

    private void replay(Place place, byte[] entry) {
        ByteBuffer content = ByteBuffer.wrap(entry);
        byte kind = content.get();
        if (kind == RECORD) {
            keep(place, entry.length);
        } else if (kind == DONE) {
            while (content.remaining() >= Long.BYTES) {
                remove(content.getLong());
            }
        } else {
            throw new UserError("entry " + place.number() + " of the records for the cloud is of an unknown kind");
        }
    }

    private void keep(Place place, int size) {
        waiting.put(place.number(), place);
        sizes.put(place.number(), size);
        bytes += size;
        while (waiting.size() > limits.records() || bytes > limits.bytes() && waiting.size() > 1) {
            remove(waiting.firstKey());
            dropped++;
        }
    }

    private void remove(long number) {
        if (waiting.remove(number) != null) {
            bytes -= sizes.remove(number);
        }
    }

    /** What the log has to say of its last end. */
    Optional<String> told() {
        return log.told();
    }

    /**
     * Takes a record; it is on disk when this returns.
     *
     * @throws IOException if the disk refuses: it was not taken, and counts as dropped
     */
    void add(EventRecord record) throws IOException {
        byte[] json = Json.compact(record).getBytes(StandardCharsets.UTF_8);
        byte[] entry = new byte[json.length + 1];
        entry[0] = RECORD;
        System.arraycopy(json, 0, entry, 1, json.length);
        Appended appended = written(entry);
        synchronized (this) {
            onTheirWay.remove(appended.number());
            keep(appended.place(), entry.length);
            tidy();
        }
    }

    private Appended written(byte[] entry) throws IOException {
        Appended appended = null;
        try {
            synchronized (this) {
                appended = log.append(entry);
                onTheirWay.add(appended.number());
            }
            appended.force();
            return appended;
        } catch (IOException e) {
            synchronized (this) {
                dropped++;
                if (appended != null) {
                    onTheirWay.remove(appended.number());
                }
            }
            throw e;
        }
    }

    /** Forgets what is before the oldest that counts. */
    private void tidy() throws IOException {
        long oldest = waiting.isEmpty() ? log.next() : waiting.firstKey();
        log.forget(onTheirWay.isEmpty() ? oldest : Math.min(oldest, onTheirWay.first()));
    }

    /**
     * The oldest records.
     *
     * @param most of them
     * @param mostBytes of them together, unless the first alone is larger
     */
    List<Numbered> oldest(int most, long mostBytes) throws IOException {
        List<Numbered> batch = new ArrayList<>();
        long size = 0;
        Long number = 0L;
        while (batch.size() < most) {
            byte[] entry;
            // One at a time: who answers events waits for one reading at most.
            synchronized (this) {
                number = waiting.higherKey(number);
                if (number == null || !batch.isEmpty() && size + sizes.get(number) > mostBytes) {
                    break;
                }
                size += sizes.get(number);
                entry = log.read(waiting.get(number));
            }
            String json = new String(entry, 1, entry.length - 1, StandardCharsets.UTF_8);
            batch.add(new Numbered(number, Json.parse("record " + number, json, EventRecord.class)));
        }
        return batch;
    }

    /** These need not be told any more; on disk when it returns. */
    void done(List<Numbered> batch) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(1 + batch.size() * Long.BYTES).put(DONE);
        batch.forEach(one -> entry.putLong(one.number()));
        log.append(entry.array()).force();
        synchronized (this) {
            batch.forEach(one -> remove(one.number()));
            tidy();
        }
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Records that were given up for want of room, since it was opened. */
    synchronized long dropped() {
        return dropped;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}

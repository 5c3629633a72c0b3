package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.journal.AppendLog;
import org.qexit.tier.live.journal.Appended;
import org.qexit.tier.live.journal.LogReader;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.Place;

/**
 * All that came in, in a log, with the place of every event that is still wanted. When the log is more than twice as large as what is
 * wanted of it, the wanted ones of its oldest segment are appended again and the segment goes. To be used under one lock.
 */
final class EventStore implements AutoCloseable {
    private static final int SEGMENTS_MORE = 2;

    private final AppendLog log;
    private final Map<String, Kept> events = new HashMap<>();
    private final TreeMap<Long, String> byNumber = new TreeMap<>();
    private final Map<String, Integer> byDevice = new HashMap<>();
    private long wantedBytes;

    private record Kept(Place place, String device, int bytes) {}

    /** @param replay is given all entries and their numbers, in order */
    EventStore(Path directory, LogSettings settings, BiConsumer<Long, LogEntry> replay) {
        LogReader reader = (place, bytes) -> {
            LogEntry entry = LogEntry.read(directory.toString(), bytes);
            if (entry.event() != null) {
                keep(entry, place, bytes.length);
            }
            replay.accept(place.number(), entry);
        };
        log = AppendLog.open(directory, settings, reader);
    }

    Optional<String> told() {
        return log.told();
    }

    private void keep(LogEntry entry, Place place, int bytes) {
        String id = entry.event().id();
        drop(id);
        events.put(id, new Kept(place, entry.event().device(), bytes));
        byNumber.put(place.number(), id);
        byDevice.merge(entry.event().device(), 1, Integer::sum);
        wantedBytes += bytes;
    }

    boolean has(String id) {
        return events.containsKey(id);
    }

    /** Events of a device that are kept. */
    int of(String device) {
        return byDevice.getOrDefault(device, 0);
    }

    int size() {
        return events.size();
    }

    /** An event that is wanted no more. */
    void drop(String id) {
        Kept kept = events.remove(id);
        if (kept != null) {
            byNumber.remove(kept.place().number());
            byDevice.computeIfPresent(kept.device(), (device, n) -> n == 1 ? null : n - 1);
            wantedBytes -= kept.bytes();
        }
    }

    /** Those that nothing wants go. */
    void retain(Set<String> wanted) {
        for (String id : List.copyOf(events.keySet())) {
            if (!wanted.contains(id)) {
                drop(id);
            }
        }
    }

    /**
     * Appends entries and returns when they are on disk.
     *
     * @return the number of the last
     * @throws IOException if the disk refuses; none counts then
     */
    long append(List<LogEntry> entries) throws IOException {
        List<Appended> all = new ArrayList<>();
        List<byte[]> texts = new ArrayList<>();
        for (LogEntry entry : entries) {
            texts.add(entry.bytes());
            all.add(log.append(texts.get(texts.size() - 1)));
        }
        for (Appended one : all) {
            one.force();
        }
        for (int i = 0; i < all.size(); i++) {
            if (entries.get(i).event() != null) {
                keep(entries.get(i), all.get(i).place(), texts.get(i).length);
            }
        }
        return all.get(all.size() - 1).number();
    }

    /** An event that is kept. */
    EventRecord event(String id) {
        Kept kept = events.get(id);
        if (kept == null) {
            throw new IllegalStateException("event '" + id + "' is not kept");
        }
        try {
            return LogEntry.read("the log", log.read(kept.place())).event();
        } catch (IOException e) {
            throw new UserError("an event cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a device sent. */
    byte[] payload(String id) {
        return event(id).bytes();
    }

    /**
     * Forgets the oldest segment if that makes room.
     *
     * @param snapshot number up to which the state's file holds all
     */
    void clean(long snapshot) throws IOException {
        long second = log.secondSegment();
        long spare = (long) SEGMENTS_MORE * log.settings().segmentBytes();
        while (second != 0 && second <= snapshot + 1 && log.bytes() > 2 * wantedBytes + spare) {
            List<LogEntry> again = new ArrayList<>();
            for (String id : byNumber.headMap(second).values()) {
                again.add(LogEntry.read("the log", log.read(events.get(id).place()))
                        .again());
            }
            if (!again.isEmpty()) {
                append(again);
            }
            log.forget(second);
            second = log.secondSegment();
        }
    }

    long bytes() {
        return log.bytes();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}

package org.qexit.tier.live.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which records of a log still count. They are kept on disk, however old: when the log is more than twice as large as they are, and two
 * segments more, those of its oldest segment are appended again, and the segment is forgotten. To be used under one lock, that of the
 * owner's state.
 */
final class LiveRecords {
    private static final int SEGMENTS_MORE = 2;

    /** Appends what sums up the records that count no more. */
    @FunctionalInterface
    interface Summary {
        Appended append() throws IOException;
    }

    private final TreeMap<Long, Live> live = new TreeMap<>();
    private final Set<Appended> onTheirWay = new HashSet<>();
    private long bytes;

    /** One that counts until it is dropped. */
    static final class Live {
        private Place place;
        private final int bytes;

        private Live(Place place, int bytes) {
            this.place = place;
            this.bytes = bytes;
        }

        Place place() {
            return place;
        }
    }

    /** Appends a record that will count once it is on disk; to be followed by {@link #arrived} or {@link #lost}. */
    Appended append(AppendLog log, byte[] payload) throws IOException {
        Appended appended = log.append(payload);
        onTheirWay.add(appended);
        return appended;
    }

    Live arrived(Appended appended, int payloadBytes) {
        onTheirWay.remove(appended);
        return add(appended.place(), payloadBytes);
    }

    void lost(Appended appended) {
        onTheirWay.remove(appended);
    }

    Live add(Place place, int payloadBytes) {
        Live entry = new Live(place, RecordFormat.HEADER + payloadBytes);
        live.put(place.number(), entry);
        bytes += entry.bytes;
        return entry;
    }

    void drop(Live entry) {
        if (live.remove(entry.place.number(), entry)) {
            bytes -= entry.bytes;
        }
    }

    /**
     * Makes room if that is worth while. If the disk refuses, all is as before.
     *
     * @param summary is asked before the segment is forgotten
     */
    void clean(AppendLog log, Summary summary) throws IOException {
        long second = log.secondSegment();
        if (second == 0
                || log.bytes()
                        <= 2 * bytes + (long) SEGMENTS_MORE * log.settings().segmentBytes()
                || onTheirWay.stream().anyMatch(appended -> appended.number() < second)) {
            return;
        }
        List<Live> old = new ArrayList<>(live.headMap(second).values());
        List<Appended> copies = new ArrayList<>();
        for (Live entry : old) {
            copies.add(log.append(log.read(entry.place)));
        }
        copies.add(summary.append());
        for (Appended copy : copies) {
            copy.force();
        }
        for (int i = 0; i < old.size(); i++) {
            Live entry = old.get(i);
            live.remove(entry.place.number());
            entry.place = copies.get(i).place();
            live.put(entry.place.number(), entry);
        }
        log.forget(second);
    }
}

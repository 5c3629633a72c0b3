package org.qexit.tier.live.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.journal.AppendLog;
import org.qexit.tier.live.journal.Appended;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.Place;

/** Alerts that are to be posted, on disk, each until it is done. Safe for use by several threads. */
final class AlertLog implements AutoCloseable {
    /** Waiting at a time. */
    static final int MOST = 10_000;

    private static final byte WAITS = 'A';
    private static final byte DONE = 'D';

    private final AppendLog log;
    private final TreeMap<Long, Alert> waiting = new TreeMap<>();
    private final Set<String> keys = new HashSet<>();
    /** The last that are done: an event that is decided again after a kill is not told again. */
    private final LinkedHashSet<String> done = new LinkedHashSet<>();

    /** @throws UserError if it is another process's, or damaged */
    AlertLog(Path directory) {
        log = AppendLog.open(directory, LogSettings.STANDARD, this::replay);
    }

    private void replay(Place place, byte[] record) {
        ByteBuffer bytes = ByteBuffer.wrap(record);
        byte kind = bytes.get();
        if (kind == WAITS) {
            String json = new String(record, 1, record.length - 1, StandardCharsets.UTF_8);
            put(place.number(), Json.parse("alert " + place.number(), json, Alert.class));
        } else if (kind == DONE) {
            remove(bytes.getLong());
        } else {
            throw new UserError("alert " + place.number() + " is of an unknown kind");
        }
    }

    private void put(long number, Alert alert) {
        waiting.put(number, alert);
        keys.add(alert.key());
    }

    private void remove(long number) {
        Alert alert = waiting.remove(number);
        if (alert != null) {
            keys.remove(alert.key());
            done.add(alert.key());
            if (done.size() > MOST) {
                done.remove(done.iterator().next());
            }
        }
    }

    /**
     * Takes alerts that are not known yet; they are on disk when it returns.
     *
     * @return whether there was room for them
     * @throws IOException if the disk refuses: none was taken
     */
    boolean add(List<Alert> alerts) throws IOException {
        synchronized (this) {
            List<Alert> fresh = alerts.stream()
                    .filter(alert -> !keys.contains(alert.key()) && !done.contains(alert.key()))
                    .toList();
            if (waiting.size() + fresh.size() > MOST) {
                return false;
            }
            for (Alert alert : fresh) {
                byte[] json = Json.compact(alert).getBytes(StandardCharsets.UTF_8);
                byte[] record = new byte[json.length + 1];
                record[0] = WAITS;
                System.arraycopy(json, 0, record, 1, json.length);
                Appended one = log.append(record);
                one.force();
                put(one.number(), alert);
            }
        }
        return true;
    }

    /** Those that wait, by number. */
    synchronized Map<Long, Alert> waiting() {
        return new TreeMap<>(waiting);
    }

    /** One is done; on disk when it returns. */
    void done(long number) throws IOException {
        synchronized (this) {
            log.append(ByteBuffer.allocate(1 + Long.BYTES)
                            .put(DONE)
                            .putLong(number)
                            .array())
                    .force();
            remove(number);
            log.forget(waiting.isEmpty() ? log.next() : waiting.firstKey());
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}

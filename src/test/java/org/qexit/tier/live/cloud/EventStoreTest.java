package org.qexit.tier.live.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.journal.LogSettings;

/** The store against a plain map, through many rotations and openings. */
class EventStoreTest {
    private static final LogSettings SMALL = new LogSettings(1 << 12, 1 << 16);

    @TempDir
    private Path folder;

    private static EventRecord record(int seq, byte[] payload) {
        return EventRecord.of("ue" + seq % 3, "0123456789abcdef-" + (seq + 1), "0".repeat(64), 0, 1, payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatIsWantedStaysAndTheRestMakesRoom(int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, byte[]> wanted = new HashMap<>();
        long last = -1;
        int seq = 0;
        long most = 0;
        for (int opening = 0; opening < 4; opening++) {
            try (EventStore store = new EventStore(folder, SMALL, (number, entry) -> {})) {
                store.retain(wanted.keySet());
                assertEquals(wanted.size(), store.size());
                for (int step = 0; step < 200; step++) {
                    byte[] payload = new byte[1 + random.nextInt(300)];
                    random.nextBytes(payload);
                    EventRecord record = record(seq++, payload);
                    wanted.put(record.id(), payload);
                    last = store.append(List.of(LogEntry.of(record)));
                    if (random.nextInt(10) > 0) {
                        List<String> ids = new ArrayList<>(wanted.keySet());
                        String id = ids.get(random.nextInt(ids.size()));
                        wanted.remove(id);
                        store.drop(id);
                    }
                    store.clean(random.nextBoolean() ? last : 0);
                    most = Math.max(most, store.bytes());
                }
                store.clean(last);
                for (Map.Entry<String, byte[]> one : wanted.entrySet()) {
                    assertArrayEquals(one.getValue(), store.payload(one.getKey()));
                }
                assertThrows(IllegalStateException.class, () -> store.payload("ue1/x"));
                int counted = store.of("ue0") + store.of("ue1") + store.of("ue2");
                assertEquals(wanted.size(), counted);
            }
        }
        assertTrue(most < 200_000, "the log grew to " + most);
    }

    /** Before the state is on disk, nothing goes that the state would need to be made again. */
    @Test
    void whatTheStateLacksIsNotForgotten() throws Exception {
        AtomicLong seen = new AtomicLong();
        try (EventStore store = new EventStore(folder, SMALL, (number, entry) -> {})) {
            for (int i = 0; i < 300; i++) {
                store.append(List.of(LogEntry.of(record(i, new byte[100]))));
                store.drop(record(i, new byte[0]).id());
                store.clean(0);
            }
        }
        try (EventStore store = new EventStore(folder, SMALL, (number, entry) -> seen.incrementAndGet())) {
            assertEquals(300, seen.get());
            store.retain(java.util.Set.of());
            store.clean(300);
            assertTrue(store.bytes() < 3 * (1 << 12) + 100, "the log has " + store.bytes());
        }
    }
}

package org.qexit.tier.live.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

class OutboxTest {
    private static final LogSettings SMALL = new LogSettings(1500, 1 << 16);

    @TempDir(factory = InMemory.class)
    private Path folder;

    /** Hears as the device's log does: what was told before a restart may be told again. */
    private static final class Heard implements Outbox.Listener {
        private final Map<Long, EventEnd> ends = new HashMap<>();
        private final List<OutboxEvent> accepted = new ArrayList<>();

        @Override
        public void ended(EventEnd end) {
            EventEnd before = ends.put(end.event(), end);
            assertTrue(before == null || before.equals(end), before + " and " + end);
        }

        @Override
        public void accepted(OutboxEvent event) {
            accepted.add(event);
        }

        @Override
        public void forget() {}
    }

    private Outbox open(Heard heard) {
        return Outbox.open(folder.resolve("outbox"), SMALL, "source", heard);
    }

    private static byte[] payload(long event) {
        return ("payload of " + event + " ".repeat((int) (event % 50))).getBytes(StandardCharsets.UTF_8);
    }

    /** Against a plain list of what was taken and how it ended: through cleaning, restarts and copies of what a kill leaves. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyEventEndsOnceThroughCleaningAndRestarts(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Heard heard = new Heard();
        Map<Long, EventEnd> ends = new HashMap<>();
        TreeMap<Long, OutboxEvent> waiting = new TreeMap<>();
        Outbox outbox = open(heard);
        long epoch = outbox.epoch();
        long taken = 0;
        long seq = 0;
        long most = 0;
        for (int step = 0; step < 4000; step++) {
            int what = random.nextInt(10);
            if (what < 3) {
                taken++;
                outbox.keep(EventEnd.Kind.DROPPED, 1, 5);
                ends.put(taken, EventEnd.local(taken, EventEnd.Kind.DROPPED, 1, 5));
            } else if (what < 6) {
                taken++;
                seq++;
                outbox.accept(2, taken, taken + 100, payload(taken));
                outbox.flush();
                waiting.put(seq, new OutboxEvent(taken, seq, 2, taken, taken + 100));
            } else if (what < 9 && !waiting.isEmpty()) {
                // One in twenty waits for long, and is carried along.
                Long key = random.nextInt(20) == 0 ? waiting.firstKey() : waiting.lastKey();
                OutboxEvent event = waiting.remove(key);
                assertArrayEquals(payload(event.event()), outbox.payload(event));
                EventEnd end = new EventEnd(
                        event.event(), event.seq(), EventEnd.Kind.CLASSIFIED, step % 3, 2, 1, "en1", 2, 1000L * step);
                outbox.end(end);
                ends.put(end.event(), end);
            } else if (random.nextInt(20) == 0) {
                outbox.close();
                outbox = open(heard);
                assertEquals(epoch, outbox.epoch());
                assertEquals(List.copyOf(waiting.values()), outbox.waiting());
                assertEquals(taken, outbox.taken());
                assertEquals(waiting.isEmpty() ? seq + 1 : waiting.firstKey(), outbox.settled());
            }
            most = Math.max(most, outbox.bytes());
        }
        outbox.flush();
        Ledger ledger = outbox.ledger();
        assertEquals(ends, heard.ends);
        assertEquals(taken, ledger.taken());
        assertEquals(seq, ledger.offloaded());
        long classified = ends.values().stream()
                .filter(end -> end.kind() == EventEnd.Kind.CLASSIFIED)
                .count();
        assertEquals(classified, ledger.ended(EventEnd.Kind.CLASSIFIED));
        assertEquals(ends.size() - classified, ledger.ended(EventEnd.Kind.DROPPED));
        assertEquals(classified, ledger.retries());
        assertEquals(classified, ledger.answers().count());
        assertEquals(
                classified, ledger.classes().values().stream().mapToLong(n -> n).sum());
        outbox.close();
        assertTrue(most < 80_000 + 200L * waiting.size(), most + " bytes with " + waiting.size() + " waiting");
    }

    /** What is not on disk is as if it had not been told: the log of every moment is opened. */
    @Test
    void killedAtAnyMomentItIsWhatItWasAtTheLastFlush() throws IOException {
        Path copy = folder.resolve("copy");
        try (Outbox outbox = open(new Heard())) {
            for (int k = 1; k <= 30; k++) {
                if (k % 2 == 0) {
                    outbox.accept(1, k, k + 9, payload(k));
                } else {
                    outbox.keep(EventEnd.Kind.UNREADABLE, 0, -1);
                }
                boolean flushed = k % 3 == 0;
                if (flushed) {
                    outbox.flush();
                }
                AtomicFiles.deleteTree(copy);
                Files.createDirectories(copy);
                try (var files = Files.list(folder.resolve("outbox"))) {
                    for (Path file : files.filter(Segment::isSegment).toList()) {
                        Files.copy(file, copy.resolve(file.getFileName()));
                    }
                }
                int there = k - k % 3;
                try (Outbox recovered = Outbox.open(copy, SMALL, "source", new Heard())) {
                    assertEquals(there, recovered.taken());
                    assertEquals(there / 2, recovered.waiting().size());
                    assertEquals(outbox.epoch(), recovered.epoch());
                }
            }
        }
    }

    @Test
    void anotherSourceOrAnotherLogIsRefused() throws IOException {
        open(new Heard()).close();
        String other = assertThrows(
                        UserError.class, () -> Outbox.open(folder.resolve("outbox"), SMALL, "elsewhere", new Heard()))
                .getMessage();
        assertTrue(other.contains("is the outbox of events from source; expected elsewhere"), other);
        NodeJournal journal = NodeJournal.open(folder.resolve("journal"), NodeJournal.Limits.STANDARD, SMALL);
        ((NodeJournal.Claim) journal.begin("ue1", new EventId(1, 1), 0)).answer(new byte[100]);
        journal.close();
        String wrong = assertThrows(
                        UserError.class, () -> Outbox.open(folder.resolve("journal"), SMALL, "source", new Heard()))
                .getMessage();
        assertTrue(wrong.contains("is none of an outbox") || wrong.contains("is the outbox of"), wrong);
    }
}

package org.qexit.tier.live.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;

class NodeJournalTest {
    private static final LogSettings SMALL = new LogSettings(2000, 1 << 16);
    private static final NodeJournal.Limits LIMITS = new NodeJournal.Limits(50, 3);

    @TempDir(factory = InMemory.class)
    private Path folder;

    private NodeJournal open() {
        return NodeJournal.open(folder.resolve("journal"), LIMITS, SMALL);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(NodeJournal journal, String device, EventId id, String answer) throws IOException {
        assertInstanceOf(NodeJournal.Claim.class, journal.begin(device, id, 0)).answer(bytes(answer));
    }

    @Test
    void theSameIdHasTheSameAnswerUntilItIsSettled() throws IOException {
        try (NodeJournal journal = open()) {
            answer(journal, "ue1", new EventId(7, 1), "one");
            answer(journal, "ue1", new EventId(7, 2), "two");
            answer(journal, "ue2", new EventId(7, 1), "other device");
            answer(journal, "ue1", new EventId(8, 1), "other epoch");
        }
        try (NodeJournal journal = open()) {
            assertEquals(4, journal.outstanding());
            assertStored("one", journal.begin("ue1", new EventId(7, 1), 0));
            assertStored("two", journal.begin("ue1", new EventId(7, 2), 2));
            assertStored("other device", journal.begin("ue2", new EventId(7, 1), 1));
            assertStored("other epoch", journal.begin("ue1", new EventId(8, 1), 1));
            assertEquals(
                    new NodeJournal.Stale(2),
                    journal.begin("ue1", new EventId(7, 1), 0),
                    "it was settled with the last");
            assertEquals(3, journal.outstanding());
        }
        try (NodeJournal journal = open()) {
            assertEquals(new NodeJournal.Stale(2), journal.begin("ue1", new EventId(7, 1), 0));
            assertEquals(Map.of("ue1", 3L, "ue2", 1L), journal.answered());
            // An older word does not take it back.
            assertEquals(new NodeJournal.Stale(2), journal.begin("ue1", new EventId(7, 1), 1));
            journal.settled("ue1", 7, Long.MAX_VALUE);
            assertEquals(new NodeJournal.Stale(Long.MAX_VALUE), journal.begin("ue1", new EventId(7, 99), 0));
        }
    }

    private static void assertStored(String answer, NodeJournal.Entry entry) {
        assertArrayEquals(
                bytes(answer), assertInstanceOf(NodeJournal.Stored.class, entry).answer());
    }

    @Test
    void anIdIsAnsweredOnceHoweverManyAsk() throws Exception {
        AtomicInteger claims = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (NodeJournal journal = open()) {
            List<Future<String>> all = IntStream.range(0, 400)
                    .mapToObj(i -> pool.submit(() -> {
                        NodeJournal.Entry entry = journal.begin("ue1", new EventId(1, 1 + i / 10), 0);
                        if (entry instanceof NodeJournal.Claim claim) {
                            claims.incrementAndGet();
                            claim.answer(bytes("answer " + i / 10));
                            return "answer " + i / 10;
                        }
                        byte[] answer = entry instanceof NodeJournal.Running running
                                ? running.answer().get()
                                : assertInstanceOf(NodeJournal.Stored.class, entry)
                                        .answer();
                        return new String(answer, StandardCharsets.UTF_8);
                    }))
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                assertEquals("answer " + i / 10, all.get(i).get());
            }
            assertEquals(Map.of("ue1", 40L), journal.answered());
        } finally {
            pool.shutdownNow();
        }
        assertEquals(40, claims.get());
    }

    @Test
    void aClaimThatIsGivenUpLeavesTheIdNew() throws IOException {
        try (NodeJournal journal = open()) {
            EventId id = new EventId(1, 1);
            NodeJournal.Claim claim = assertInstanceOf(NodeJournal.Claim.class, journal.begin("ue1", id, 0));
            NodeJournal.Running running = assertInstanceOf(NodeJournal.Running.class, journal.begin("ue1", id, 0));
            claim.drop();
            assertThrows(ExecutionException.class, () -> running.answer().get());
            answer(journal, "ue1", id, "second try");
            assertEquals(Map.of("ue1", 1L), journal.answered());
        }
    }

    @Test
    void aDeviceHoldsNoMoreThanItMay() throws IOException {
        try (NodeJournal journal = open()) {
            for (int seq = 1; seq <= 50; seq++) {
                answer(journal, "ue1", new EventId(1, seq), "a");
            }
            assertEquals(new NodeJournal.Full(50), journal.begin("ue1", new EventId(1, 51), 0));
            assertStored("a", journal.begin("ue1", new EventId(1, 50), 0));
            answer(journal, "ue2", new EventId(1, 51), "not full for others");
            assertInstanceOf(NodeJournal.Claim.class, journal.begin("ue1", new EventId(1, 51), 2));
        }
    }

    @Test
    void ofOldOutboxesTheOneSilentLongestIsForgotten() throws IOException {
        try (NodeJournal journal = open()) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                answer(journal, "ue1", new EventId(epoch, 1), "epoch " + epoch);
            }
            assertStored("epoch 1", journal.begin("ue1", new EventId(1, 1), 0));
            answer(journal, "ue1", new EventId(4, 1), "epoch 4");
        }
        try (NodeJournal journal = open()) {
            assertStored("epoch 1", journal.begin("ue1", new EventId(1, 1), 0));
            assertStored("epoch 3", journal.begin("ue1", new EventId(3, 1), 0));
            assertStored("epoch 4", journal.begin("ue1", new EventId(4, 1), 0));
            assertEquals(Map.of("ue1", 4L), journal.answered());
        }
    }

    /** Against a map that keeps everything: through settling, cleaning and restarts, at every point. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void doesWhatAMapWould(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> answers = new HashMap<>();
        Map<String, Long> settled = new HashMap<>();
        Map<String, Long> counts = new TreeMap<>();
        NodeJournal journal = open();
        long[] next = {1, 1, 1};
        long most = 0;
        for (int step = 0; step < 6000; step++) {
            int d = random.nextInt(3);
            String device = "ue" + d;
            long newest = next[d];
            long seq = Math.max(1, newest - random.nextInt(12));
            next[d] = Math.max(next[d], seq + 1);
            // The third device is mostly silent about what it has settled: its old answers are carried along.
            long below = random.nextInt(d == 2 ? 400 : 10) == 0 ? newest - 10 : 0;
            settled.merge(device, below, Math::max);
            NodeJournal.Entry entry = journal.begin(device, new EventId(d, seq), below);
            String known = answers.get(device + seq);
            if (seq < settled.get(device)) {
                assertInstanceOf(NodeJournal.Stale.class, entry);
            } else if (known != null) {
                assertStored(known, entry);
            } else if (entry instanceof NodeJournal.Claim claim) {
                String answer = "answer " + step;
                claim.answer(bytes(answer));
                answers.put(device + seq, answer);
                counts.merge(device, 1L, Long::sum);
            } else {
                assertInstanceOf(NodeJournal.Full.class, entry);
                next[d] = newest;
            }
            most = Math.max(most, journal.bytes());
            if (random.nextInt(300) == 0) {
                journal.close();
                journal = open();
                assertEquals(counts, journal.answered());
            }
        }
        journal.close();
        assertTrue(most < 40_000, most + " bytes");
    }

    @Test
    void aFullDiskTakesNoAnswersAndLosesNone() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        try (SmallDisk disk = SmallDisk.of(place, 400)) {
            try (NodeJournal journal = NodeJournal.open(place.resolve("j"), LIMITS, SMALL)) {
                answer(journal, "ue1", new EventId(1, 1), "before");
                disk.fill();
                EventId second = new EventId(1, 2);
                NodeJournal.Claim claim = assertInstanceOf(NodeJournal.Claim.class, journal.begin("ue1", second, 0));
                NodeJournal.Running waits =
                        assertInstanceOf(NodeJournal.Running.class, journal.begin("ue1", second, 0));
                IOException full = assertThrows(IOException.class, () -> claim.answer(new byte[8000]));
                assertTrue(full.getMessage().contains("No space left"), full.getMessage());
                assertThrows(ExecutionException.class, () -> waits.answer().get());
                assertEquals(Map.of("ue1", 1L), journal.answered());
                assertStored("before", journal.begin("ue1", new EventId(1, 1), 0));
                disk.empty();
                answer(journal, "ue1", second, "after");
            }
            try (NodeJournal journal = NodeJournal.open(place.resolve("j"), LIMITS, SMALL)) {
                assertStored("before", journal.begin("ue1", new EventId(1, 1), 0));
                assertStored("after", journal.begin("ue1", new EventId(1, 2), 0));
            }
        }
    }

    @Test
    void anothersLogIsRefused() throws IOException {
        try (AppendLog log = AppendLog.open(folder.resolve("journal"), SMALL, (place, payload) -> {})) {
            log.append(new byte[] {9, 1, 2});
        }
        String message = assertThrows(UserError.class, this::open).getMessage();
        assertTrue(message.contains("record 1 is none of an edge node's journal"), message);
        // It did not stay locked.
        assertThrows(UserError.class, this::open);
    }

    @Test
    void idsHaveOneForm() {
        EventId id = new EventId(0xabcL, 12);
        assertEquals("0000000000000abc-12", id.toString());
        assertEquals(Optional.of(id), EventId.parse(id.toString()));
        assertEquals(Optional.of(new EventId(-1, 1)), EventId.parse("ffffffffffffffff-1"));
        for (String bad : new String[] {
            "",
            "0000000000000abc-",
            "0000000000000abc-0",
            "0000000000000abc-01",
            "0000000000000ABC-1",
            "abc-1",
            "0000000000000abc-1 ",
            "0000000000000abc-1111111111111111111",
            "0000000000000abc--1",
            "+000000000000abc-1"
        }) {
            assertEquals(Optional.empty(), EventId.parse(bad), bad);
        }
    }
}

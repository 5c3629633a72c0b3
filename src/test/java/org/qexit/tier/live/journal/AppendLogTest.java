package org.qexit.tier.live.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

class AppendLogTest {
    private static final LogSettings SMALL = new LogSettings(300, 1 << 16);

    @TempDir(factory = InMemory.class)
    private Path folder;

    /** Records and how many of them were on disk before the last batch. */
    private record Written(List<byte[]> payloads, int beforeLastBatch) {}

    /** Batches of 1 to 5 records of 0 to 60 bytes, over several segments. */
    private static Written write(AppendLog log, long seed, int batches) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> payloads = new ArrayList<>();
        int before = 0;
        for (int b = 0; b < batches; b++) {
            before = payloads.size();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                byte[] payload = new byte[random.nextInt(61)];
                random.nextBytes(payload);
                payloads.add(payload);
                assertEquals(payloads.size(), log.append(payload).number());
            }
            log.force();
        }
        return new Written(payloads, before);
    }

    private static List<byte[]> read(Path directory) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        try (AppendLog log = AppendLog.open(directory, SMALL, (place, payload) -> {
            assertEquals(payloads.size() + 1, place.number());
            payloads.add(payload);
        })) {
            assertEquals(payloads.size() + 1, log.next());
        }
        return payloads;
    }

    /** As {@link #read}, by the recovery alone; and what it cut off is told. */
    private static List<byte[]> recovered(Path directory) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        Recovery recovery = Recovery.of(directory, SMALL, (place, payload) -> payloads.add(payload));
        for (Segment segment : recovery.segments()) {
            segment.close();
        }
        assertEquals(payloads.size() + 1, recovery.next());
        payloads.add(recovery.told() == null ? null : recovery.told().getBytes(StandardCharsets.UTF_8));
        return payloads;
    }

    private static String told(List<byte[]> recovered) {
        byte[] told = recovered.remove(recovered.size() - 1);
        return told == null ? "" : new String(told, StandardCharsets.UTF_8);
    }

    private static void assertPrefix(List<byte[]> whole, List<byte[]> found) {
        assertTrue(found.size() <= whole.size());
        for (int i = 0; i < found.size(); i++) {
            assertArrayEquals(whole.get(i), found.get(i));
        }
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Segment::isSegment).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        AtomicFiles.deleteTree(to);
        Files.createDirectories(to);
        for (Path file : segments(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    /** What was appended, as a process that was killed leaves it. */
    private Written killed(Path directory, int batches) throws IOException {
        Path own = folder.resolve("own");
        AtomicFiles.deleteTree(own);
        try (AppendLog log = AppendLog.open(own, SMALL, (place, payload) -> {})) {
            Written written = write(log, 3, batches);
            copy(own, directory);
            return written;
        }
    }

    @Test
    void everyRecordComesBackAndAppendingGoesOn() throws IOException {
        Path directory = folder.resolve("log");
        List<byte[]> all = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            List<byte[]> found = new ArrayList<>();
            List<Place> places = new ArrayList<>();
            try (AppendLog log = AppendLog.open(directory, SMALL, (place, payload) -> {
                places.add(place);
                found.add(payload);
            })) {
                assertTrue(log.told().isEmpty());
                assertEquals(all.size(), found.size());
                for (int i = 0; i < all.size(); i++) {
                    assertArrayEquals(all.get(i), found.get(i));
                    assertArrayEquals(all.get(i), log.read(places.get(i)));
                }
                for (int i = 0; i < 10; i++) {
                    byte[] payload = {(byte) round, (byte) i};
                    Appended appended = log.append(payload);
                    if (i % 3 == 0) {
                        appended.force();
                        assertArrayEquals(payload, log.read(appended.place()));
                    } else {
                        assertThrows(IllegalStateException.class, appended::place);
                    }
                    all.add(payload);
                }
            }
        }
        assertEquals(30, read(directory).size());
    }

    @Test
    void cutAnywhereItRecoversWhatWasWholeBefore() throws IOException {
        Path killed = folder.resolve("killed");
        Written written = killed(killed, 6);
        List<Path> files = segments(killed);
        assertTrue(files.size() >= 3, files.toString());
        Path cut = folder.resolve("cut");
        int before = 0;
        for (int s = 0; s < files.size(); s++) {
            byte[] bytes = Files.readAllBytes(files.get(s));
            List<Integer> ends = ends(bytes);
            for (int length = 0; length <= bytes.length; length++) {
                copy(killed, cut);
                for (int later = s + 1; later < files.size(); later++) {
                    Files.delete(cut.resolve(files.get(later).getFileName()));
                }
                Files.write(cut.resolve(files.get(s).getFileName()), Arrays.copyOf(bytes, length));
                int at = length;
                int whole =
                        before + (int) ends.stream().filter(end -> end <= at).count();
                List<byte[]> found = recovered(cut);
                boolean clean = length == 28 || ends.contains(length);
                assertEquals(clean, told(found).isEmpty());
                assertEquals(whole, found.size(), files.get(s) + " cut at " + length);
                assertPrefix(written.payloads(), found);
                // What was recovered is a log like any other.
                found = recovered(cut);
                assertEquals("", told(found));
                assertEquals(whole, found.size());
            }
            before += ends.size();
        }
        assertEquals(written.payloads().size(), before);
    }

    /** Where records end, by a reader of its own. */
    private static List<Integer> ends(byte[] segment) {
        List<Integer> ends = new ArrayList<>();
        for (int at = 28; at < segment.length; ) {
            at += 28 + ByteBuffer.wrap(segment).getInt(at + 4);
            ends.add(at);
        }
        return ends;
    }

    @Test
    void aSegmentThatIsCutInTheMiddleOrMissingIsRefused() throws IOException {
        Path killed = folder.resolve("killed");
        killed(killed, 6);
        List<Path> files = segments(killed);
        Path bad = folder.resolve("bad");
        byte[] first = Files.readAllBytes(files.get(0));
        for (int length = 0; length < first.length; length++) {
            copy(killed, bad);
            Files.write(bad.resolve(files.get(0).getFileName()), Arrays.copyOf(first, length));
            assertRefused(bad);
        }
        copy(killed, bad);
        Files.delete(bad.resolve(files.get(1).getFileName()));
        assertRefused(bad);
    }

    private static void assertRefused(Path directory) {
        String message =
                assertThrows(UserError.class, () -> recovered(directory)).getMessage();
        assertTrue(message.matches(".*\\d{19}\\.log: .*(damaged at byte|expected).*"), message);
    }

    @Test
    void afterAClosingEveryChangedByteIsRefused() throws IOException {
        Path closed = folder.resolve("closed");
        Written written;
        try (AppendLog log = AppendLog.open(closed, SMALL, (place, payload) -> {})) {
            written = write(log, 5, 7);
        }
        Path bad = folder.resolve("bad");
        SplittableRandom random = new SplittableRandom(1);
        List<Path> files = segments(closed);
        Path last = files.get(files.size() - 1);
        int mark = 28;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            copy(closed, bad);
            for (int i = 0; i < bytes.length; i++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) random.nextInt(1, 256);
                Files.write(bad.resolve(file.getFileName()), changed);
                if (file.equals(last) && i >= bytes.length - mark) {
                    List<byte[]> found = recovered(bad);
                    assertFalse(told(found).isEmpty());
                    assertEquals(written.payloads().size(), found.size());
                } else {
                    assertRefused(bad);
                }
            }
        }
    }

    /** Of the last batch of a log that was not closed a change looks like an end that was not finished, and is cut off, not believed. */
    @Test
    void afterAKillEveryChangedByteIsRefusedOrCutOff() throws IOException {
        Path killed = folder.resolve("killed");
        Written written = killed(killed, 7);
        Path bad = folder.resolve("bad");
        SplittableRandom random = new SplittableRandom(2);
        int cuts = 0;
        for (Path file : segments(killed)) {
            byte[] bytes = Files.readAllBytes(file);
            copy(killed, bad);
            for (int i = 0; i < bytes.length; i++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << random.nextInt(8));
                Files.write(bad.resolve(file.getFileName()), changed);
                try {
                    List<byte[]> found = recovered(bad);
                    assertTrue(told(found).contains("cut off"));
                    assertTrue(found.size() >= written.beforeLastBatch()
                            && found.size() < written.payloads().size());
                    assertPrefix(written.payloads(), found);
                    cuts++;
                } catch (UserError refused) {
                    assertEquals(1, refused.getMessage().lines().count());
                }
            }
        }
        assertTrue(cuts > 50, "only " + cuts);
    }

    /** A torn batch that holds bytes of old records: they are no proof of anything. */
    @Test
    void payloadsThatLookLikeRecordsAreNotTakenForSome() throws IOException {
        Path directory = folder.resolve("log");
        byte[] later = new byte[0];
        Path copy = folder.resolve("copy");
        try (AppendLog log = AppendLog.open(directory, SMALL, (place, payload) -> {})) {
            log.append(new byte[20]).force();
            byte[] guessed = RecordFormat.header(0, 0, 99, 99, later);
            log.append(guessed).force();
            copy(directory, copy);
        }
        Path file = segments(copy).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 30] ^= 1;
        Files.write(file, bytes);
        assertEquals(1, read(copy).size());
    }

    @Test
    void forgetsWholeSegmentsBelowAMark() throws IOException {
        Path directory = folder.resolve("log");
        List<Long> firsts;
        long next;
        try (AppendLog log = AppendLog.open(directory, SMALL, (place, payload) -> {})) {
            Place old = null;
            for (int i = 0; i < 40; i++) {
                Appended appended = log.append(new byte[50]);
                appended.force();
                old = old == null ? appended.place() : old;
            }
            firsts = segments(directory).stream().map(Segment::first).toList();
            assertEquals(firsts.get(1), log.secondSegment());
            long bytes = log.bytes();
            log.forget(firsts.get(2) - 1);
            assertEquals(firsts.get(1), log.first());
            assertTrue(log.bytes() < bytes);
            log.forget(firsts.get(2));
            assertEquals(firsts.get(2), log.first());
            log.forget(Long.MAX_VALUE);
            assertEquals(1, segments(directory).size());
            assertEquals(0, log.secondSegment());
            Place forgotten = old;
            assertThrows(IllegalArgumentException.class, () -> log.read(forgotten));
            next = log.next();
        }
        long[] seen = {0, 0};
        try (AppendLog log = AppendLog.open(directory, SMALL, (place, payload) -> {
            seen[0] = seen[0] == 0 ? place.number() : seen[0];
            seen[1] = place.number();
        })) {
            assertEquals(next, log.next());
        }
        assertEquals(firsts.get(firsts.size() - 1), seen[0]);
        assertEquals(next - 1, seen[1]);
    }

    @Test
    void isForOneAtATime() throws IOException {
        try (AppendLog log = AppendLog.open(folder, SMALL, (place, payload) -> {})) {
            assertThrows(UserError.class, () -> AppendLog.open(folder, SMALL, (place, payload) -> {}));
            log.append(new byte[1]);
            assertThrows(IllegalArgumentException.class, () -> log.append(new byte[(1 << 16) + 1]));
        }
        AppendLog closed = AppendLog.open(folder, SMALL, (place, payload) -> {});
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.append(new byte[1]));
        assertEquals(1, read(folder).size());
    }

    @Test
    void manyAppendAtOnceAndEachFindsItsOwn() throws Exception {
        int threads = 8;
        int each = 200;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch go = new CountDownLatch(1);
        try (AppendLog log = AppendLog.open(folder, SMALL, (place, payload) -> {})) {
            List<Future<Void>> all = IntStream.range(0, threads)
                    .mapToObj(t -> pool.<Void>submit(() -> {
                        go.await();
                        for (int i = 0; i < each; i++) {
                            byte[] payload = {(byte) t, (byte) i, (byte) (i >> 8)};
                            Appended appended = log.append(payload);
                            if (i % 7 == 3) {
                                Thread.currentThread().interrupt();
                            }
                            appended.force();
                            Thread.interrupted();
                            assertArrayEquals(payload, log.read(appended.place()));
                        }
                        return null;
                    }))
                    .toList();
            go.countDown();
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        int[] next = new int[threads];
        for (byte[] payload : read(folder)) {
            assertEquals(next[payload[0]]++, (payload[1] & 0xff) | payload[2] << 8);
        }
        assertTrue(Arrays.stream(next).allMatch(n -> n == each), Arrays.toString(next));
    }

    @Test
    void aFullDiskIsToldAndHarmsNothing() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        try (SmallDisk disk = SmallDisk.of(place, 400)) {
            List<byte[]> there = new ArrayList<>();
            try (AppendLog log = AppendLog.open(place.resolve("log"), SMALL, (p, payload) -> {})) {
                SplittableRandom random = new SplittableRandom(7);
                for (int round = 0; round < 3; round++) {
                    int refusals = 0;
                    disk.fill();
                    while (refusals < 3) {
                        byte[] payload = new byte[random.nextInt(3000)];
                        random.nextBytes(payload);
                        Appended first = log.append(new byte[] {1});
                        Appended second = log.append(payload);
                        try {
                            second.force();
                            there.add(new byte[] {1});
                            there.add(payload);
                            first.force();
                        } catch (IOException e) {
                            assertTrue(
                                    e.getMessage().matches(".*log: cannot be written: No space left.*"), e.toString());
                            assertThrows(IOException.class, first::force);
                            refusals++;
                        }
                    }
                    disk.empty();
                    byte[] after = {(byte) round};
                    log.append(after).force();
                    there.add(after);
                }
            }
            List<byte[]> found = read(place.resolve("log"));
            assertEquals(there.size(), found.size());
            assertPrefix(there, found);
            assertFalse(there.size() < 6);
        }
    }

    /** Appending a million records, forgetting old ones, takes no more memory than appending a few. */
    @Test
    void aMillionAppendsNeedNoMoreMemoryThanFew() throws IOException {
        LogSettings settings = new LogSettings(1 << 20, 1 << 10);
        try (AppendLog log = AppendLog.open(folder, settings, (place, payload) -> {})) {
            long after = 0;
            for (int i = 1; i <= 1_000_000; i++) {
                log.append(new byte[16]);
                if (i % 50_000 == 0) {
                    log.force();
                    log.forget(i - 100_000);
                }
                if (i == 100_000) {
                    after = used();
                }
            }
            assertTrue(used() < after + (4 << 20), used() + " bytes after " + after);
            assertTrue(log.bytes() < 10 << 20, log.bytes() + " bytes on disk");
            assertEquals(1_000_001, log.next());
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

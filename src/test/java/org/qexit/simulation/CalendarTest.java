package org.qexit.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

class CalendarTest {
    private final List<String> happened = new ArrayList<>();

    @Test
    void eventsHappenInTheOrderOfTimeAndOfTheirScheduling() {
        Calendar calendar = new Calendar();
        calendar.schedule(2, 0, 0, 0);
        calendar.schedule(1, 1, -1, -2);
        calendar.schedule(2, 2, 0, 0);
        calendar.schedule(-0.0, 3, Integer.MIN_VALUE, Integer.MAX_VALUE);
        calendar.schedule(0, 4, 0, 0);
        assertEquals(5, calendar.pending());
        assertEquals(
                4,
                calendar.run((k, e, i) -> happened.add(calendar.now() + " " + k + " " + e + " " + i), Math.nextDown(2))
                        + 1);
        assertEquals(List.of("0.0 3 -2147483648 2147483647", "0.0 4 0 0", "1.0 1 -1 -2"), happened);
        assertEquals(Math.nextDown(2), calendar.now());
        assertEquals(2, calendar.run((k, e, i) -> happened.add(calendar.now() + " " + k), 2));
        assertEquals(List.of("2.0 0", "2.0 2"), happened.subList(3, 5));
        assertEquals(0, calendar.run((k, e, i) -> {}, 7));
        assertEquals(7, calendar.now());
        assertEquals(5, calendar.happened());
    }

    @Test
    void refusesTimesThatAreNone() {
        Calendar calendar = new Calendar();
        calendar.run((k, e, i) -> {}, 3);
        for (double time : new double[] {Double.NaN, 2.9, -1, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> calendar.schedule(time, 0, 0, 0));
            assertThrows(IllegalArgumentException.class, () -> calendar.run((k, e, i) -> {}, time));
        }
        assertThrows(IllegalArgumentException.class, () -> calendar.schedule(3, -1, 0, 0));
        assertEquals(0, calendar.pending());
    }

    @Test
    void cancelledEventsDoNotHappenAndHandlesAreNeverReused() {
        Calendar calendar = new Calendar();
        long first = calendar.schedule(1, 1, 0, 0);
        long second = calendar.schedule(1, 2, 0, 0);
        long third = calendar.schedule(2, 3, 0, 0);
        assertTrue(calendar.cancel(first));
        assertFalse(calendar.cancel(first));
        assertFalse(calendar.cancel(0));
        assertFalse(calendar.cancel(-5));
        assertFalse(calendar.cancel(Long.MAX_VALUE));
        long moved = calendar.reschedule(third, 0.5);
        assertEquals(0, calendar.reschedule(third, 0.7));
        assertEquals(2, calendar.pending());
        calendar.run((k, e, i) -> happened.add(calendar.now() + " " + k), 5);
        assertEquals(List.of("0.5 3", "1.0 2"), happened);
        long later = calendar.schedule(6, 4, 0, 0);
        assertFalse(calendar.cancel(second));
        assertFalse(calendar.cancel(moved));
        assertEquals(1, calendar.pending());
        assertTrue(calendar.cancel(later));
        assertEquals(0, calendar.pending());
    }

    private record Expected(double time, long order, int entity) {}

    /** Beside a sorted set: scheduling, cancelling and moving at random, with ties, from few events to many and back. */
    @ParameterizedTest
    @CsvSource({"1, 3, 1", "2, 40, 1", "3, 3000, 1", "4, 3000, 0.001", "5, 500, 1e6", "6, 2000, 0"})
    void doesWhatASortedSetDoes(long seed, int size, double scale) {
        RandomStream random = RandomStream.of(RandomStreams.of(seed), "calendar", 0);
        Calendar calendar = new Calendar();
        TreeSet<Expected> expected =
                new TreeSet<>(Comparator.comparingDouble(Expected::time).thenComparingLong(Expected::order));
        Map<Long, Expected> byHandle = new HashMap<>();
        List<Long> handles = new ArrayList<>();
        long[] order = {0};
        for (int step = 0; step < 20 * size; step++) {
            int phase = step / (5 * size) % 2;
            int action = random.below(10);
            if (action < (phase == 0 ? 5 : 2)) {
                double time = calendar.now() + time(random, scale);
                Expected event = new Expected(time, order[0]++, step);
                long handle = calendar.schedule(time, 7, step, -step);
                expected.add(event);
                byHandle.put(handle, event);
                handles.add(handle);
            } else if (action < 7 && !handles.isEmpty()) {
                long handle = handles.get(random.below(handles.size()));
                Expected event = byHandle.remove(handle);
                boolean there = event != null && expected.remove(event);
                if (action == 6) {
                    double time = calendar.now() + time(random, scale);
                    long moved = calendar.reschedule(handle, time);
                    assertEquals(there, moved != 0);
                    if (there) {
                        Expected again = new Expected(time, order[0]++, event.entity());
                        expected.add(again);
                        byHandle.put(moved, again);
                        handles.add(moved);
                    }
                } else {
                    assertEquals(there, calendar.cancel(handle));
                }
            } else if (!expected.isEmpty()) {
                Expected next = expected.pollFirst();
                assertEquals(
                        1,
                        calendar.runEvents(
                                (kind, entity, item) -> {
                                    assertEquals(7, kind);
                                    assertEquals(next.entity(), entity);
                                    assertEquals(-next.entity(), item);
                                },
                                1));
                assertEquals(next.time(), calendar.now());
            }
            assertEquals(expected.size(), calendar.pending());
        }
        assertTrue(order[0] > size);
    }

    private static double time(RandomStream random, double scale) {
        // Some at once, some on a grid, where there are ties, some far away.
        return switch (random.below(6)) {
            case 0 -> 0;
            case 1, 2 -> scale * random.below(5);
            case 3 -> 1000 * scale * random.exponential();
            default -> scale * random.exponential();
        };
    }

    @Test
    void manyEventsAtOneTimeKeepTheirOrder() {
        Calendar calendar = new Calendar();
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            calendar.schedule(1, 0, i, 0);
        }
        int[] next = {0};
        calendar.run(
                (kind, entity, item) -> {
                    assertEquals(next[0]++ % n, entity);
                    if (next[0] <= 2 * n) {
                        calendar.schedule(Math.floor(calendar.now()) + 1, 0, entity, 0);
                    }
                },
                10);
        assertEquals(3 * n, next[0]);
    }

    /** What happens, as text, from a calendar that handlers keep busy. */
    private static List<String> trail(Calendar calendar, RandomStream random, int events) {
        List<String> trail = new ArrayList<>();
        calendar.runEvents(
                (kind, entity, item) -> {
                    trail.add(calendar.now() + " " + kind + " " + entity + " " + item);
                    long a = calendar.scheduleAfter(random.exponential(), kind, entity, item + 1);
                    long b = calendar.scheduleAfter(random.below(3), kind + 1, entity, item);
                    calendar.cancel(random.below(2) == 0 ? a : b);
                    trail.add(a + " " + b);
                },
                events);
        return trail;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 700})
    void goesOnFromASnapshotAsIfNothingHadBeen(int size) {
        Calendar calendar = new Calendar();
        RandomStream random = RandomStream.of(RandomStreams.of(3), "snapshot", 1);
        for (int i = 0; i < size; i++) {
            calendar.scheduleAfter(random.exponential(), 0, i, 0);
        }
        trail(calendar, random, 5 * size);
        byte[] before = bytes(calendar, random);
        SnapshotReader in = new SnapshotReader("test", before);
        Calendar resumed = Calendar.read(in);
        RandomStream resumedRandom = RandomStream.read(in);
        in.end();
        assertEquals(calendar.pending(), resumed.pending());
        assertEquals(trail(calendar, random, 7 * size), trail(resumed, resumedRandom, 7 * size));
        assertArrayEquals(bytes(calendar, random), bytes(resumed, resumedRandom));
    }

    private static byte[] bytes(Calendar calendar, RandomStream random) {
        SnapshotWriter out = new SnapshotWriter();
        calendar.write(out);
        random.write(out);
        return out.toBytes();
    }

    /** Contents spoilt behind a right SHA-256, as a stranger would: a calendar or one line, and no calendar that fails later. */
    @Test
    void spoiltContentsGiveOneLineOrACalendar() {
        Calendar calendar = new Calendar();
        for (int i = 0; i < 6; i++) {
            calendar.schedule(i, i, i, i);
        }
        calendar.cancel(calendar.schedule(9, 0, 0, 0));
        calendar.runEvents((k, e, i) -> {}, 2);
        SnapshotWriter out = new SnapshotWriter();
        calendar.write(out);
        byte[] whole = out.toBytes();
        RandomStream random = RandomStream.of(RandomStreams.of(5), "spoil", 0);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] spoilt = whole.clone();
            int at = 12 + random.below(whole.length - 44);
            spoilt[at] ^= (byte) (1 << random.below(8));
            SnapshotReaderTest.sign(spoilt);
            try {
                SnapshotReader in = new SnapshotReader("spoilt", spoilt);
                Calendar read = Calendar.read(in);
                in.end();
                read.run((k, e, i) -> assertTrue(k >= 0), Double.MAX_VALUE);
                assertEquals(0, read.pending());
            } catch (UserError e) {
                refused++;
            }
        }
        assertTrue(refused > 500, refused + " refused");
    }
}

package org.qexit.simulation.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

class LineTest {
    /** The same jobs with and without an event for each departure. */
    @ParameterizedTest
    @CsvSource({"0.8, 2147483647", "0.95, 2147483647", "2, 3", "1, 1", "0.7, 100"})
    void saysWhatAStationSays(double service, int capacity) {
        QueueSpec spec =
                new QueueSpec("one", new Durations.Exponential(1), new Durations.Exponential(service), 1, capacity);
        SingleQueue queue = new SingleQueue(spec, RandomStreams.of(9), 2);
        SingleLine lazy = new SingleLine(spec, RandomStreams.of(9), 2);
        for (double until : new double[] {300, 301, 5000}) {
            queue.run(until);
            lazy.run(until);
            Station station = queue.station();
            Line line = lazy.line();
            assertEquals(station.arrivals(), line.arrivals());
            assertEquals(station.lost(), line.lost());
            assertEquals(station.present(), line.present());
            assertEquals(station.meanPresent(), line.meanPresent(), 1e-9);
            assertEquals(station.utilisation(), line.utilisation(), 1e-9);
            // Those in line have waits that only the line knows yet.
            assertEquals(
                    station.meanWaitSeconds(), line.meanWaitSeconds(), 3 * service * station.present() * 100 / until);
            if (until == 301) {
                station.restart();
                line.restart();
            }
        }
        assertTrue(lazy.line().arrivals() > 4000);
    }

    @Test
    void departuresFollowOneAnother() {
        Calendar calendar = new Calendar();
        Line line = new Line(calendar, 2);
        assertEquals(3, line.arrive(3));
        assertEquals(5, line.arrive(2));
        assertTrue(Double.isNaN(line.arrive(1)));
        calendar.run((k, e, i) -> {}, 3);
        assertEquals(1, line.present());
        assertEquals(5.5, line.arrive(0.5));
        assertEquals(2, line.present());
        calendar.run((k, e, i) -> {}, 10);
        assertEquals(10, line.arrive(0));
        assertEquals(5.5 / 10, line.utilisation(), 1e-15);
        assertEquals((3 + 5 + 2.5) / 10, line.meanPresent(), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> line.arrive(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Line(calendar, 0));
    }

    @Test
    void goesOnFromASnapshot() {
        Calendar calendar = new Calendar();
        Line line = new Line(calendar, 1000);
        for (int i = 0; i < 300; i++) {
            calendar.run((k, e, n) -> {}, i);
            line.arrive(i % 5);
        }
        Line read = new Line(calendar, 1000);
        SnapshotReader in = new SnapshotReader("x", bytes(line));
        read.restore(in);
        in.end();
        assertTrue(line.present() > 100);
        for (int i = 300; i < 900; i++) {
            calendar.run((k, e, n) -> {}, i);
            assertEquals(line.arrive(i % 4), read.arrive(i % 4));
        }
        assertArrayEquals(bytes(line), bytes(read));
        Line small = new Line(calendar, 10);
        assertThrows(UserError.class, () -> small.restore(new SnapshotReader("x", bytes(line))));
    }

    private static byte[] bytes(Line line) {
        SnapshotWriter out = new SnapshotWriter();
        line.write(out);
        return out.toBytes();
    }
}

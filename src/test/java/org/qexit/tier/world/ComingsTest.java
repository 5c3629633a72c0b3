package org.qexit.tier.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.RandomStream;
import org.qexit.tier.scenario.ArrivalFile;
import org.qexit.tier.scenario.Arrivals;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;

class ComingsTest {
    private static RandomStream stream(String purpose) {
        return RandomStream.of(RandomStreams.of(4), purpose, 0);
    }

    private static double[] times(ArrivalClock clock, double until) {
        double[] times = new double[1_000_000];
        int n = 0;
        double now = 0;
        double change = clock.switchAfter();
        while (true) {
            double next = clock.nextTime(now);
            if (Math.min(next, change) > until) {
                return Arrays.copyOf(times, n);
            }
            now = Math.min(next, change);
            if (next <= change) {
                clock.came(now);
                times[n++] = now;
            } else {
                clock.switchState(now);
                change = now + clock.switchAfter();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{kind: poisson, factor: 1.5} | 1.5",
                "{kind: periodic, factor: 0.5, jitter: 0.9} | 0.5",
                "{kind: periodic} | 1",
                "{kind: bursts, onSeconds: 5, offSeconds: 20, burst: 4, factor: 2} | 2",
                "{kind: bursts, onSeconds: 5, offSeconds: 15, burst: 4} | 1",
            })
    void meanRatesAreThoseOfTheFactor(String yaml, double factor) {
        Arrivals kind = Json.parseYaml("arrivals", yaml, Arrivals.class);
        double[] times = times(new ArrivalClock(kind, "ue1", 3, stream(yaml), 0), 60_000);
        assertEquals(3 * factor, times.length / 60_000.0, 0.04 * 3 * factor);
        for (int i = 1; i < times.length; i++) {
            assertTrue(times[i] >= times[i - 1]);
        }
    }

    /** Counts per second vary as much as a Poisson process's; those of bursts more, those of periods less. */
    @Test
    void kindsDifferInHowMuchTheyVary() {
        assertEquals(1, dispersion("{kind: poisson}"), 0.05);
        assertTrue(dispersion("{kind: bursts, onSeconds: 5, offSeconds: 15, burst: 4}") > 3);
        assertTrue(dispersion("{kind: periodic, jitter: 0.5}") < 0.2);
    }

    private static double dispersion(String yaml) {
        Arrivals kind = Json.parseYaml("arrivals", yaml, Arrivals.class);
        int[] counts = new int[20_000];
        for (double time : times(new ArrivalClock(kind, "ue1", 3, stream(yaml), 0), 20_000)) {
            counts[Math.min(counts.length - 1, (int) time)]++;
        }
        double mean = Arrays.stream(counts).average().orElseThrow();
        return Arrays.stream(counts).mapToDouble(c -> (c - mean) * (c - mean)).sum() / (counts.length - 1) / mean;
    }

    @Test
    void trafficChangesTheRateAndNotWhatIsDrawn() {
        ArrivalClock plain = new ArrivalClock(new Arrivals.Poisson(1), "ue1", 1, stream("a"), 0);
        ArrivalClock changed = new ArrivalClock(new Arrivals.Poisson(1), "ue1", 1, stream("a"), 0);
        changed.traffic(0, 4);
        double[] slow = times(plain, 4000);
        double[] fast = times(changed, 1000);
        assertEquals(slow.length, fast.length);
        for (int i = 0; i < slow.length; i++) {
            assertEquals(slow[i] / 4, fast[i], 1e-6);
        }
        changed.traffic(1000, 0);
        assertEquals(ArrivalClock.NEVER, changed.nextTime(1000));
        changed.traffic(2000, 1);
        assertTrue(changed.nextTime(2000) < 2100);
    }

    @Test
    void recordedTimesComeAsTheyAre() {
        Arrivals kind =
                new Arrivals.Recorded("file", List.of(new ArrivalFile.DeviceTimes("ue1", new double[] {1, 2, 2, 7})));
        assertEquals(
                List.of(1.0, 2.0, 2.0, 7.0),
                Arrays.stream(times(new ArrivalClock(kind, "ue1", 3, stream("r"), 0), 100))
                        .boxed()
                        .toList());
        assertEquals(7, new ArrivalClock(kind, "ue1", 3, stream("r"), 5).nextTime(5));
        assertEquals(ArrivalClock.NEVER, new ArrivalClock(kind, "ue2", 3, stream("r"), 0).nextTime(0));
    }

    private static DeviceTrace trace(int events) {
        int[] classes =
                IntStream.range(0, events).map(k -> k % 10 == 0 ? 2 : k % 2).toArray();
        return new DeviceTrace(
                "ue1",
                IntStream.range(0, events).asLongStream().toArray(),
                new byte[events],
                new float[1][events],
                EventOrigins.of(classes, classes));
    }

    @Test
    void allRowsComeBeforeOneComesAgain() {
        EventRows rows = new EventRows(trace(50), stream("rows"));
        int[] before = null;
        for (int round = 0; round < 5; round++) {
            int[] seen = IntStream.range(0, 50).map(k -> rows.next()).toArray();
            assertEquals(50, Arrays.stream(seen).distinct().count());
            assertTrue(before == null || !Arrays.equals(before, seen));
            before = seen;
        }
    }

    @Test
    void classesComeByTheirWeights() {
        EventRows rows = new EventRows(trace(100), stream("mix"));
        rows.mix(Map.of(2, 3.0, 1, 1.0));
        int[] counts = new int[3];
        for (int k = 0; k < 8000; k++) {
            int row = rows.next();
            counts[row % 10 == 0 ? 2 : row % 2]++;
        }
        assertEquals(0, counts[0]);
        assertEquals(6000, counts[2], 150);
        rows.mix(null);
        assertTrue(IntStream.range(0, 100).map(k -> rows.next()).anyMatch(row -> row % 10 == 4));
    }
}

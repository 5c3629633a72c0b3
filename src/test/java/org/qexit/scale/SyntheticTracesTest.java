package org.qexit.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticTracesTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 0, 1", "7, 25003, 0, 3", "3, 12000, 11990, 2", "5, 5, 1, 1", "1, 20000, 20000, 1", "4, 4, 0, 2"})
    void everyDeviceHasItsEventsInOrder(int devices, long events, long largest, int exits) {
        SyntheticTraces traces = new SyntheticTraces(devices, events, largest, exits, 3);
        long[] counts = new long[devices];
        int[] last = {0};
        for (long chunk = 0; chunk < traces.chunks(); chunk++) {
            traces.chunk(chunk, (device, event, label, scores) -> {
                assertTrue(device >= last[0], "devices come in their order");
                last[0] = device;
                assertEquals(counts[device]++, event);
                assertEquals(exits, scores.length);
                for (float score : scores) {
                    assertTrue(score > 0 && score < 1);
                }
                assertTrue(label == 0 || label == 1);
            });
        }
        long sum = 0;
        for (int d = 0; d < devices; d++) {
            sum += counts[d];
            if (d == 0 && largest > 0) {
                assertEquals(largest, counts[0]);
            } else {
                long share = (events - largest) / (devices - (largest > 0 ? 1 : 0));
                assertTrue(counts[d] == share || counts[d] == share + 1, "device " + d + " has " + counts[d]);
            }
        }
        assertEquals(events, sum);
    }

    @Test
    void followsItsLawAndRepeats() {
        SyntheticTraces traces = new SyntheticTraces(2, 30_000, 0, 2, 9);
        List<Float> once = new ArrayList<>();
        int[] critical = {0};
        double[] log = new double[2];
        for (long chunk = 0; chunk < 3; chunk++) {
            traces.chunk(chunk, (device, event, label, scores) -> {
                critical[0] += label;
                once.add(scores[1]);
                log[label] += Math.log(scores[1] / (1 - scores[1]));
            });
        }
        // 4.5 standard deviations: sqrt(0.2 · 0.8 · 30000) = 69, and 0.9 / sqrt(6000) = 0.012 of a mean.
        assertEquals(6000, critical[0], 312);
        assertEquals(0.2, log[1] / critical[0], 0.055);
        assertEquals(-1.8, log[0] / (30_000 - critical[0]), 0.03);
        List<Float> again = new ArrayList<>();
        traces.chunk(2, (device, event, label, scores) -> again.add(scores[1]));
        assertEquals(once.subList(20_000, 30_000), again);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0, 1", "2, 1, 0, 1", "2, 9, 9, 1", "2, 9, -1, 1", "1, 1, 0, 0", "1, 1000000000001, 0, 1"})
    void numbersThatDoNotFitAreRefused(int devices, long events, long largest, int exits) {
        assertThrows(IllegalArgumentException.class, () -> new SyntheticTraces(devices, events, largest, exits, 1));
    }
}

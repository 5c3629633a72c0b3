package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Instance;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.Frontier;

class PlainFrontierTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 150);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void hasTheCornersThatAllPairsOfThresholdsGive(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("plain");
        int events = random.nextInt(1, 12);
        int exits = random.nextInt(1, 4);
        int[] labels = new int[events];
        float[][] scores = new float[events][exits];
        for (int k = 0; k < events; k++) {
            labels[k] = random.nextInt(2);
            for (int q = 0; q < exits; q++) {
                // A coarse grid with both ends: ties, zeros and ones are frequent.
                scores[k][q] = random.nextInt(7) / 6f;
            }
        }
        int cap = seed % 3 == 0 ? random.nextInt(0, 4) : Integer.MAX_VALUE;
        PlainFrontier frontier = PlainFrontier.of(labels, scores, cap);
        int[] best = enumerate(labels, scores, cap);
        int corner = -1;
        int most = 0;
        for (int w = 0; w <= events; w++) {
            if (best[w] > most) {
                most = best[w];
                corner++;
                assertEquals(w, frontier.offloads()[corner]);
                assertEquals(most, frontier.truePositives()[corner]);
            }
        }
        assertEquals(corner + 1, frontier.offloads().length);
    }

    private static int[] enumerate(int[] labels, float[][] scores, int cap) {
        TreeSet<Float> values = new TreeSet<>();
        values.add(0f);
        values.add(1f);
        for (float[] row : scores) {
            for (float c : row) {
                values.add(c);
            }
        }
        int[] best = new int[labels.length + 1];
        for (float lower : values) {
            TreeSet<Float> uppers = new TreeSet<>(values.tailSet(lower));
            uppers.add(Float.POSITIVE_INFINITY);
            for (float upper : uppers) {
                int hits = 0;
                int taken = 0;
                for (int k = 0; k < labels.length; k++) {
                    for (float c : scores[k]) {
                        if (c <= lower) {
                            break;
                        }
                        if (c >= upper) {
                            taken++;
                            hits += labels[k];
                            break;
                        }
                    }
                }
                if (taken - hits <= cap) {
                    best[taken] = Math.max(best[taken], hits);
                }
            }
        }
        return best;
    }

    /** Two programs, one frontier: on a fleet with many distinct scores. */
    @Test
    void agreesWithTheFrontierOfTheThresholds() {
        Instance fleet = Instance.read(java.nio.file.Path.of("src/test/resources/allocation/n20m4s4.json"));
        for (Instance.Device device : fleet.devices()) {
            PlainFrontier plain =
                    PlainFrontier.of(device.trace().labels(), device.trace().scores(), Integer.MAX_VALUE);
            var steps = Frontier.of(device.deviceTrace()).steps().stream()
                    .filter(step -> step.truePositives() > 0)
                    .toList();
            assertEquals(steps.size(), plain.offloads().length);
            for (int s = 0; s < steps.size(); s++) {
                assertEquals(steps.get(s).offloads(), plain.offloads()[s]);
                assertEquals(steps.get(s).truePositives(), plain.truePositives()[s]);
            }
        }
    }
}

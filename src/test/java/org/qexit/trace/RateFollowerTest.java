package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateFollowerTest {
    private static DeviceTrace calibration() {
        return QuantilePathTest.trace(new SplittableRandom(9), 300, 3);
    }

    /** Event k of a sequence that tries to lead the follower astray, as its confidences at three exits. */
    private static float[][] adversary(String kind, int k, double tau, SplittableRandom random) {
        float x = switch (kind) {
            case "ones" -> 1;
            case "zeros" -> 0;
            case "jumps" -> k / 500 % 2;
            case "against" -> tau > 0.5 ? 1 : 0;
            case "with" -> tau > 0.5 ? 0 : 1;
            case "random" -> (float) random.nextDouble();
            default -> throw new IllegalArgumentException(kind);
        };
        return new float[][] {{x}, {1 - x}, {x}};
    }

    @ParameterizedTest
    @CsvSource({"ones", "zeros", "jumps", "against", "with", "random"})
    void staysWithinTheBoundForEverySequence(String kind) {
        for (double eta : new double[] {0.003, 0.02, 0.5, 4}) {
            for (double omega : new double[] {0, 0.1, 0.37, 1}) {
                RateFollower follower =
                        new RateFollower(QuantilePath.of(calibration(), new Thresholds(0.3f, 0.9f)), eta, omega);
                double first = follower.tau();
                SplittableRandom random = new SplittableRandom(1);
                int offloads = 0;
                for (int k = 1; k <= 5000; k++) {
                    boolean offloaded = follower.rule()
                            .decide(adversary(kind, k, follower.tau(), random), 0)
                            .critical();
                    follower.saw(offloaded);
                    offloads += offloaded ? 1 : 0;
                    double bound = (Math.max(first, 1 - first) + eta) / (eta * k);
                    double off = Math.abs((double) offloads / k - omega);
                    int events = k;
                    int sent = offloads;
                    assertTrue(
                            off <= bound + 1e-9,
                            () -> String.format(Locale.ROOT, "%s, eta %s: %d of %d", kind, eta, sent, events));
                }
            }
        }
    }

    /** A small step keeps to the fixed rule where the events are those that it was chosen on. */
    @Test
    void findsWhatTheFixedRuleFinds() {
        SplittableRandom random = new SplittableRandom(3);
        int n = 20_000;
        byte[] labels = new byte[n];
        float[][] scores = new float[1][n];
        for (int k = 0; k < n; k++) {
            labels[k] = (byte) (random.nextInt(10) == 0 ? 1 : 0);
            scores[0][k] = (float) Math.min(1, Math.max(0, 0.3 + 0.4 * labels[k] + 0.15 * random.nextGaussian()));
        }
        DeviceTrace all =
                new DeviceTrace("ue1", IntStream.range(0, n).asLongStream().toArray(), labels, scores);
        Thresholds fixed = new Thresholds(0, 0.6f);
        int planned = 0;
        int found = 0;
        for (int k = 0; k < n; k++) {
            boolean critical = fixed.decide(scores, k).critical();
            planned += critical ? 1 : 0;
            found += critical ? labels[k] : 0;
        }
        RateFollower follower = new RateFollower(QuantilePath.of(all, fixed), 0.002, (double) planned / n);
        int followed = 0;
        for (int k = 0; k < n; k++) {
            boolean critical = follower.rule().decide(scores, k).critical();
            follower.saw(critical);
            followed += critical ? labels[k] : 0;
        }
        assertEquals(found, followed, 0.03 * found);
    }

    @Test
    void goesOnFromItsState() {
        RulePath path = QuantilePath.of(calibration(), new Thresholds(0.3f, 0.9f));
        RateFollower a = new RateFollower(path, 0.1, 0.2);
        a.saw(true);
        a.saw(true);
        RateFollower b = new RateFollower(path, 0.1, 0.2);
        b.restore(a.tau());
        assertEquals(a.rule(), b.rule());
        assertThrows(IllegalArgumentException.class, () -> b.restore(Double.NaN));
    }
}

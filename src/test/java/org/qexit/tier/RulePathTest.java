package org.qexit.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

class RulePathTest {
    private static final float[] GRID = {0, 0.1f, 0.2f, 0.25f, 0.5f, 0.75f, 0.9f, 1};

    /** Scores with many ties, the ends 0 and 1 among them. */
    static DeviceTrace trace(SplittableRandom random, int events, int exits) {
        byte[] labels = new byte[events];
        long[] ids = new long[events];
        float[][] scores = new float[exits][events];
        for (int k = 0; k < events; k++) {
            ids[k] = k;
            labels[k] = (byte) random.nextInt(2);
            for (int q = 0; q < exits; q++) {
                scores[q][k] = random.nextInt(3) == 0 ? GRID[random.nextInt(GRID.length)] : (float) random.nextDouble();
            }
        }
        return new DeviceTrace("ue1", ids, labels, scores);
    }

    /** For each exit a pair, or a test that always or never fires. */
    private static ExitThresholds perExit(SplittableRandom random, int exits) {
        float[] lower = new float[exits];
        float[] upper = new float[exits];
        for (int q = 0; q < exits; q++) {
            float a = random.nextInt(4) == 0 ? ExitThresholds.BELOW_ALL : (float) random.nextDouble();
            float b = random.nextInt(4) == 0 ? ExitThresholds.ABOVE_ALL : (float) random.nextDouble();
            boolean stops = random.nextInt(6) == 0;
            lower[q] = stops ? b : Math.min(a, b);
            upper[q] = stops ? ExitThresholds.ABOVE_ALL : Math.max(a, b);
        }
        return ExitThresholds.of(lower, upper);
    }

    private static Thresholds thresholds(SplittableRandom random) {
        float a = random.nextInt(4) == 0 ? GRID[random.nextInt(GRID.length)] : (float) random.nextDouble();
        float b = random.nextInt(4) == 0 ? GRID[random.nextInt(GRID.length)] : (float) random.nextDouble();
        return random.nextInt(5) == 0
                ? new Thresholds(Math.min(a, b), Thresholds.NEVER)
                : new Thresholds(Math.min(a, b), Math.max(a, b));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aRuleOffloadsWhateverALaterOneDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DeviceTrace own = trace(random, 1 + random.nextInt(60), 1 + random.nextInt(4));
        DeviceTrace other = trace(random, 200, own.exits());
        RulePath path = RulePath.of(own, seed % 2 == 0 ? perExit(random, own.exits()) : thresholds(random));
        for (int k = 0; k < other.size(); k++) {
            boolean before = true;
            for (int i = -10; i <= 1010; i++) {
                boolean now = path.at(i / 1000.0).decide(other.scores(), k).critical();
                assertTrue(before || !now, "event " + k + " at tau " + i / 1000.0);
                before = now;
            }
            assertTrue(path.at(0).decide(other.scores(), k).critical());
            assertTrue(!path.at(1).decide(other.scores(), k).critical());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void runsThroughTheFixedRule(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DeviceTrace own = trace(random, 1 + random.nextInt(60), 1 + random.nextInt(4));
        Rule fixed = seed % 2 == 0 ? perExit(random, own.exits()) : thresholds(random);
        RulePath path = RulePath.of(own, fixed);
        assertEquals(DeviceRule.of(fixed), path.at(path.fixedTau()));
        assertTrue(path.fixedTau() > 0 && path.fixedTau() < 1);
        RateFollower follower = new RateFollower(path, 0.1, 0.3);
        assertEquals(DeviceRule.of(fixed), follower.rule());
    }

    @Test
    void tauIsTheShareKept() {
        SplittableRandom random = new SplittableRandom(4);
        DeviceTrace own = trace(random, 2000, 2);
        for (float[] exit : own.scores()) {
            for (int k = 0; k < exit.length; k++) {
                // Without ties.
                exit[k] = (float) random.nextDouble();
            }
        }
        RulePath path = RulePath.of(own, new Thresholds(0.3f, 0.8f));
        assertTrue(path.size() > 100, path.size() + " rules");
        for (double tau = 0.05; tau < 1; tau += 0.05) {
            int kept = 0;
            for (int k = 0; k < own.size(); k++) {
                kept += path.at(tau).decide(own.scores(), k).critical() ? 0 : 1;
            }
            assertEquals(tau, (double) kept / own.size(), 0.03);
        }
    }

    @Test
    void refusesWhatIsNoPlace() {
        RulePath path = RulePath.of(trace(new SplittableRandom(1), 5, 1), new Thresholds(0.2f, 0.7f));
        assertThrows(IllegalArgumentException.class, () -> path.at(Double.NaN));
        DeviceTrace none = new DeviceTrace("ue1", new long[0], new byte[0], new float[1][0]);
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(none, new Thresholds(0.2f, 0.7f)));
    }
}

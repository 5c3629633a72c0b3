package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilePathTest {
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
        checkNested(QuantilePath.of(own, thresholds(random)), other);
        checkNested(QuantilePath.of(own, perExit(random, own.exits())), other);
    }

    /** Thresholds of each exit, some never and some always. */
    private static ExitThresholds perExit(SplittableRandom random, int exits) {
        float[] lower = new float[exits];
        float[] upper = new float[exits];
        for (int q = 0; q < exits; q++) {
            Thresholds pair = thresholds(random);
            boolean always = random.nextInt(6) == 0;
            lower[q] = random.nextInt(5) == 0 ? ExitThresholds.BELOW_ALL : pair.lower();
            upper[q] = pair.upper();
            if (always) {
                lower[q] = random.nextBoolean() ? ExitThresholds.BELOW_ALL : ExitThresholds.ABOVE_ALL;
                upper[q] = lower[q];
            }
        }
        return ExitThresholds.of(lower, upper);
    }

    private static void checkNested(RulePath path, DeviceTrace other) {
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
        Thresholds fixed = thresholds(random);
        RulePath path = QuantilePath.of(own, fixed);
        assertEquals(ExitThresholds.of(fixed, own.exits()), path.at(path.fixedTau()));
        assertTrue(path.fixedTau() > 0 && path.fixedTau() < 1);
        RateFollower follower = new RateFollower(path, 0.1, 0.3);
        assertEquals(ExitThresholds.of(fixed, own.exits()), follower.rule());
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
        RulePath path = QuantilePath.of(own, new Thresholds(0.3f, 0.8f));
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
    void aPathIsCheckedWhenItIsRead() {
        RulePath path = QuantilePath.of(trace(new SplittableRandom(3), 80, 2), new Thresholds(0.2f, 0.7f));
        RulePath same = RulePath.of(path.from(), path.rules(), path.fixed());
        for (double tau = -0.1; tau < 1.1; tau += 0.01) {
            assertEquals(path.at(tau), same.at(tau));
        }
        List<ExitThresholds> turned = new ArrayList<>(path.rules());
        Collections.reverse(turned);
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(path.from(), turned, 0));
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(path.from(), path.rules(), path.size()));
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(new double[0], List.of(), 0));
        ExitThresholds one = path.rules().get(0);
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(new double[] {0}, List.of(one), 0));
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(new double[] {1}, List.of(one), 0));
        assertThrows(IllegalArgumentException.class, () -> RulePath.of(new double[] {Double.NaN}, List.of(one), 0));
        ExitThresholds other = ExitThresholds.of(new Thresholds(1, 1), 3);
        assertThrows(
                IllegalArgumentException.class, () -> RulePath.of(new double[] {0.2, 0.4}, List.of(one, other), 0));
    }

    /** A rule of one exit stays a rule of this exit. */
    @Test
    void exitsThatNeverDecideDoNotBegin() {
        DeviceTrace own = trace(new SplittableRandom(5), 200, 2);
        float never = ExitThresholds.ABOVE_ALL;
        RulePath path = QuantilePath.of(
                own, ExitThresholds.of(new float[] {ExitThresholds.BELOW_ALL, 0.2f}, new float[] {never, 0.7f}));
        assertTrue(path.size() > 10);
        for (ExitThresholds rule : path.rules()) {
            for (int k = 0; k < own.size(); k++) {
                assertEquals(1, rule.decide(own.scores(), k).exit());
            }
        }
    }

    @Test
    void refusesWhatIsNoPlace() {
        RulePath path = QuantilePath.of(trace(new SplittableRandom(1), 5, 1), new Thresholds(0.2f, 0.7f));
        assertThrows(IllegalArgumentException.class, () -> path.at(Double.NaN));
        DeviceTrace none = new DeviceTrace("ue1", new long[0], new byte[0], new float[1][0]);
        assertThrows(IllegalArgumentException.class, () -> QuantilePath.of(none, new Thresholds(0.2f, 0.7f)));
    }
}

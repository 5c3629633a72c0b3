package org.qexit.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.Thresholds;

/** False alarms by Monte Carlo, and how soon drift is noticed. */
class EmissionMonitorTest {
    private static final int LEARNING = 200;
    private static final Thresholds THRESHOLDS = new Thresholds(0.2f, 0.8f);

    /** A device of two exits whose confidences are of a logistic shape around a place, and that offloads what seems critical. */
    private record Source(double place, double spread) {
        float confidence(SplittableRandom random) {
            double u = random.nextDouble();
            return (float) (1 / (1 + Math.exp(-(place + spread * Math.log(u / (1 - u))))));
        }

        Optional<EmissionMonitor.Alarm> emit(EmissionMonitor monitor, SplittableRandom random) {
            float[] all = {confidence(random), confidence(random)};
            Thresholds.Decision decision = THRESHOLDS.decide(all);
            float[] ran = decision.exit() == 0 ? new float[] {all[0]} : all;
            return monitor.see(decision.exit() + 1, decision.critical(), ran);
        }
    }

    private static final Source NORMAL = new Source(-2, 1);

    private static EmissionMonitor monitor(double alpha, long seed) {
        return new EmissionMonitor(2, LEARNING, alpha, new SplittableRandom(seed));
    }

    /** Events until the alarm behind {@code before} normal ones; -1 for none. */
    private static long delay(Source then, int before, int after, double alpha, long seed) {
        SplittableRandom random = new SplittableRandom(31 * seed + 7);
        EmissionMonitor monitor = monitor(alpha, seed);
        for (int k = 0; k < before + after; k++) {
            Optional<EmissionMonitor.Alarm> alarm = (k < before ? NORMAL : then).emit(monitor, random);
            if (alarm.isPresent()) {
                return k + 1 - before;
            }
        }
        return -1;
    }

    private static boolean falseAlarm(int seed) {
        SplittableRandom random = new SplittableRandom(31L * seed + 7);
        EmissionMonitor monitor = monitor(0.1, seed);
        for (int k = 0; k < 2_000; k++) {
            NORMAL.emit(monitor, random);
        }
        return monitor.isOver();
    }

    /** 600 devices at the level 0.1: were it reached exactly, more than 83 alarms would have the probability 1e-3. */
    @Test
    void alarmsAreRareWhileNothingDriftsHoweverOftenOneLooks() {
        int alarms = 0;
        for (int seed = 0; seed < 600; seed++) {
            alarms += falseAlarm(seed) ? 1 : 0;
        }
        assertTrue(alarms <= 83, alarms + " of 600");
    }

    /** Whatever the values' distribution: p-values of a conformal test are uniform for values that are all the same, too. */
    @Test
    void valuesThatAreAllAlikeTellNothing() {
        int alarms = 0;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ConformalMartingale martingale = new ConformalMartingale(3, 0);
            boolean reached = false;
            for (int k = 0; k < 2_000; k++) {
                martingale.see(1, random);
                reached |= martingale.wealth() >= 10;
            }
            alarms += reached ? 1 : 0;
        }
        assertTrue(alarms <= 33, alarms + " of 200");
    }

    /** Medians over 20 devices; the bounds are about twice those seen. */
    @ParameterizedTest
    @CsvSource({
        "-1, 1, 500, 300",
        "-1, 1, 20000, 400",
        "0, 1, 500, 100",
        "0, 1, 20000, 130",
        "-2, 1.5, 5000, 600",
        "-2.7, 1, 5000, 600",
    })
    void driftIsNoticedEarlyOrLate(double place, double spread, int before, long most) {
        long[] delays = new long[20];
        for (int seed = 0; seed < delays.length; seed++) {
            delays[seed] = delay(new Source(place, spread), before, 5_000, 0.01, seed);
        }
        long[] sorted = Arrays.stream(delays).filter(d -> d > 0).sorted().toArray();
        assertTrue(sorted.length >= 18, Arrays.toString(delays));
        assertTrue(sorted[sorted.length / 2] <= most, Arrays.toString(delays));
    }

    /** The first exit goes on as before; those that the second one decides turn critical. */
    @Test
    void aLaterExitThatAloneDriftsIsNoticed() {
        SplittableRandom random = new SplittableRandom(5);
        EmissionMonitor monitor = monitor(0.01, 5);
        Optional<EmissionMonitor.Alarm> alarm = Optional.empty();
        for (int k = 0; k < 6_000 && alarm.isEmpty(); k++) {
            boolean first = random.nextInt(4) > 0;
            boolean critical = random.nextInt(10) < (k < 3_000 ? 1 : 4);
            float second = critical ? 0.9f : 0.1f;
            alarm = first
                    ? monitor.see(1, false, new float[] {0.1f})
                    : monitor.see(2, critical, new float[] {0.5f, second});
        }
        assertTrue(alarm.isPresent() && alarm.get().events() > 3_000, alarm.toString());
        assertTrue(alarm.get().wealth() >= 300, alarm.toString());
        assertTrue(alarm.get().view().equals("exit-2") || alarm.get().view().equals("decisions"), alarm.toString());
        assertEquals(Optional.empty(), monitor.see(1, false, new float[] {0.1f}));
        assertEquals(alarm.get().events(), monitor.events());
    }

    /** Through JSON at any moment, learning or betting, it goes on as if nothing had been. */
    @Test
    void itGoesOnFromItsState() {
        for (int stop : new int[] {0, 150, 4_700}) {
            SplittableRandom events = new SplittableRandom(9);
            SplittableRandom again = new SplittableRandom(9);
            EmissionMonitor whole = monitor(0.01, 4);
            SplittableRandom ties = new SplittableRandom(4);
            EmissionMonitor parts = new EmissionMonitor(2, LEARNING, 0.01, ties);
            for (int k = 0; k < 6_000; k++) {
                Source source = k < 5_000 ? NORMAL : new Source(0, 1);
                if (k == stop) {
                    EmissionMonitor.State state =
                            Json.parse("state", Json.compact(parts.state()), EmissionMonitor.State.class);
                    parts = EmissionMonitor.of(state, 2, LEARNING, 0.01, ties);
                }
                assertEquals(source.emit(whole, events), source.emit(parts, again));
            }
            assertTrue(whole.isOver() && parts.isOver());
        }
    }

    @Test
    void statesThatCannotBeAreRefused() {
        EmissionMonitor monitor = monitor(0.01, 4);
        for (int k = 0; k < 300; k++) {
            NORMAL.emit(monitor, new SplittableRandom(k));
        }
        EmissionMonitor.State good = monitor.state();
        SplittableRandom random = new SplittableRandom(1);
        assertThrows(IllegalArgumentException.class, () -> EmissionMonitor.of(good, 3, LEARNING, 0.01, random));
        String json = Json.compact(good);
        for (String bad : new String[] {
            json.replace("emissions/1", "emissions/2"),
            json.replaceFirst("\"begun\":1", "\"begun\":-1"),
            json.replaceFirst("\"kept\":0.0", "\"kept\":1e999"),
            json.replaceFirst("\"shares\":\\[", "\"shares\":[0.1,"),
            json.replaceFirst("\"products\":\\[", "\"products\":[-1.0,"),
            json.replaceFirst("\"counts\":\\[", "\"counts\":[null,"),
        }) {
            assertNotEquals(json, bad);
            assertThrows(UserError.class, () -> Json.parse("state", bad, EmissionMonitor.State.class));
        }
        EmissionMonitor.State odd =
                Json.parse("state", json.replaceFirst("\"counts\":\\[", "\"counts\":[0,"), EmissionMonitor.State.class);
        assertThrows(IllegalArgumentException.class, () -> EmissionMonitor.of(odd, 2, LEARNING, 0.01, random));
    }

    @Test
    void everyConfidenceHasAPlace() {
        EmissionMonitor monitor = new EmissionMonitor(1, 10, 0.05, new SplittableRandom(1));
        for (float confidence : new float[] {0, Float.MIN_VALUE, 0.5f, Math.nextDown(1f), 1, Float.NaN}) {
            assertEquals(Optional.empty(), monitor.see(1, true, new float[] {confidence}));
        }
        assertThrows(IllegalArgumentException.class, () -> monitor.see(2, true, new float[2]));
        assertThrows(IllegalArgumentException.class, () -> monitor.see(1, true, new float[0]));
        assertThrows(IllegalArgumentException.class, () -> monitor(1, 1));
    }
}

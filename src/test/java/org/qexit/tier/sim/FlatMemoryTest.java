package org.qexit.tier.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.EventHandler;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.Thresholds;

/** A run holds on to no more after many events than after few. */
class FlatMemoryTest {
    private static final int DEVICES = 12;

    /** Objects and elements that rings, heaps and octaves of sketches may grow by. */
    private static final long SLACK = 4_000;

    /** There are at least as many events for each of them. */
    private static final long EVENTS_PER_SLACK = 20;

    private static SimulationInputs inputs(String policy, String sharing, double horizon) {
        SmallFleet fleet = new SmallFleet().node("en1", 2000).node("en2", 2000);
        for (int n = 1; n <= DEVICES; n++) {
            fleet.device(
                    "ue" + n,
                    n % 2 == 0 ? "en1" : "en2",
                    300,
                    SmallFleet.leastBandwidth(0.05),
                    SmallFleet.trace("ue" + n, 300, 2),
                    new Thresholds(0.3f, 0.6f),
                    0.05);
        }
        return fleet.inputs("periodSeconds: 10\nhorizonSeconds: " + horizon + "\nwarmUp: 10\nlink: {fading: rayleigh}\n"
                + "arrivalsOf: {ue2: {kind: periodic, jitter: 0.5}, ue3: {kind: bursts, onSeconds: 1, offSeconds: 3}}\n"
                + "device: {exitSeconds: [0.001, 0.002]}\nbackhaul: {delaySeconds: 0.01, bitsPerSecond: 1.0e6}\n"
                + "monitor: {windowEvents: 40, everySeconds: " + horizon / 5 + "}\nnode: {admission: true, sharing: "
                + sharing
                + "}\npolicies: [" + policy + "]\n");
    }

    /** The size of a whole run at a third and at the end of the horizon; 360 events a second come. */
    @ParameterizedTest
    @CsvSource({
        "kept, reserved",
        "kept, weighted",
        "follower, fifo",
        "replanOnAlarm, reserved",
        "thresholdsOnAlarm, reserved"
    })
    void aRunDoesNotGrow(String policy, String sharing) {
        double horizon = policy.equals("replanOnAlarm") ? 240 : 300;
        SimulationInputs inputs = inputs(policy, sharing, horizon);
        Fleet fleet = new Fleet(inputs);
        Timeline timeline = new Timeline(inputs.scenario(), 10);
        FleetSimulation run = new FleetSimulation(
                fleet,
                timeline,
                inputs.plans().get(0).plan(),
                inputs.scenario().policies().get(0),
                0);
        assertTrue(run.runUntil(horizon / 3, () -> false));
        long early = run.happened();
        long before = Reachable.from(run);
        int state = SimulationState.write(run).length;
        assertTrue(run.run(() -> false));
        long events = run.happened() - early;
        assertTrue(events > EVENTS_PER_SLACK * SLACK, events + " events after " + early);
        long after = Reachable.from(run);
        assertTrue(after <= before + SLACK, "from " + before + " to " + after);
        assertTrue(
                SimulationState.write(run).length < state + 8 * SLACK,
                "snapshot of " + state + " bytes, then " + SimulationState.write(run).length);
    }

    /** What is kept of a run, and what is summed of several, is as large for a long run as for a short one. */
    @Test
    void aSummaryDoesNotGrow() {
        long[] sizes = new long[2];
        double[] horizons = {20, 200};
        for (int i = 0; i < 2; i++) {
            SimulationInputs inputs = inputs("kept", "reserved", horizons[i]);
            Fleet fleet = new Fleet(inputs);
            Timeline timeline = new Timeline(inputs.scenario(), 10);
            VariantTotals totals = new VariantTotals(timeline, fleet.size(), 3);
            FleetSimulation run = new FleetSimulation(
                    fleet,
                    timeline,
                    inputs.plans().get(0).plan(),
                    inputs.scenario().policies().get(0),
                    0);
            assertTrue(run.run(() -> false));
            totals.add(run.tallies);
            sizes[i] = Reachable.from(totals, RunSummary.of(run));
        }
        assertTrue(sizes[1] <= sizes[0] + SLACK, "from " + sizes[0] + " to " + sizes[1]);
    }

    /** Events that come, go, move and are called off leave nothing behind in the calendar. */
    @Test
    void aCalendarDoesNotGrow() {
        Calendar calendar = new Calendar();
        long[] handles = new long[300];
        EventHandler model = (kind, entity, item) -> {
            handles[entity] = calendar.scheduleAfter(1 + entity % 7, 0, entity, 0);
            int other = (entity * 31 + 7) % handles.length;
            if (calendar.cancel(handles[other])) {
                handles[other] = calendar.scheduleAfter(2 + other % 5, 0, other, 0);
            }
        };
        for (int i = 0; i < handles.length; i++) {
            handles[i] = calendar.schedule(i * 0.01, 0, i, 0);
        }
        calendar.runEvents(model, 20_000);
        long before = Reachable.from(calendar);
        calendar.runEvents(model, 600_000);
        assertTrue(calendar.happened() > 600_000);
        assertEquals(before, Reachable.from(calendar), SLACK);
    }

    /** The probe itself: it finds a list that grows. */
    @Test
    void theProbeSeesWhatGrows() {
        List<double[]> kept = new ArrayList<>();
        long before = Reachable.from(kept);
        kept.add(new double[100]);
        assertEquals(101, Reachable.from(kept) - before);
    }
}

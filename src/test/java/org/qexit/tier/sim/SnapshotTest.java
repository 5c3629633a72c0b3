package org.qexit.tier.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.Thresholds;

class SnapshotTest {
    private static SimulationInputs inputs(String policy, String sharing) {
        SmallFleet fleet = new SmallFleet().node("en1", 60).node("en2", 60);
        for (int n = 1; n <= 4; n++) {
            fleet.device(
                    "ue" + n,
                    n % 2 == 0 ? "en1" : "en2",
                    25,
                    SmallFleet.leastBandwidth(0.5),
                    SmallFleet.trace("ue" + n, 100, 2),
                    new Thresholds(0.3f, 0.6f),
                    0.5);
        }
        return fleet.inputs("periodSeconds: 100\nhorizonSeconds: 900\nwarmUp: 50\nlink: {fading: rayleigh}\n"
                + "arrivals: {kind: bursts, onSeconds: 10, offSeconds: 30}\n"
                + "arrivalsOf: {ue2: {kind: periodic, jitter: 0.5}}\n"
                + "backhaul: {delaySeconds: 0.1, bitsPerSecond: 1000}\n"
                + "node: {admission: true, sharing: " + sharing + "}\npolicies: [" + policy + "]\n"
                + "happens: [{at: 200, node: en1, down: true}, {at: 300, devices: [ue1, ue2], classMix: {1: 1, 0: 2}},"
                + " {at: 350, device: ue3, off: true}, {at: 400, devices: all, traffic: 1.5},"
                + " {at: 450, newDevice: {like: ue1, id: ue9}}, {at: 600, node: en1, down: false}]");
    }

    private static FleetSimulation begin(SimulationInputs inputs, Fleet fleet, Timeline timeline) {
        return new FleetSimulation(
                fleet,
                timeline,
                inputs.plans().get(0).plan(),
                inputs.scenario().policies().get(0),
                0);
    }

    @ParameterizedTest
    @CsvSource({"kept, reserved", "replanOnAlarm, reserved", "thresholdsOnAlarm, weighted", "follower, fifo"})
    void aRunThatGoesOnIsTheRunThatWasNotStopped(String policy, String sharing) {
        SimulationInputs inputs = inputs(policy, sharing);
        Fleet fleet = new Fleet(inputs);
        Timeline timeline = new Timeline(inputs.scenario(), 50);
        SimulationState.Setting setting = new SimulationState.Setting(
                fleet, timeline, inputs.scenario().policies().get(0), 0);
        FleetSimulation whole = begin(inputs, fleet, timeline);
        assertTrue(whole.run(() -> false));
        FleetSimulation run = begin(inputs, fleet, timeline);
        for (double stop : new double[] {0, 20, 205, 333, 500, 899}) {
            run.runUntil(stop, () -> false);
            byte[] state = SimulationState.write(run);
            run = SimulationState.resume(setting, "snapshot", state);
            assertArrayEquals(state, SimulationState.write(run));
        }
        run.runUntil(900, () -> false);
        run.calendar.runEvents(run, Long.MAX_VALUE);
        assertEquals(whole.calendar.happened(), run.calendar.happened());
        for (int p = 0; p < timeline.phases(); p++) {
            assertArrayEquals(whole.tallies.counts[p], run.tallies.counts[p]);
        }
        assertArrayEquals(whole.tallies.radioJoules, run.tallies.radioJoules);
        assertArrayEquals(whole.tallies.binDelay, run.tallies.binDelay);
        assertArrayEquals(whole.policyCounts(), run.policyCounts());
        assertEquals(whole.nodes[0].busySeconds(), run.nodes[0].busySeconds());
        assertEquals(whole.tallies.serverDelay.quantile(0.9), run.tallies.serverDelay.quantile(0.9));
    }

    @Test
    void damagedStatesAreRefused() {
        SimulationInputs inputs = inputs("kept", "fifo");
        Fleet fleet = new Fleet(inputs);
        Timeline timeline = new Timeline(inputs.scenario(), 50);
        FleetSimulation run = begin(inputs, fleet, timeline);
        run.runUntil(300, () -> false);
        byte[] state = SimulationState.write(run);
        state[state.length / 2] ^= 1;
        SimulationState.Setting setting = new SimulationState.Setting(
                fleet, timeline, inputs.scenario().policies().get(0), 0);
        assertThrows(UserError.class, () -> SimulationState.resume(setting, "snapshot", state));
    }

    /** As after Ctrl-C before anything was complete: half a replication is no result. */
    @Test
    void aStopBeforeTheFirstReplicationLeavesNothing() {
        SimulationInputs inputs = inputs("kept", "fifo");
        AtomicBoolean stop = new AtomicBoolean(true);
        UserError none = assertThrows(UserError.class, () -> Simulation.run(inputs, 1, stop));
        assertEquals("stopped before a replication was complete; nothing is written", none.getMessage());
        assertTrue(Simulation.run(inputs, 1, new AtomicBoolean()).complete());
    }
}

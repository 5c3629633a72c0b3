package org.qexit.tier.sim;

import org.qexit.allocation.Plan;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.threshold.Frontier;
import org.qexit.tier.scenario.Scenario;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.UpperThreshold;

/**
 * A device whose events have drifted gets, from those of its last events whose truth is known, the thresholds that find most within the compute it has.
 */
final class ThresholdsDesk extends PolicyDesk {
    /** Fewer critical events than these of known truth make no frontier. */
    private static final int LEAST_CRITICAL = 5;

    private final FleetSimulation simulation;
    private final double traffic;
    private final Fleet fleet;
    private final Scenario.Monitor monitor;
    private final DriftWatch watch;
    private int changes;

    /** @param traffic events that the compute must do for over those observed */
    ThresholdsDesk(FleetSimulation simulation, double traffic) {
        this.simulation = simulation;
        this.traffic = traffic;
        fleet = simulation.fleet;
        monitor = fleet.scenario.monitor();
        watch = new DriftWatch(fleet);
    }

    @Override
    double looksEvery() {
        return monitor.everySeconds();
    }

    @Override
    void begins(SimulatedDevice device) {
        device.window = new Window(monitor.windowEvents());
        device.window.restart(simulation.calendar.now());
    }

    @Override
    void look(double now) {
        for (SimulatedDevice device : simulation.devices) {
            if (device.active && device.planned != null && watch.alarm(device)) {
                choose(device, now);
            }
        }
    }

    private void choose(SimulatedDevice device, double now) {
        DeviceTrace known = device.window.labelled(
                fleet, device.number, now - monitor.labels().delaySeconds());
        if (known.positives() < LEAST_CRITICAL) {
            return;
        }
        double seconds = now - device.window.since();
        double perPeriod = traffic * device.window.sinceRestart() / seconds * fleet.scenario.periodSeconds();
        long offloads = (long) Math.floor(
                Math.min(1, device.grant / fleet.unitsPerEvent[device.plannedNode] / perPeriod) * known.size());
        Frontier.Step step = Frontier.of(known).within(offloads);
        Plan.Device old = device.planned;
        Plan.Device changed = new Plan.Device(
                old.id(),
                old.node(),
                step.thresholds().lower(),
                new UpperThreshold(step.thresholds().upper()),
                old.bandwidthHz(),
                old.powerWatts(),
                old.computeUnits(),
                step.truePositives(),
                step.falsePositives(),
                (double) step.truePositives() / known.positives(),
                old.delaySeconds(),
                old.energyJoules());
        simulation.apply(device, changed);
        watch.accept(device, now);
        changes++;
    }

    @Override
    int changes() {
        return changes;
    }

    @Override
    void write(SnapshotWriter out) {
        watch.write(out);
        out.putInt(changes);
    }

    @Override
    void restore(SnapshotReader in) {
        watch.restore(in);
        changes = in.takeInt();
    }
}

package org.qexit.tier.sim;

import org.qexit.allocation.Plan;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.tier.scenario.Scenario;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

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
        Rule chosen = chosen(device.planned.thresholds().kind(), known, offloads);
        Confusion counts = Confusion.of(known, chosen);
        Plan.Device old = device.planned;
        Plan.Device changed = new Plan.Device(
                old.id(),
                old.node(),
                chosen,
                old.bandwidthHz(),
                old.powerWatts(),
                old.computeUnits(),
                counts.truePositives(),
                counts.falsePositives(),
                (double) counts.truePositives() / known.positives(),
                null,
                old.delaySeconds(),
                old.energyJoules());
        simulation.apply(device, changed);
        watch.accept(device, now);
        changes++;
    }

    private static Rule chosen(RuleKind kind, DeviceTrace known, long offloads) {
        return switch (kind) {
            case PAIR -> BudgetSearch.of(known).within(offloads).thresholds();
            case PER_EXIT ->
                ExitSearch.of(known, new ExitSearch.Limits(offloads, Integer.MAX_VALUE, null), 0)
                        .thresholds();
        };
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

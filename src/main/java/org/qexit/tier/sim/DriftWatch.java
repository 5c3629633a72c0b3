package org.qexit.tier.sim;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.threshold.DriftMonitor;
import org.qexit.tier.scenario.Scenario;
import org.qexit.trace.DeviceTrace;

/** Looks at devices for drift of their events, without labels, by {@link DriftMonitor}; after an alarm what was seen is what is normal. */
final class DriftWatch {
    /** Fewer events tell nothing. */
    private static final int LEAST = 20;

    private final Fleet fleet;
    private final Scenario.Monitor monitor;
    /** {@code [device]}: what the device's events are compared with. */
    private final DeviceTrace[] normal;

    DriftWatch(Fleet fleet) {
        this.fleet = fleet;
        monitor = fleet.scenario.monitor();
        normal = new DeviceTrace[fleet.size()];
        for (int n = 0; n < normal.length; n++) {
            normal[n] = fleet.devices.get(n).deviceTrace();
        }
    }

    /** Whether a device's events have drifted since it was last looked upon as normal. */
    boolean alarm(SimulatedDevice device) {
        Window window = device.window;
        if (device.planned == null || window == null || window.count() < LEAST) {
            return false;
        }
        DeviceTrace fresh = window.unlabelled(fleet, device.number);
        return DriftMonitor.compare(normal[device.number], fresh, device.planned.thresholds(), 1, monitor.alpha())
                .drifted();
    }

    /** What is in the window is normal from now on. */
    void accept(SimulatedDevice device, double now) {
        normal[device.number] = device.window.unlabelled(fleet, device.number);
        device.window.restart(now);
    }

    void write(SnapshotWriter out) {
        TraceState.write(normal, out);
    }

    void restore(SnapshotReader in) {
        TraceState.restore(normal, in);
    }
}

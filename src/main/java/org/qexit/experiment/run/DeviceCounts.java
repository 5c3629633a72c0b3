package org.qexit.experiment.run;

import java.util.List;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * What two thresholds do on a device's events.
 *
 * @param device the device, or the name of a pool of devices
 * @param counts what became of its events
 */
record DeviceCounts(String device, Confusion counts) {

    static DeviceCounts of(DeviceTrace trace, Rule thresholds) {
        return new DeviceCounts(trace.device(), Confusion.of(trace, thresholds));
    }

    /** The sums over several devices. */
    static DeviceCounts pooled(String name, List<DeviceCounts> outcomes) {
        return new DeviceCounts(
                name, Confusion.sum(outcomes.stream().map(DeviceCounts::counts).toList()));
    }

    int positives() {
        return counts.truePositives() + counts.falseNegatives();
    }
}

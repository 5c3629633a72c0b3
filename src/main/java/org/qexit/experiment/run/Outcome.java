package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * What two thresholds do on a device's events.
 *
 * @param device the device, or the name of a pool of devices
 * @param counts what became of its events
 */
record Outcome(String device, Confusion counts) {

    static Outcome of(DeviceTrace trace, Thresholds thresholds) {
        return new Outcome(trace.device(), Confusion.of(trace, thresholds));
    }

    /** The sums over several devices. */
    static Outcome pooled(String name, List<Outcome> outcomes) {
        List<Confusion> all = outcomes.stream().map(Outcome::counts).toList();
        List<Integer> exits = new ArrayList<>();
        for (int q = 0; q < all.get(0).exits().size(); q++) {
            int exit = q;
            exits.add(all.stream().mapToInt(c -> c.exits().get(exit)).sum());
        }
        return new Outcome(
                name,
                new Confusion(
                        all.stream().mapToInt(Confusion::truePositives).sum(),
                        all.stream().mapToInt(Confusion::falsePositives).sum(),
                        all.stream().mapToInt(Confusion::trueNegatives).sum(),
                        all.stream().mapToInt(Confusion::falseNegatives).sum(),
                        exits));
    }

    int positives() {
        return counts.truePositives() + counts.falseNegatives();
    }
}

package org.qexit.experiment;

import java.util.ArrayList;
import java.util.List;
import org.qexit.threshold.Thresholds;
import org.qexit.trace.DeviceTrace;

/**
 * What two thresholds do on a device's events.
 *
 * @param device the device, or the name of a pool of devices
 * @param truePositives critical events offloaded
 * @param falsePositives normal events offloaded
 * @param trueNegatives normal events dropped
 * @param falseNegatives critical events dropped
 * @param exitsTaken events decided at each exit, {@code [exit]}
 */
record Outcome(
        String device,
        long truePositives,
        long falsePositives,
        long trueNegatives,
        long falseNegatives,
        List<Long> exitsTaken) {
    Outcome {
        exitsTaken = List.copyOf(exitsTaken);
    }

    static Outcome of(DeviceTrace trace, Thresholds thresholds) {
        long[][] counts = new long[2][2];
        long[] exits = new long[trace.exits()];
        for (int k = 0; k < trace.size(); k++) {
            Thresholds.Decision decision = thresholds.decide(trace.scores(), k);
            counts[trace.labels()[k]][decision.critical() ? 1 : 0]++;
            exits[decision.exit()]++;
        }
        List<Long> taken = new ArrayList<>();
        for (long count : exits) {
            taken.add(count);
        }
        return new Outcome(trace.device(), counts[1][1], counts[0][1], counts[0][0], counts[1][0], taken);
    }

    /** The sums over several devices. */
    static Outcome pooled(String name, List<Outcome> outcomes) {
        List<Long> taken = new ArrayList<>();
        for (int q = 0; q < outcomes.get(0).exitsTaken().size(); q++) {
            int exit = q;
            taken.add(outcomes.stream().mapToLong(o -> o.exitsTaken().get(exit)).sum());
        }
        return new Outcome(
                name,
                outcomes.stream().mapToLong(Outcome::truePositives).sum(),
                outcomes.stream().mapToLong(Outcome::falsePositives).sum(),
                outcomes.stream().mapToLong(Outcome::trueNegatives).sum(),
                outcomes.stream().mapToLong(Outcome::falseNegatives).sum(),
                taken);
    }

    long positives() {
        return truePositives + falseNegatives;
    }

    long offloaded() {
        return truePositives + falsePositives;
    }

    long events() {
        return positives() + falsePositives + trueNegatives;
    }
}

package org.qexit.tier.sim;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.Scenario;

/**
 * How time is divided for results: into phases, which begin where something happens or the warm-up ends, and into bins of equal length. An event counts
 * where it came.
 */
final class Timeline {
    /** Bins of a timeline. */
    static final int BINS = 60;

    final double warmUpSeconds;
    final double horizonSeconds;

    /** Where each phase begins; the first at 0. */
    final double[] starts;

    /** What each phase begins with, in words. */
    final List<String> names;

    /** The node that every device had at the end of every bin, {@code [bin][device]}; {@link SimulatedDevice#NOWHERE} for none. */
    static final class Assignments implements Serializable {
        private static final long serialVersionUID = 1L;

        final int[][] nodes = new int[BINS][];

        void binEnds(int bin, SimulatedDevice[] devices) {
            nodes[bin] = Arrays.stream(devices).mapToInt(device -> device.node).toArray();
        }
    }

    Timeline(Scenario scenario, double warmUpSeconds) {
        this.warmUpSeconds = warmUpSeconds;
        horizonSeconds = scenario.horizonSeconds();
        TreeSet<Double> times = new TreeSet<>(List.of(0.0, warmUpSeconds));
        scenario.happens().forEach(one -> times.add(one.at()));
        times.remove(horizonSeconds);
        starts = times.stream().mapToDouble(Double::doubleValue).toArray();
        names = new ArrayList<>();
        for (double start : starts) {
            List<String> what = scenario.happens().stream()
                    .filter(one -> one.at() == start)
                    .map(Happening::words)
                    .toList();
            names.add(!what.isEmpty() ? String.join("; ", what) : start < warmUpSeconds ? "warm-up" : "start");
        }
    }

    int phases() {
        return starts.length;
    }

    double end(int phase) {
        return phase + 1 < starts.length ? starts[phase + 1] : horizonSeconds;
    }

    /** Whether what comes in a phase counts. */
    boolean counts(int phase) {
        return starts[phase] >= warmUpSeconds;
    }

    int bin(double time) {
        return Math.min(BINS - 1, (int) (time / horizonSeconds * BINS));
    }

    double binEnd(int bin) {
        return bin == BINS - 1 ? horizonSeconds : horizonSeconds * (bin + 1) / BINS;
    }
}

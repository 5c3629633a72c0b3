package org.qexit.allocation.problem;

import java.util.List;
import org.qexit.threshold.Frontier;
import org.qexit.trace.Thresholds;

/**
 * What one device gains from compute: corners (load, true positives) of its exact threshold frontier, both strictly
 * increasing. Corners without a true positive are left out, since ln U needs U &gt; 0.
 *
 * @param loads (TP+FP) · eventsPerPeriod / K, {@code [corner]}
 * @param truePositives {@code [corner]}
 * @param falsePositives {@code [corner]}
 * @param thresholds a pair that attains the corner, {@code [corner]}
 * @param positives |P|
 */
public record Staircase(
        double[] loads, int[] truePositives, int[] falsePositives, Thresholds[] thresholds, int positives) {

    /** Scales the corners of a frontier; its first one, without a true positive, is left out. */
    static Staircase of(List<Frontier.Step> corners, int positives, double loadPerEvent) {
        List<Frontier.Step> kept =
                corners.stream().filter(corner -> corner.truePositives() > 0).toList();
        int size = kept.size();
        double[] loads = new double[size];
        int[] tp = new int[size];
        int[] fp = new int[size];
        Thresholds[] thresholds = new Thresholds[size];
        for (int s = 0; s < size; s++) {
            Frontier.Step corner = kept.get(s);
            tp[s] = corner.truePositives();
            fp[s] = corner.falsePositives();
            loads[s] = corner.offloads() * loadPerEvent;
            thresholds[s] = corner.thresholds();
        }
        return new Staircase(loads, tp, fp, thresholds, positives);
    }

    public int corners() {
        return loads.length;
    }

    /** The last corner whose load fits into {@code computeUnits}, or -1. */
    public int within(double computeUnits) {
        int corner = -1;
        while (corner + 1 < loads.length && loads[corner + 1] <= computeUnits) {
            corner++;
        }
        return corner;
    }

    public double utility(int corner) {
        return (double) truePositives[corner] / positives;
    }
}

package org.qexit.allocation.problem;

import java.util.List;
import org.qexit.threshold.exits.ExitFrontier;
import org.qexit.trace.Rule;

/**
 * What one device gains from compute: corners (load, true positives) of its threshold frontier, both strictly increasing. That of pairs is
 * exact; with thresholds per exit it holds what was found ({@link ExitFrontier}). Corners without a true positive are left out, since ln U needs U &gt; 0.
 *
 * @param loads (TP+FP) · eventsPerPeriod / K, {@code [corner]}
 * @param truePositives {@code [corner]}
 * @param falsePositives {@code [corner]}
 * @param thresholds a rule that attains the corner, {@code [corner]}
 * @param positives |P|
 */
public record Staircase(double[] loads, int[] truePositives, int[] falsePositives, Rule[] thresholds, int positives) {

    /** Scales the corners of a frontier, the first of which has a true positive. */
    static Staircase of(List<ExitFrontier.Corner> corners, int positives, double loadPerEvent) {
        int size = corners.size();
        double[] loads = new double[size];
        int[] tp = new int[size];
        int[] fp = new int[size];
        Rule[] thresholds = new Rule[size];
        for (int s = 0; s < size; s++) {
            ExitFrontier.Corner corner = corners.get(s);
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

package org.qexit.experiment.report;

import java.util.List;
import org.qexit.common.Checks;

/**
 * What the models' confidences look like, and what thresholds can make of them.
 *
 * @param histograms per model, device and exit
 * @param frontiers points of the trade between offloads and true positives
 */
public record Confidences(List<HistogramRow> histograms, List<FrontierRow> frontiers) {
    public Confidences {
        histograms = List.copyOf(histograms);
        frontiers = List.copyOf(frontiers);
    }

    /**
     * One bin of the confidence histogram of test events.
     *
     * @param device a device or {@link ReportData#ALL}
     * @param exit from 1
     * @param binLow in [0, 1]
     * @param critical count of critical events in [binLow, binHigh)
     * @param normal count of normal events
     */
    public record HistogramRow(
            String model, String device, int exit, double binLow, double binHigh, long critical, long normal) {
        public HistogramRow {
            Checks.within("histograms.exit", exit, 1, Integer.MAX_VALUE);
            Checks.within("histograms.binLow", binLow, 0, 1);
            Checks.within("histograms.binHigh", binHigh, binLow, 1);
        }
    }

    /**
     * A point of "true positives against offload rate": on {@link ReportData#VALIDATION}, a corner of the device's exact staircase; for
     * {@link ReportData#ALL}, thresholds chosen on validation with the same budget for every device, counted on the split.
     *
     * @param device a device or {@link ReportData#ALL}
     * @param split {@link ReportData#VALIDATION} or {@link ReportData#TEST}
     */
    public record FrontierRow(String model, String device, String split, double offloadRate, double tpr) {
        public FrontierRow {
            ReportData.knownSplit(split);
            Checks.within("frontiers.offloadRate", offloadRate, 0, 1);
            Checks.within("frontiers.tpr", tpr, 0, 1);
        }
    }
}

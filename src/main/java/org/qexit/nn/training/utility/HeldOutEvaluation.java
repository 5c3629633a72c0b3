package org.qexit.nn.training.utility;

import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * What thresholds do to held-out events, by the rule of Eq. (1)-(2).
 *
 * @param truePositiveRate TPR
 * @param offloadRate OFR
 * @param falsePositiveRate FPR
 * @param loss mean cross-entropy over events and exits
 * @param accuracies share of events right at confidence 1/2, {@code [exit]}
 */
public record HeldOutEvaluation(
        double truePositiveRate, double offloadRate, double falsePositiveRate, double loss, double[] accuracies) {
    /** A float confidence may round to 0 or 1; its logarithm must stay finite. */
    private static final double LEAST = 1e-7;

    /** An untrained network whose logits are all but equal must not make the soft decision hard. */
    private static final double LEAST_SPREAD = 0.1;

    public static HeldOutEvaluation of(DeviceTrace trace, Rule thresholds) {
        Confusion found = Confusion.of(trace, thresholds);
        double loss = 0;
        double[] accuracies = new double[trace.exits()];
        for (int k = 0; k < trace.size(); k++) {
            boolean critical = trace.labels()[k] == 1;
            for (int q = 0; q < accuracies.length; q++) {
                double c = trace.scores()[q][k];
                loss -= StrictMath.log(Math.max(LEAST, critical ? c : 1 - c));
                accuracies[q] += c > 0.5 == critical ? 1 : 0;
            }
        }
        for (int q = 0; q < accuracies.length; q++) {
            accuracies[q] /= trace.size();
        }
        return new HeldOutEvaluation(
                found.tpr().orThrow(),
                found.ofr().orThrow(),
                found.fpr().orThrow(),
                loss / (trace.size() * (double) accuracies.length),
                accuracies);
    }

    /** Standard deviation of the logits of all confidences; at least {@value #LEAST_SPREAD}. */
    public static double spread(DeviceTrace trace) {
        double count = 0;
        double mean = 0;
        double squares = 0;
        for (float[] exit : trace.scores()) {
            for (float score : exit) {
                double c = Math.max(LEAST, Math.min(1 - LEAST, score));
                double z = StrictMath.log(c) - StrictMath.log1p(-c);
                // Welford 1962.
                count++;
                double before = z - mean;
                mean += before / count;
                squares += before * (z - mean);
            }
        }
        return Math.max(LEAST_SPREAD, Math.sqrt(squares / count));
    }
}

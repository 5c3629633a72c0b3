package org.qexit.experiment.study;

import org.qexit.trace.DeviceTrace;

/**
 * What the last exit's confidences are worth as probabilities.
 *
 * @param crossEntropy mean −ln of the true class' probability [nat]
 * @param calibrationError expected calibration error: Σ_b (n_b / n) |mean label − mean confidence| over {@value #BINS} bins of
 *     equal width (Naeini et al. 2015)
 */
record ScoreQuality(double crossEntropy, double calibrationError) {
    private static final int BINS = 15;

    /** A float confidence may round to 0 or 1; its logarithm must stay finite. */
    private static final double LEAST = 1e-7;

    static ScoreQuality of(DeviceTrace trace) {
        float[] scores = trace.scores()[trace.exits() - 1];
        double entropy = 0;
        double[] excess = new double[BINS];
        for (int k = 0; k < scores.length; k++) {
            int label = trace.labels()[k];
            entropy -= Math.log(Math.max(LEAST, label == 1 ? scores[k] : 1 - scores[k]));
            excess[Math.min(BINS - 1, (int) (scores[k] * BINS))] += label - scores[k];
        }
        double error = 0;
        for (double e : excess) {
            error += Math.abs(e);
        }
        return new ScoreQuality(entropy / scores.length, error / scores.length);
    }
}

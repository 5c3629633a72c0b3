package org.qexit.nn.training;

import org.qexit.nn.loss.DeepSupervision;

/**
 * What exits that tell classes apart make of held-out events.
 *
 * @param crossEntropy mean over the exits of the cross-entropies, in which an event weighs as much as its class
 * @param accuracies share of events whose most probable class is theirs, {@code [exit]}
 */
record ClassEvaluation(double crossEntropy, double[] accuracies) {
    /**
     * @param logits {@code [exit][event · K + class]}
     * @param truth class ids, {@code [event]}
     * @param classWeights v_c, {@code [class]}
     * @throws ArithmeticException if a probability is no number
     */
    static ClassEvaluation of(double[][] logits, int[] truth, double[] classWeights) {
        int classes = classWeights.length;
        double[] probabilities = new double[classes];
        double[] accuracies = new double[logits.length];
        double weights = 0;
        for (int id : truth) {
            weights += classWeights[id];
        }
        double sum = 0;
        for (int q = 0; q < logits.length; q++) {
            int right = 0;
            for (int k = 0; k < truth.length; k++) {
                double surprise = DeepSupervision.surprise(logits[q], k * classes, classes, truth[k], probabilities);
                if (Double.isNaN(surprise)) {
                    throw new ArithmeticException("the probabilities at exit " + (q + 1) + " are NaN");
                }
                sum += classWeights[truth[k]] * surprise;
                right += mostProbable(probabilities) == truth[k] ? 1 : 0;
            }
            accuracies[q] = right / (double) truth.length;
        }
        return new ClassEvaluation(sum / (weights * logits.length), accuracies);
    }

    /** The first of the most probable. */
    private static int mostProbable(double[] probabilities) {
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return best;
    }
}

package org.qexit.experiment.tabular;

/** Adam (Kingma and Ba 2015) for one array of weights. */
final class AdamMoments {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double EPSILON = 1e-8;

    private final double[] first;
    private final double[] second;

    AdamMoments(double[] weights) {
        first = new double[weights.length];
        second = new double[weights.length];
    }

    /** @param step counted from 1 */
    void step(double[] weights, double[] gradient, double learningRate, int step) {
        double firstSeen = 1 - Math.pow(FIRST_DECAY, step);
        double secondSeen = 1 - Math.pow(SECOND_DECAY, step);
        for (int i = 0; i < weights.length; i++) {
            first[i] += (1 - FIRST_DECAY) * (gradient[i] - first[i]);
            second[i] += (1 - SECOND_DECAY) * (gradient[i] * gradient[i] - second[i]);
            weights[i] -= learningRate * (first[i] / firstSeen) / (Math.sqrt(second[i] / secondSeen) + EPSILON);
        }
    }
}

package org.qexit.experiment.tabular;

/** Two sums of features, one per class, and the cross-entropy of their softmax; the last layer of several classifiers. */
final class TwoLogits {
    private final int width;

    TwoLogits(int width) {
        this.width = width;
    }

    int parameters() {
        return 2 * width;
    }

    /** The second class's sum less the first's. */
    double difference(double[] features, int at, double[] weights, int weightsAt) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            sum += (weights[weightsAt + width + j] - weights[weightsAt + j]) * features[at + j];
        }
        return sum;
    }

    /**
     * The loss of one sample; adds {@code share} times its gradient.
     *
     * @param upstream gradient by the features, overwritten from {@code at}
     */
    double loss(
            double[] features,
            int at,
            int label,
            double share,
            double[] weights,
            int weightsAt,
            double[] gradient,
            double[] upstream) {
        double margin = label * difference(features, at, weights, weightsAt);
        // ln(1 + e^−m), and its derivative −1 / (1 + e^m).
        double loss = margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
        double slope = -label * share / (1 + Math.exp(margin));
        for (int j = 0; j < width; j++) {
            gradient[weightsAt + j] -= slope * features[at + j];
            gradient[weightsAt + width + j] += slope * features[at + j];
            upstream[at + j] = slope * (weights[weightsAt + width + j] - weights[weightsAt + j]);
        }
        return loss;
    }
}

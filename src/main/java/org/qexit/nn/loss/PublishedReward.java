package org.qexit.nn.loss;

/**
 * max_q m(C_q) acc_q of one event, Sect. 4.3, with m(C) = σ_t(C − l) σ_t(u − C). Where several exits attain the maximum it has no
 * derivative; the mean of theirs is taken then, which is a subgradient and prefers no exit.
 */
final class PublishedReward {
    private final SoftRule rule;
    private final double[] accuracies;
    private final double[] values;
    private final double[] slopes;
    private double lowerSlope;
    private double upperSlope;

    PublishedReward(Objective objective) {
        this.rule = objective.rule();
        this.accuracies = objective.accuracies();
        this.values = new double[accuracies.length];
        this.slopes = new double[accuracies.length];
    }

    /** @param margins logit C, {@code [event · exits + exit]} */
    double of(double[] margins, int event) {
        double best = 0;
        for (int q = 0; q < values.length; q++) {
            double c = CoupledLoss.sigmoid(margins[event * values.length + q]);
            double t = rule.steepness();
            values[q] = CoupledLoss.sigmoid(t * (c - rule.lower()))
                    * CoupledLoss.sigmoid(t * (rule.upper() - c))
                    * accuracies[q];
            best = Math.max(best, values[q]);
        }
        return best;
    }

    /** Computes the derivatives of one event's reward by C_q, l and u. */
    void differentiate(double[] margins, int event) {
        double best = of(margins, event);
        int tied = 0;
        for (double value : values) {
            tied += value == best ? 1 : 0;
        }
        double t = rule.steepness();
        lowerSlope = 0;
        upperSlope = 0;
        for (int q = 0; q < values.length; q++) {
            slopes[q] = 0;
            if (values[q] == best) {
                double c = CoupledLoss.sigmoid(margins[event * values.length + q]);
                double a = CoupledLoss.sigmoid(t * (c - rule.lower()));
                double b = CoupledLoss.sigmoid(t * (rule.upper() - c));
                slopes[q] = t * best * (b - a) / tied;
                lowerSlope -= t * best * (1 - a) / tied;
                upperSlope += t * best * (1 - b) / tied;
            }
        }
    }

    double slope(int exit) {
        return slopes[exit];
    }

    double lowerSlope() {
        return lowerSlope;
    }

    double upperSlope() {
        return upperSlope;
    }
}

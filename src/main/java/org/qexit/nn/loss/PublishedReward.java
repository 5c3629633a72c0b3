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
    private final double[] lowerSlopes;
    private final double[] upperSlopes;

    PublishedReward(Objective objective) {
        this.rule = objective.rule();
        this.accuracies = objective.accuracies();
        this.values = new double[accuracies.length];
        this.slopes = new double[accuracies.length];
        this.lowerSlopes = new double[accuracies.length];
        this.upperSlopes = new double[accuracies.length];
    }

    /** @param margins logit C, {@code [event · exits + exit]} */
    double of(double[] margins, int event) {
        double best = 0;
        for (int q = 0; q < values.length; q++) {
            double c = CoupledLoss.sigmoid(margins[event * values.length + q]);
            double t = rule.steepness();
            values[q] = CoupledLoss.sigmoid(t * (c - rule.lower(q)))
                    * CoupledLoss.sigmoid(t * (rule.upper(q) - c))
                    * accuracies[q];
            best = Math.max(best, values[q]);
        }
        return best;
    }

    /** Computes the derivatives of one event's reward by C_q, l_q and u_q. */
    void differentiate(double[] margins, int event) {
        double best = of(margins, event);
        int tied = 0;
        for (double value : values) {
            tied += value == best ? 1 : 0;
        }
        double t = rule.steepness();
        for (int q = 0; q < values.length; q++) {
            slopes[q] = 0;
            lowerSlopes[q] = 0;
            upperSlopes[q] = 0;
            if (values[q] == best) {
                double c = CoupledLoss.sigmoid(margins[event * values.length + q]);
                double a = CoupledLoss.sigmoid(t * (c - rule.lower(q)));
                double b = CoupledLoss.sigmoid(t * (rule.upper(q) - c));
                slopes[q] = t * best * (b - a) / tied;
                lowerSlopes[q] = -t * best * (1 - a) / tied;
                upperSlopes[q] = t * best * (1 - b) / tied;
            }
        }
    }

    double slope(int exit) {
        return slopes[exit];
    }

    double lowerSlope(int exit) {
        return lowerSlopes[exit];
    }

    double upperSlope(int exit) {
        return upperSlopes[exit];
    }
}

package org.qexit.nn.loss;

/**
 * The soft decision of every event of a batch, and its derivatives, in O(events · exits). With x the margin (C, or its logit),
 * a = σ_t(x − l), b = σ_t(u − x) and the survivors' share m = a b, an event is critical at an exit with probability c = a (1 − b),
 * so that s = R_1 with R_q = c_q + m_q R_{q+1}, R_{L+1} = 0, and
 *
 * <pre>∂s/∂x_q = (Π_{t&lt;q} m_t) · (c'_q + m'_q R_{q+1}),  m' = t m (b − a),  c' = t c (1 − a + b).</pre>
 *
 * Reuses its arrays: one thread at a time.
 */
final class SoftDecisions {
    /** s, {@code [event]}. */
    double[] critical = new double[0];
    /** ∂s/∂x_q, {@code [event · exits + exit]}. */
    double[] slope = new double[0];
    /** ∂s/∂l_q and ∂s/∂u_q with thresholds in the margin's own unit, {@code [event · exits + exit]}. */
    double[] lowerSlope = new double[0];

    double[] upperSlope = new double[0];

    private double[] rest = new double[0];
    /** Thresholds of the exits in the margin's unit, {@code [exit]}. */
    private double[] lower = new double[0];

    private double[] upper = new double[0];

    /** @param margins logit C, {@code [event · exits + exit]} */
    void evaluate(SoftRule rule, double[] margins, int exits, int batch) {
        if (critical.length < batch) {
            critical = new double[batch];
        }
        if (slope.length < batch * exits) {
            slope = new double[batch * exits];
            lowerSlope = new double[batch * exits];
            upperSlope = new double[batch * exits];
        }
        if (rest.length != exits + 1) {
            rest = new double[exits + 1];
            lower = new double[exits];
            upper = new double[exits];
        }
        boolean logit = rule.margin() == Margin.LOGIT;
        for (int q = 0; q < exits; q++) {
            lower[q] = logit ? SoftRule.logit(rule.lower(q)) : rule.lower(q);
            upper[q] = logit ? SoftRule.logit(rule.upper(q)) : rule.upper(q);
        }
        for (int k = 0; k < batch; k++) {
            evaluate(logit, rule.steepness(), margins, exits, k);
        }
    }

    private void evaluate(boolean logit, double t, double[] margins, int exits, int event) {
        rest[exits] = 0;
        for (int q = exits - 1; q >= 0; q--) {
            double x = position(logit, margins[event * exits + q]);
            double a = CoupledLoss.sigmoid(t * (x - lower[q]));
            double b = CoupledLoss.sigmoid(t * (upper[q] - x));
            rest[q] = a * (1 - b) + a * b * rest[q + 1];
        }
        double survivors = 1;
        for (int q = 0; q < exits; q++) {
            double x = position(logit, margins[event * exits + q]);
            double a = CoupledLoss.sigmoid(t * (x - lower[q]));
            double b = CoupledLoss.sigmoid(t * (upper[q] - x));
            double m = a * b;
            double decided = a * (1 - b);
            slope[event * exits + q] = survivors * t * (decided * (1 - a + b) + m * (b - a) * rest[q + 1]);
            lowerSlope[event * exits + q] = -survivors * t * (1 - a) * (decided + m * rest[q + 1]);
            upperSlope[event * exits + q] = survivors * t * m * (1 - b) * (rest[q + 1] - 1);
            survivors *= m;
        }
        critical[event] = rest[0];
    }

    private static double position(boolean logit, double margin) {
        return logit ? margin : CoupledLoss.sigmoid(margin);
    }
}

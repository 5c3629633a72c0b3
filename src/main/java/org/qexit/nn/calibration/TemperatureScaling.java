package org.qexit.nn.calibration;

import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;

/**
 * Temperature scaling (Guo et al. 2017, Sect. 4.2): an exit's logits are divided by the T &gt; 0 that gives its confidences the least mean
 * negative log-likelihood on labelled events,
 *
 * <pre>f(β) = 1/K Σ_k ln(1 + e^{−y_k β z_k}),  β = 1/T,  y = ±1,  z = logit C,</pre>
 *
 * which is convex in β, so that its minimum is the root of f'(β) = −1/K Σ y z σ(−y β z); found by Brent's method in ln β. Where no
 * finite T is best (all events on their side of 1/2, or none) T stays within its bounds.
 */
final class TemperatureScaling {
    /** Bounds of T: beyond them all confidences of ordinary logits are 0 and 1, or 1/2, in float. */
    static final double LEAST = 0.01;

    static final double MOST = 100;

    private static final double ACCURACY = 1e-12;
    private static final int MOST_EVALUATIONS = 200;

    private TemperatureScaling() {}

    /**
     * @param margins logit C, {@code [event]}
     * @param labels 1 = critical, 0 = normal
     */
    static double fit(double[] margins, byte[] labels) {
        UnivariateFunction slope = logBeta -> slope(margins, labels, StrictMath.exp(logBeta));
        double low = -StrictMath.log(MOST);
        double high = -StrictMath.log(LEAST);
        // f' grows: no sign change means that the minimum is at a bound.
        if (slope.value(low) >= 0) {
            return MOST;
        }
        if (slope.value(high) <= 0) {
            return LEAST;
        }
        double root = new BracketingNthOrderBrentSolver(ACCURACY, 5).solve(MOST_EVALUATIONS, slope, low, high);
        return StrictMath.exp(-root);
    }

    private static double slope(double[] margins, byte[] labels, double beta) {
        double sum = 0;
        for (int k = 0; k < margins.length; k++) {
            double away = labels[k] == 1 ? -margins[k] : margins[k];
            sum += away / (1 + StrictMath.exp(-beta * away));
        }
        return sum / margins.length;
    }

    /** f at a temperature. */
    static double loss(double[] margins, byte[] labels, double temperature) {
        double sum = 0;
        for (int k = 0; k < margins.length; k++) {
            double away = (labels[k] == 1 ? -margins[k] : margins[k]) / temperature;
            sum += Math.max(away, 0) + StrictMath.log1p(Math.exp(-Math.abs(away)));
        }
        return sum / margins.length;
    }
}

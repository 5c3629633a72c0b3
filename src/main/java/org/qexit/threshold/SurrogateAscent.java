package org.qexit.threshold;

import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * Gradient ascent on the published smooth surrogate, Sect. 4.3 and 4.4.1:
 * {@code Ũ(l, u) = 1/|P| Σ_k y_k max_q [σ_t(C_q - l) σ_t(u - C_q) acc_q]}, maximising ln Ũ over 0 &le; l &le; u &le; 1. acc_q is
 * read as "exit q alone classifies the event rightly", C_q &ge; 1/2 for a critical one. It knows no budget, and rewards critical
 * events that stay undecided (docs/maths.md §6): offered as published, for comparison.
 */
final class SurrogateAscent {
    /** Steepness t: a sigmoid as wide as a tenth of the range. */
    private static final double STEEPNESS = 40;

    private static final int ITERATIONS = 300;
    private static final double STEP = 0.01;
    /** Kingma and Ba 2015, arXiv 1412.6980, their defaults. */
    private static final double BETA1 = 0.9;

    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private SurrogateAscent() {}

    enum Rule {
        PROJECTED_GRADIENT("projected gradient"),
        ADAM("Adam");

        private final String title;

        Rule(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** Starts at (1/4, 3/4); returns the pair with the highest surrogate met. */
    static Thresholds published(DeviceTrace trace, Rule rule) {
        double l = 0.25;
        double u = 0.75;
        double bestL = l;
        double bestU = u;
        double best = -1;
        double[] m = new double[2];
        double[] v = new double[2];
        for (int i = 1; i <= ITERATIONS; i++) {
            double[] g = gradient(trace, l, u);
            if (g[0] > best) {
                best = g[0];
                bestL = l;
                bestU = u;
            }
            if (!(g[0] > 0)) {
                break;
            }
            double[] step = new double[2];
            for (int d = 0; d < 2; d++) {
                double slope = g[d + 1] / g[0];
                m[d] = BETA1 * m[d] + (1 - BETA1) * slope;
                v[d] = BETA2 * v[d] + (1 - BETA2) * slope * slope;
                double corrected = m[d] / (1 - Math.pow(BETA1, i));
                step[d] = rule == Rule.ADAM
                        ? STEP * corrected / (Math.sqrt(v[d] / (1 - Math.pow(BETA2, i))) + EPSILON)
                        : STEP * slope;
            }
            l = Math.max(0, Math.min(l + step[0], u));
            u = Math.min(1, Math.max(u + step[1], l));
        }
        float lower = (float) bestL;
        return new Thresholds(lower, Math.max(lower, (float) bestU));
    }

    /** Ũ, dŨ/dl, dŨ/du. */
    static double[] gradient(DeviceTrace trace, double l, double u) {
        double[] sum = new double[3];
        for (int k = 0; k < trace.size(); k++) {
            if (trace.labels()[k] == 0) {
                continue;
            }
            double most = 0;
            double dl = 0;
            double du = 0;
            for (float[] exit : trace.scores()) {
                double c = exit[k];
                if (c < 0.5) {
                    continue;
                }
                double above = sigmoid(c - l);
                double below = sigmoid(u - c);
                if (above * below > most) {
                    most = above * below;
                    dl = -STEEPNESS * above * (1 - above) * below;
                    du = STEEPNESS * below * (1 - below) * above;
                }
            }
            sum[0] += most;
            sum[1] += dl;
            sum[2] += du;
        }
        for (int d = 0; d < 3; d++) {
            sum[d] /= trace.positives();
        }
        return sum;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-STEEPNESS * x));
    }
}

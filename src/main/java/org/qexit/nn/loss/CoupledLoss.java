package org.qexit.nn.loss;

import java.util.Arrays;

/**
 * Evaluates an {@link Objective} on a batch of logits and differentiates it, in double precision, in O(events · exits). Logits
 * are {@code [event][2 · exit + class]}, flattened; class 0 is normal, class 1 critical. Reuses its arrays: one thread at a time.
 *
 * <p>With C = 1/(1+e^{z0 − z1}), a = σ_t(C − l), b = σ_t(u − C) and the survivors' share m = a b, an event is critical at an exit with
 * probability c = a (1 − b), so that s = R_1 with R_q = c_q + m_q R_{q+1}, R_{L+1} = 0, and
 *
 * <pre>∂s/∂C_q = (Π_{t&lt;q} m_t) · (c'_q + m'_q R_{q+1}),  m' = t m (b − a),  c' = t c (1 − a + b).</pre>
 */
public final class CoupledLoss {
    private double[] gradient = new double[0];
    private double[] critical = new double[0];
    private double[] rest = new double[0];
    private double[] slope = new double[0];
    private double[] crossEntropies = new double[0];
    private double loss;
    private double utility;
    private double offload;
    private double lowerGradient;
    private double upperGradient;
    private double eventLower;
    private double eventUpper;

    /** Computes loss and gradients; read them from the accessors before the next call. */
    public void evaluate(Objective objective, double[] logits, byte[] labels, int batch) {
        int exits = objective.exits();
        resize(batch, exits);
        loss = 0;
        utility = Double.NaN;
        offload = Double.NaN;
        lowerGradient = 0;
        upperGradient = 0;
        addCrossEntropies(objective, logits, labels, batch);
        if (objective.surrogateWeight() > 0) {
            addSurrogate(objective, logits, labels, batch);
        }
    }

    private void resize(int batch, int exits) {
        int length = batch * exits;
        if (gradient.length != 2 * length) {
            gradient = new double[2 * length];
        }
        if (slope.length < length) {
            slope = new double[length];
        }
        if (critical.length < batch) {
            critical = new double[batch];
        }
        if (crossEntropies.length != exits) {
            crossEntropies = new double[exits];
            rest = new double[exits + 1];
        }
        Arrays.fill(gradient, 0);
        Arrays.fill(crossEntropies, 0);
    }

    private void addCrossEntropies(Objective objective, double[] logits, byte[] labels, int batch) {
        int exits = objective.exits();
        double weights = 0;
        for (int k = 0; k < batch; k++) {
            weights += labels[k] == 1 ? objective.criticalWeight() : 1;
        }
        for (int k = 0; k < batch; k++) {
            double share = (labels[k] == 1 ? objective.criticalWeight() : 1) / weights;
            for (int q = 0; q < exits; q++) {
                int at = 2 * (k * exits + q);
                double margin = logits[at + 1] - logits[at];
                // −ln of the true class' probability is softplus of the margin towards the other class.
                crossEntropies[q] += share * softplus(labels[k] == 1 ? -margin : margin);
                double g = objective.exitWeights()[q] * share * (sigmoid(margin) - labels[k]);
                gradient[at + 1] += g;
                gradient[at] -= g;
            }
        }
        for (int q = 0; q < exits; q++) {
            loss += objective.exitWeights()[q] * crossEntropies[q];
        }
    }

    private void addSurrogate(Objective objective, double[] logits, byte[] labels, int batch) {
        int exits = objective.exits();
        int positives = 0;
        double found = 0;
        double offloaded = 0;
        for (int k = 0; k < batch; k++) {
            // The offload term of the published surrogate is the path's too: it has none of its own.
            critical[k] = path(objective, logits, k, slope);
            offloaded += critical[k];
            positives += labels[k];
            found += labels[k] * critical[k];
        }
        offload = offloaded / batch;
        double perOffload = objective.multiplier() / batch;
        loss += objective.multiplier() * (offload - objective.offloadBudget());
        boolean published = objective.surrogate() == Surrogate.PUBLISHED;
        if (published) {
            found = 0;
            for (int k = 0; k < batch; k++) {
                found += labels[k] == 1 ? published(objective, logits, k) : 0;
            }
        }
        double perFound = 0;
        if (positives > 0) {
            utility = found / positives;
            loss -= objective.surrogateWeight() * Math.log(utility + Objective.FLOOR);
            perFound = -objective.surrogateWeight() / ((utility + Objective.FLOOR) * positives);
        }
        for (int k = 0; k < batch; k++) {
            boolean rewarded = labels[k] == 1 && positives > 0;
            double upstream = perOffload + (rewarded && !published ? perFound : 0);
            path(objective, logits, k, slope);
            for (int q = 0; q < exits; q++) {
                addConfidenceGradient(logits, 2 * (k * exits + q), upstream * slope[k * exits + q]);
            }
            lowerGradient += upstream * eventLower;
            upperGradient += upstream * eventUpper;
            if (rewarded && published) {
                addPublished(objective, logits, k, perFound);
            }
        }
    }

    /** s of one event; its derivatives go to {@code slopes[event · exits + exit]}, eventLower and eventUpper. */
    private double path(Objective objective, double[] logits, int event, double[] slopes) {
        int exits = objective.exits();
        double t = objective.steepness();
        rest[exits] = 0;
        for (int q = exits - 1; q >= 0; q--) {
            double c = confidence(logits, 2 * (event * exits + q));
            double a = sigmoid(t * (c - objective.lower()));
            double b = sigmoid(t * (objective.upper() - c));
            rest[q] = a * (1 - b) + a * b * rest[q + 1];
        }
        double survivors = 1;
        eventLower = 0;
        eventUpper = 0;
        for (int q = 0; q < exits; q++) {
            double c = confidence(logits, 2 * (event * exits + q));
            double a = sigmoid(t * (c - objective.lower()));
            double b = sigmoid(t * (objective.upper() - c));
            double m = a * b;
            double decided = a * (1 - b);
            slopes[event * exits + q] = survivors * t * (decided * (1 - a + b) + m * (b - a) * rest[q + 1]);
            eventLower -= survivors * t * (1 - a) * (decided + m * rest[q + 1]);
            eventUpper += survivors * t * m * (1 - b) * (rest[q + 1] - 1);
            survivors *= m;
        }
        return rest[0];
    }

    /** max_q m(C_q) acc_q of one event. */
    private double published(Objective objective, double[] logits, int event) {
        double best = 0;
        for (int q = 0; q < objective.exits(); q++) {
            best = Math.max(best, published(objective, logits, event, q));
        }
        return best;
    }

    private double published(Objective objective, double[] logits, int event, int exit) {
        double c = confidence(logits, 2 * (event * objective.exits() + exit));
        double t = objective.steepness();
        return sigmoid(t * (c - objective.lower()))
                * sigmoid(t * (objective.upper() - c))
                * objective.accuracies()[exit];
    }

    private void addPublished(Objective objective, double[] logits, int event, double upstream) {
        int best = 0;
        for (int q = 1; q < objective.exits(); q++) {
            if (published(objective, logits, event, q) > published(objective, logits, event, best)) {
                best = q;
            }
        }
        int at = 2 * (event * objective.exits() + best);
        double t = objective.steepness();
        double value = published(objective, logits, event, best);
        double a = sigmoid(t * (confidence(logits, at) - objective.lower()));
        double b = sigmoid(t * (objective.upper() - confidence(logits, at)));
        addConfidenceGradient(logits, at, upstream * t * value * (b - a));
        lowerGradient -= upstream * t * value * (1 - a);
        upperGradient += upstream * t * value * (1 - b);
    }

    /** ∂C/∂z1 = C (1 − C) = −∂C/∂z0. */
    private void addConfidenceGradient(double[] logits, int at, double upstream) {
        double c = confidence(logits, at);
        gradient[at + 1] += upstream * c * (1 - c);
        gradient[at] -= upstream * c * (1 - c);
    }

    /** The confidence "critical" of the two logits from {@code at} on, Eq. (1). */
    public static double confidence(double[] logits, int at) {
        return sigmoid(logits[at + 1] - logits[at]);
    }

    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** L of the last batch. */
    public double loss() {
        return loss;
    }

    /** CE_q of the last batch, {@code [exit]}; not a copy. */
    public double[] crossEntropies() {
        return crossEntropies;
    }

    /** Ũ of the last batch; NaN without critical events or without surrogate. */
    public double utility() {
        return utility;
    }

    /** Õ of the last batch; NaN without surrogate. */
    public double offload() {
        return offload;
    }

    /** ∂L/∂logits of the last batch, laid out as the logits; not a copy. */
    public double[] gradient() {
        return gradient;
    }

    /** ∂L/∂l of the last batch. */
    public double lowerGradient() {
        return lowerGradient;
    }

    /** ∂L/∂u of the last batch. */
    public double upperGradient() {
        return upperGradient;
    }
}

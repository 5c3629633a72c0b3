package org.qexit.nn.loss;

import java.util.Arrays;
import org.qexit.common.Checks;

/**
 * Deep supervision of exits that tell K classes apart: with p_q the softmax of exit q's logits z_q, event k's class y_k, exit weights w_q and
 * class weights v_c,
 *
 * <pre>L = Σ_q w_q CE_q,  CE_q = Σ_k v_{y_k} (−ln p_{q,y_k}) / Σ_k v_{y_k},  ∂L/∂z_{q,c} of event k = w_q v_{y_k} (p_{q,c} − [c = y_k]) / Σ_k v_{y_k},</pre>
 *
 * in O(events · exits · K). A batch whose classes all weigh nothing costs nothing.
 */
public final class DeepSupervision implements LogitLoss {
    private final double[] exitWeights;
    private final double[] classWeights;
    private final double[] probabilities;
    private final double[] crossEntropies;
    private double[] gradient = new double[0];
    private double loss;

    /**
     * @param exitWeights w_q, {@code [exit]}
     * @param classWeights v_c, {@code [class]}
     */
    public DeepSupervision(double[] exitWeights, double[] classWeights) {
        for (double weight : exitWeights) {
            Checks.nonNegative("exit weight", weight);
        }
        for (double weight : classWeights) {
            Checks.nonNegative("class weight", weight);
        }
        this.exitWeights = exitWeights.clone();
        this.classWeights = classWeights.clone();
        this.probabilities = new double[classWeights.length];
        this.crossEntropies = new double[exitWeights.length];
    }

    @Override
    public void evaluate(double[] logits, int[] truth, int batch) {
        int exits = exitWeights.length;
        int classes = classWeights.length;
        if (gradient.length != batch * exits * classes) {
            gradient = new double[batch * exits * classes];
        }
        Arrays.fill(crossEntropies, 0);
        double weights = 0;
        for (int k = 0; k < batch; k++) {
            weights += classWeights[truth[k]];
        }
        for (int k = 0; k < batch; k++) {
            double share = weights > 0 ? classWeights[truth[k]] / weights : 0;
            for (int q = 0; q < exits; q++) {
                int at = (k * exits + q) * classes;
                crossEntropies[q] += share * surprise(logits, at, classes, truth[k], probabilities);
                for (int c = 0; c < classes; c++) {
                    double error = probabilities[c] - (c == truth[k] ? 1 : 0);
                    gradient[at + c] = exitWeights[q] * share * error;
                }
            }
        }
        loss = 0;
        for (int q = 0; q < exits; q++) {
            loss += exitWeights[q] * crossEntropies[q];
        }
    }

    /**
     * −ln p of a class, and the softmax p of the logits from {@code at} on; the largest logit is taken out, so that nothing overflows.
     *
     * @param probabilities p, {@code [class]}, filled in
     */
    public static double surprise(double[] logits, int at, int classes, int truth, double[] probabilities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, logits[at + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            probabilities[c] = StrictMath.exp(logits[at + c] - largest);
            sum += probabilities[c];
        }
        for (int c = 0; c < classes; c++) {
            probabilities[c] /= sum;
        }
        return StrictMath.log(sum) - (logits[at + truth] - largest);
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double[] crossEntropies() {
        return crossEntropies;
    }

    @Override
    public double[] gradient() {
        return gradient;
    }
}

package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A classical twin: a dense layer with tanh, as wide as gives nearly as many weights as a circuit has, and two logits. Trained as circuits
 * are.
 *
 * <p>Weights: {@code [hidden][feature]}, bias {@code [hidden]}, {@code [2][hidden]}.
 */
final class TanhTwin implements Differentiable {
    private final int width;
    private final int hidden;
    private final TwoLogits logits;
    private final int biasAt;
    private final int logitsAt;
    private double[] activations = new double[0];
    private double[] upstream = new double[0];

    /** @param parameters how many the other has */
    TanhTwin(int width, int parameters) {
        this.width = width;
        this.hidden = (int) Math.max(1, Math.round(parameters / (width + 3.0)));
        this.logits = new TwoLogits(hidden);
        this.biasAt = hidden * width;
        this.logitsAt = biasAt + hidden;
    }

    @Override
    public int parameters() {
        return logitsAt + logits.parameters();
    }

    @Override
    public void initialise(double[] weights, SplittableRandom random) {
        for (int i = 0; i < weights.length; i++) {
            double deviation = i < biasAt ? 1 / Math.sqrt(width) : i < logitsAt ? 0 : 1 / Math.sqrt(hidden);
            weights[i] = deviation * random.nextGaussian();
        }
    }

    private void run(double[] rows, int batch, double[] weights) {
        if (activations.length < batch * hidden) {
            activations = new double[batch * hidden];
            upstream = new double[batch * hidden];
        }
        for (int s = 0; s < batch; s++) {
            for (int h = 0; h < hidden; h++) {
                double sum = weights[biasAt + h];
                for (int j = 0; j < width; j++) {
                    sum += weights[h * width + j] * rows[s * width + j];
                }
                activations[s * hidden + h] = Math.tanh(sum);
            }
        }
    }

    @Override
    public double loss(double[] rows, int[] labels, int batch, double[] weights, double[] gradient) {
        run(rows, batch, weights);
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int s = 0; s < batch; s++) {
            int at = s * hidden;
            loss += logits.loss(activations, at, labels[s], 1.0 / batch, weights, logitsAt, gradient, upstream);
            for (int h = 0; h < hidden; h++) {
                double slope = upstream[at + h] * (1 - activations[at + h] * activations[at + h]);
                gradient[biasAt + h] += slope;
                for (int j = 0; j < width; j++) {
                    gradient[h * width + j] += slope * rows[s * width + j];
                }
            }
        }
        return loss / batch;
    }

    @Override
    public void scores(double[] rows, int batch, double[] weights, double[] scores) {
        run(rows, batch, weights);
        for (int s = 0; s < batch; s++) {
            scores[s] = logits.difference(activations, s * hidden, weights, logitsAt);
        }
    }
}

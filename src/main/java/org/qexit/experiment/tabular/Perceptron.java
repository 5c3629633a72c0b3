package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.qexit.common.RandomStreams;

/**
 * A multi-layer perceptron as scikit-learn's {@code MLPClassifier} trains it: ReLU, one logistic output, weights and biases uniform within
 * √(6 / (in + out)), cross-entropy + α/2 · Σ w² / batch, shuffled batches of 32, Adam; ends when the mean loss of an epoch has not been
 * better than the best by 10⁻⁴ for more than 10 epochs, or after 3,000.
 */
final class Perceptron {
    private static final int BATCH = 32;
    private static final int MOST_EPOCHS = 3_000;
    private static final int PATIENCE = 10;
    private static final double TOLERANCE = 1e-4;

    private final int[] sizes;
    /** {@code [layer][input][output]}, flat within a layer. */
    final double[][] weights;

    private final double[][] biases;
    private final double alpha;
    private int epochs;

    /** @param hidden sizes of the hidden layers */
    Perceptron(int width, int[] hidden, double alpha) {
        sizes = new int[hidden.length + 2];
        sizes[0] = width;
        System.arraycopy(hidden, 0, sizes, 1, hidden.length);
        sizes[hidden.length + 1] = 1;
        this.alpha = alpha;
        weights = new double[sizes.length - 1][];
        biases = new double[sizes.length - 1][];
        for (int l = 0; l < weights.length; l++) {
            weights[l] = new double[sizes[l] * sizes[l + 1]];
            biases[l] = new double[sizes[l + 1]];
        }
    }

    int epochs() {
        return epochs;
    }

    int parameters() {
        return Arrays.stream(weights).mapToInt(w -> w.length).sum()
                + Arrays.stream(biases).mapToInt(b -> b.length).sum();
    }

    void train(double[] rows, int[] labels, double learningRate, SplittableRandom random, BooleanSupplier stopped) {
        for (int l = 0; l < weights.length; l++) {
            double bound = Math.sqrt(6.0 / (sizes[l] + sizes[l + 1]));
            fill(weights[l], bound, random);
            fill(biases[l], bound, random);
        }
        AdamMoments[] ofWeights = Arrays.stream(weights).map(AdamMoments::new).toArray(AdamMoments[]::new);
        AdamMoments[] ofBiases = Arrays.stream(biases).map(AdamMoments::new).toArray(AdamMoments[]::new);
        int n = labels.length;
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        double best = Double.POSITIVE_INFINITY;
        int without = 0;
        int steps = 0;
        Pass pass = new Pass();
        for (epochs = 0; epochs < MOST_EPOCHS && without <= PATIENCE; ) {
            RandomStreams.shuffle(order, random);
            double sum = 0;
            for (int first = 0; first < n; first += BATCH) {
                if (stopped.getAsBoolean()) {
                    throw new CancellationException("stopped");
                }
                int count = Math.min(BATCH, n - first);
                sum += count * pass.gradient(rows, labels, order, first, count);
                steps++;
                for (int l = 0; l < weights.length; l++) {
                    ofWeights[l].step(weights[l], pass.weightGradients[l], learningRate, steps);
                    ofBiases[l].step(biases[l], pass.biasGradients[l], learningRate, steps);
                }
            }
            epochs++;
            double loss = sum / n;
            without = loss > best - TOLERANCE ? without + 1 : 0;
            best = Math.min(best, loss);
        }
    }

    private static void fill(double[] values, double bound, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = bound * (2 * random.nextDouble() - 1);
        }
    }

    double accuracy(double[] rows, int[] labels) {
        Pass pass = new Pass();
        long right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += pass.forward(rows, i) > 0 == labels[i] > 0 ? 1 : 0;
        }
        return right / (double) labels.length;
    }

    /** Activations and gradients of one sample after another. */
    final class Pass {
        private final double[][] activations = new double[sizes.length][];
        private final double[][] deltas = new double[sizes.length][];
        final double[][] weightGradients = new double[weights.length][];
        final double[][] biasGradients = new double[weights.length][];

        Pass() {
            for (int l = 0; l < sizes.length; l++) {
                activations[l] = new double[sizes[l]];
                deltas[l] = new double[sizes[l]];
            }
            for (int l = 0; l < weights.length; l++) {
                weightGradients[l] = new double[weights[l].length];
                biasGradients[l] = new double[biases[l].length];
            }
        }

        /** The output before the logistic function. */
        double forward(double[] rows, int sample) {
            System.arraycopy(rows, sample * sizes[0], activations[0], 0, sizes[0]);
            for (int l = 0; l < weights.length; l++) {
                double[] in = activations[l];
                double[] out = activations[l + 1];
                System.arraycopy(biases[l], 0, out, 0, out.length);
                for (int i = 0; i < in.length; i++) {
                    addScaled(out, 0, in[i], weights[l], i * out.length, out.length);
                }
                for (int o = 0; l < weights.length - 1 && o < out.length; o++) {
                    out[o] = Math.max(0, out[o]);
                }
            }
            return activations[sizes.length - 1][0];
        }

        /** Mean loss of a batch with its penalty; leaves its gradient. */
        double gradient(double[] rows, int[] labels, int[] order, int first, int count) {
            double squares = 0;
            for (int l = 0; l < weights.length; l++) {
                for (int i = 0; i < weights[l].length; i++) {
                    squares += weights[l][i] * weights[l][i];
                    weightGradients[l][i] = alpha * weights[l][i] / count;
                }
                Arrays.fill(biasGradients[l], 0);
            }
            double loss = 0;
            for (int s = first; s < first + count; s++) {
                double margin = labels[order[s]] * forward(rows, order[s]);
                loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
                deltas[sizes.length - 1][0] = -labels[order[s]] / (1 + Math.exp(margin)) / count;
                backward();
            }
            return (loss + alpha / 2 * squares) / count;
        }

        private void backward() {
            for (int l = weights.length - 1; l >= 0; l--) {
                double[] in = activations[l];
                double[] delta = deltas[l + 1];
                addScaled(biasGradients[l], 0, 1, delta, 0, delta.length);
                for (int i = 0; i < in.length; i++) {
                    int at = i * delta.length;
                    if (l > 0 && in[i] <= 0) {
                        deltas[l][i] = 0;
                        continue;
                    }
                    addScaled(weightGradients[l], at, in[i], delta, 0, delta.length);
                    if (l > 0) {
                        double sum = 0;
                        for (int o = 0; o < delta.length; o++) {
                            sum += delta[o] * weights[l][at + o];
                        }
                        deltas[l][i] = sum;
                    }
                }
            }
        }
    }

    /** to[at + k] += factor · from[start + k]. */
    private static void addScaled(double[] to, int at, double factor, double[] from, int start, int count) {
        for (int k = 0; k < count; k++) {
            to[at + k] += factor * from[start + k];
        }
    }
}

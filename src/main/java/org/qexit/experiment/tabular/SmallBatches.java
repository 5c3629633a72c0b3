package org.qexit.experiment.tabular;

import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Trains by Adam (Kingma and Ba 2015) on small batches drawn with replacement, until the mean losses of the last two windows of 200 steps
 * differ by no more than half the standard error of the last.
 */
final class SmallBatches {
    static final int BATCH = 32;
    static final int WINDOW = 200;

    private final Differentiable model;
    private final double learningRate;
    private final int maxSteps;
    private final BooleanSupplier stopped;

    /** @param stopped asked at every step; true ends the training by a {@link CancellationException} */
    SmallBatches(Differentiable model, double learningRate, int maxSteps, BooleanSupplier stopped) {
        this.model = model;
        this.learningRate = learningRate;
        this.maxSteps = maxSteps;
        this.stopped = stopped;
    }

    /**
     * What came of it.
     *
     * @param converged false if the steps ran out, or the loss was no number
     */
    record Trained(double[] weights, int steps, boolean converged) {}

    /** @param rows {@code [sample][feature]}, flat */
    Trained train(double[] rows, int[] labels, SplittableRandom random) {
        int width = rows.length / labels.length;
        double[] weights = new double[model.parameters()];
        model.initialise(weights, random);
        double[] gradient = new double[weights.length];
        AdamMoments adam = new AdamMoments(weights);
        double[] some = new double[BATCH * width];
        int[] classes = new int[BATCH];
        double[] losses = new double[2 * WINDOW];
        for (int step = 0; step < maxSteps; step++) {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("stopped");
            }
            for (int s = 0; s < BATCH; s++) {
                int sample = random.nextInt(labels.length);
                System.arraycopy(rows, sample * width, some, s * width, width);
                classes[s] = labels[sample];
            }
            double loss = model.loss(some, classes, BATCH, weights, gradient);
            if (!Double.isFinite(loss)) {
                return new Trained(weights, step, false);
            }
            adam.step(weights, gradient, learningRate, step + 1);
            losses[step % losses.length] = loss;
            if (step + 1 >= losses.length && converged(losses, step)) {
                return new Trained(weights, step + 1, true);
            }
        }
        return new Trained(weights, maxSteps, false);
    }

    /** @param losses of the last two windows, that of step s at s mod its length */
    static boolean converged(double[] losses, int step) {
        double before = 0;
        double last = 0;
        for (int back = 0; back < WINDOW; back++) {
            last += losses[Math.floorMod(step - back, losses.length)] / WINDOW;
            before += losses[Math.floorMod(step - WINDOW - back, losses.length)] / WINDOW;
        }
        double squares = 0;
        for (int back = 0; back < WINDOW; back++) {
            double off = losses[Math.floorMod(step - back, losses.length)] - last;
            squares += off * off;
        }
        return Math.abs(last - before) <= Math.sqrt(squares / WINDOW) / Math.sqrt(WINDOW) / 2;
    }

    /** Of the samples, how many are told rightly. */
    static double accuracy(Differentiable model, double[] weights, double[] rows, int[] labels) {
        double[] scores = new double[labels.length];
        model.scores(rows, labels.length, weights, scores);
        long right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += scores[i] > 0 == labels[i] > 0 ? 1 : 0;
        }
        return right / (double) labels.length;
    }
}

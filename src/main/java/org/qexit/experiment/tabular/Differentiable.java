package org.qexit.experiment.tabular;

import java.util.SplittableRandom;

/** A classifier with weights and a loss with a gradient. An instance works for one caller at a time. */
interface Differentiable {
    /** Number of weights. */
    int parameters();

    void initialise(double[] weights, SplittableRandom random);

    /**
     * The mean loss of a batch.
     *
     * @param rows {@code [sample][feature]}, flat
     * @param labels −1 or +1 per sample
     * @param weights {@code [parameters]}
     * @param gradient of the mean loss, {@code [parameters]}, overwritten
     */
    double loss(double[] rows, int[] labels, int batch, double[] weights, double[] gradient);

    /**
     * Says a class per sample.
     *
     * @param scores per sample, overwritten: above 0 for +1
     */
    void scores(double[] rows, int batch, double[] weights, double[] scores);
}

package org.qexit.experiment.tabular;

import java.io.Serializable;

/**
 * What became of one training.
 *
 * @param converged false for one that failed: it counts for nothing
 * @param train accuracy on the samples that it was trained on
 * @param test accuracy on others
 * @param steps of the optimiser; for a perceptron epochs, for a support vector classifier support vectors
 * @param parameters trained numbers
 */
public record Fit(boolean converged, double train, double test, int steps, int parameters) implements Serializable {}

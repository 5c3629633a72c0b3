/**
 * The synthetic data of the benchmark of Bowles, Ahmed and Schuld ("Better than classical? The subtle art of benchmarking quantum machine
 * learning models", arXiv 2403.07059), made again from its recipes: the same draws in the same order, so the same rows, labels and split.
 */
package org.qexit.data.bowles;

/**
 * Circuits against classical classifiers on small tables of numbers: the models, the grid searches and the protocol of Bowles, Ahmed and
 * Schuld (arXiv 2403.07059), and a protocol of our own beside it.
 */
package org.qexit.experiment.tabular;

package org.qexit.allocation.fleet;

import java.io.Serializable;

/**
 * Prices on the nodes' capacities.
 *
 * @param alpha per Hz, {@code [node]}
 * @param beta per offloaded event, {@code [node]}
 * @param temperature in the unit of the objective: a device prefers node j with a share of exp(gain_j / temperature)
 */
public record Prices(double[] alpha, double[] beta, double temperature) implements Serializable {}

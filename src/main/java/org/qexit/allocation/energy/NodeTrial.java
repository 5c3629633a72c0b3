package org.qexit.allocation.energy;

/**
 * What a {@link NodePart} earns at some prices.
 *
 * @param price λ, β, ν of bandwidth, compute and power
 * @param value no set of the part earns more
 * @param slope of the value in each price: what is left of the resource
 * @param chosen {@code [item]}: the position among its steps, -1 if it is left out
 * @param gain {@code [item]}: what it adds at its best step, −∞ if it cannot be in
 */
record NodeTrial(double[] price, double value, double[] slope, int[] chosen, double[] gain) {
    static final int BANDWIDTH = 0;
    static final int COMPUTE = 1;
    static final int POWER = 2;
}

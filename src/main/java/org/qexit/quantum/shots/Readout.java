package org.qexit.quantum.shots;

import org.qexit.common.Checks;

/**
 * What one shot says of a linear form in the &lang;Z_i&rang;: with bits b read, b_i of qubit i, the number bias + &Sigma; w_i (1 - 2
 * b_i). Its mean over
 * shots is the linear form of the expectation values, for an exit the logit difference of critical and normal.
 */
public final class Readout {
    private final double bias;
    private final double[] weights;
    private final double reach;

    private Readout(double bias, double[] weights, double reach) {
        this.bias = bias;
        this.weights = weights;
        this.reach = reach;
    }

    /**
     * @param weights one per qubit, finite
     */
    public static Readout of(double bias, double[] weights) {
        double reach = 0;
        for (double weight : weights) {
            reach += Math.abs(weight);
        }
        if (!Double.isFinite(bias) || !Double.isFinite(reach)) {
            throw new IllegalArgumentException(
                    "a readout of bias " + bias + " and weights of sum " + reach + "; expected finite numbers");
        }
        Checks.within("weights of a readout", weights.length, 1, Integer.MAX_VALUE);
        return new Readout(bias, weights.clone(), reach);
    }

    public int qubits() {
        return weights.length;
    }

    /** The least that a shot can say. */
    public double low() {
        return bias - reach;
    }

    /** The most that a shot can say. */
    public double high() {
        return bias + reach;
    }

    /** What each bit string says, {@code [bit string]}; qubit 0 is the least significant bit. */
    public double[] values() {
        double[] values = new double[1 << weights.length];
        for (int k = 0; k < values.length; k++) {
            double value = bias;
            for (int i = 0; i < weights.length; i++) {
                value += (k >> i & 1) == 0 ? weights[i] : -weights[i];
            }
            values[k] = Math.min(high(), Math.max(low(), value));
        }
        return values;
    }
}

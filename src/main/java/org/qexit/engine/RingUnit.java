package org.qexit.engine;

import java.util.Arrays;

/**
 * Residual rings, the classical counterpart of a circuit's layers with as many parameters: h^0 = z in, h^R out,
 *
 * <pre>h^{r+1}_i = a_{ri} h^r_i + b_{ri} tanh(h^r_{i-1 mod n} + c_{ri}) + [r ≥ R − S] s_{r−R+S,i} z_i,</pre>
 *
 * with own weights a, gains b, biases c and skips s, which are the parameters in this order. With a = 0, b = 1 in one ring it is a layer of
 * tanh units.
 */
public final class RingUnit implements Unit {
    private final int units;
    private final int rings;
    private final int skips;
    private final int gain;
    private final int bias;
    private final int skip;
    /** {@code [ring][sample][unit]}, flattened. */
    private double[] states = new double[0];

    private double[] activations = new double[0];
    private double[] adjoint = new double[0];
    private double[] next = new double[0];

    /**
     * Makes it.
     *
     * @param units n
     * @param rings R
     * @param skips S, at most R
     */
    public RingUnit(int units, int rings, int skips) {
        this.units = units;
        this.rings = rings;
        this.skips = skips;
        this.gain = rings * units;
        this.bias = 2 * rings * units;
        this.skip = 3 * rings * units;
    }

    @Override
    public void forward(double[] parameters, double[] inputs, int batch, double[] outputs) {
        run(parameters, inputs, batch);
        System.arraycopy(states, rings * batch * units, outputs, 0, batch * units);
    }

    private void run(double[] p, double[] inputs, int batch) {
        int n = units;
        int size = batch * n;
        if (states.length < (rings + 1) * size) {
            states = new double[(rings + 1) * size];
            activations = new double[rings * size];
            adjoint = new double[size];
            next = new double[size];
        }
        System.arraycopy(inputs, 0, states, 0, size);
        for (int r = 0; r < rings; r++) {
            int fromSkip = r - rings + skips;
            for (int k = 0; k < batch; k++) {
                int row = r * size + k * n;
                for (int i = 0; i < n; i++) {
                    double active = StrictMath.tanh(states[row + (i == 0 ? n : i) - 1] + p[bias + r * n + i]);
                    activations[row + i] = active;
                    states[row + size + i] = p[r * n + i] * states[row + i]
                            + p[gain + r * n + i] * active
                            + (fromSkip >= 0 ? p[skip + fromSkip * n + i] * inputs[k * n + i] : 0);
                }
            }
        }
    }

    @Override
    public void backward(
            double[] p, double[] inputs, int batch, double[] upstream, double[] gradInputs, double[] gradient) {
        run(p, inputs, batch);
        int n = units;
        int size = batch * n;
        Arrays.fill(gradient, 0, (3 * rings + skips) * n, 0);
        Arrays.fill(gradInputs, 0, size, 0);
        System.arraycopy(upstream, 0, adjoint, 0, size);
        for (int r = rings - 1; r >= 0; r--) {
            int fromSkip = r - rings + skips;
            Arrays.fill(next, 0, size, 0);
            for (int k = 0; k < batch; k++) {
                int row = r * size + k * n;
                for (int i = 0; i < n; i++) {
                    double up = adjoint[k * n + i];
                    double active = activations[row + i];
                    double inner = up * p[gain + r * n + i] * (1 - active * active);
                    gradient[r * n + i] += up * states[row + i];
                    gradient[gain + r * n + i] += up * active;
                    gradient[bias + r * n + i] += inner;
                    next[k * n + i] += up * p[r * n + i];
                    next[k * n + (i == 0 ? n : i) - 1] += inner;
                    if (fromSkip >= 0) {
                        gradient[skip + fromSkip * n + i] += up * inputs[k * n + i];
                        gradInputs[k * n + i] += up * p[skip + fromSkip * n + i];
                    }
                }
            }
            double[] swapped = adjoint;
            adjoint = next;
            next = swapped;
        }
        for (int i = 0; i < size; i++) {
            gradInputs[i] += adjoint[i];
        }
    }
}

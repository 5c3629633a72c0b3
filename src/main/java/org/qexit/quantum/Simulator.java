package org.qexit.quantum;

/**
 * Runs one circuit on batches of samples. All arrays are row by row, one sample after another: {@code inputs[sample][input]},
 * {@code outputs[sample][observable]}, {@code upstream[sample][observable]}, {@code gradInputs[sample][input]}; an array may be
 * longer than the batch needs. An instance works for one caller at a time.
 */
public interface Simulator {
    /** What it runs. */
    Circuit circuit();

    /**
     * outputs[s][o] = ⟨ψ(x_s, θ)| O_o |ψ(x_s, θ)⟩.
     *
     * @throws IllegalArgumentException if an array is too short or an angle is not finite
     */
    void forward(double[] inputs, double[] theta, int batch, double[] outputs);

    /**
     * The vector-Jacobian product of {@link #forward}: with L = Σ_s Σ_o upstream[s][o] · outputs[s][o],
     *
     * <pre>gradInputs[s][i] = ∂L/∂x_s[i],   gradTheta[j] = ∂L/∂θ[j]  (summed over the batch).</pre>
     *
     * Overwrites both; does not need a call of {@code forward} before it.
     *
     * @throws IllegalArgumentException if an array is too short or an angle or weight is not finite
     */
    void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta);
}

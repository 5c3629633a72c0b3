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
     * @param inputs x, {@code [sample][input]} [rad]
     * @param theta θ, {@code [parameter]}, shared by all samples [rad]
     * @param batch number of samples, 0 or more
     * @param outputs {@code [sample][observable]}, overwritten
     * @throws IllegalArgumentException if an array is too short, the batch negative, or an angle not finite
     */
    void forward(double[] inputs, double[] theta, int batch, double[] outputs);

    /**
     * The vector-Jacobian product of {@link #forward}: with L = Σ_s Σ_o upstream[s][o] · outputs[s][o],
     *
     * <pre>gradInputs[s][i] = ∂L/∂x_s[i],   gradTheta[j] = ∂L/∂θ[j]  (summed over the batch).</pre>
     *
     * Does not need a call of {@code forward} before it.
     *
     * @param inputs x, {@code [sample][input]} [rad]
     * @param theta θ, {@code [parameter]} [rad]
     * @param batch number of samples, 0 or more
     * @param upstream {@code [sample][observable]}, any finite weights
     * @param gradInputs {@code [sample][input]} [1/rad], overwritten
     * @param gradTheta {@code [parameter]} [1/rad], overwritten
     * @throws IllegalArgumentException if an array is too short, the batch negative, or an angle or weight not finite
     */
    void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta);
}

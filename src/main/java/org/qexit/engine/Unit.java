package org.qexit.engine;

/**
 * What a head has between its dense layers, such as a circuit: as many values out as in, in double precision. Arrays are
 * {@code [sample][value]}, flattened, and may be longer than the batch needs. Reuses its arrays: one thread at a time.
 */
public interface Unit {
    /** outputs[s][i] of inputs[s][i]. */
    void forward(double[] parameters, double[] inputs, int batch, double[] outputs);

    /**
     * The vector-Jacobian product; does not rely on a call of {@code forward} right before.
     *
     * @param upstream ∂L/∂outputs
     * @param gradInputs ∂L/∂inputs, overwritten
     * @param gradParameters ∂L/∂parameters, summed over the batch, overwritten
     */
    void backward(
            double[] parameters,
            double[] inputs,
            int batch,
            double[] upstream,
            double[] gradInputs,
            double[] gradParameters);
}

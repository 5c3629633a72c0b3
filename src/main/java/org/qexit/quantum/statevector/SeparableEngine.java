package org.qexit.quantum.statevector;

import java.util.Arrays;

/** Circuits without entanglers, measured in ⟨Z_i⟩: n single qubits. Costs O(n) per sample. */
final class SeparableEngine implements TileEngine {
    private final LayeredPlan plan;
    private final TileKernels kernels;
    private final int width;
    private final ProductPart product;

    SeparableEngine(LayeredPlan plan, TileKernels kernels) {
        this.plan = plan;
        this.kernels = kernels;
        this.width = kernels.width();
        this.product = new ProductPart(plan, kernels);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void forward(double[] inputs, int first, int count, double[] outputs) {
        product.angles(inputs, first, count);
        product.forward();
        double[] v = product.vectors;
        for (int q = 0; q < plan.qubits; q++) {
            int at = 4 * q * width;
            for (int s = 0; s < count; s++) {
                double x = v[at + s];
                double y = v[at + width + s];
                double z = v[at + 2 * width + s];
                double w = v[at + 3 * width + s];
                outputs[(first + s) * plan.qubits + q] = x * x + y * y - z * z - w * w;
            }
        }
    }

    /** With λ = g Z ψ: Im⟨λ|X|ψ⟩ = 2g Im(ψ_0* ψ_1), Im⟨λ|Y|ψ⟩ = -2g Re(ψ_0* ψ_1), Im⟨λ|Z|ψ⟩ = 0. */
    @Override
    public void backward(
            double[] inputs, int first, int count, double[] upstream, double[] gradInputs, double[] sums, int at) {
        product.angles(inputs, first, count);
        product.forward();
        double[] v = product.vectors;
        Arrays.fill(product.tx, 0);
        Arrays.fill(product.ty, 0);
        Arrays.fill(product.tz, 0);
        for (int q = 0; q < plan.qubits; q++) {
            int p = 4 * q * width;
            for (int s = 0; s < count; s++) {
                double g = upstream[(first + s) * plan.qubits + q];
                double xr = v[p + s];
                double xi = v[p + width + s];
                double yr = v[p + 2 * width + s];
                double yi = v[p + 3 * width + s];
                product.tx[q * width + s] = 2 * g * (xr * yi - xi * yr);
                product.ty[q * width + s] = -2 * g * (xr * yr + xi * yi);
            }
        }
        int in = plan.circuit.inputs();
        Arrays.fill(gradInputs, first * in, (first + count) * in, 0);
        product.backward(first, count, gradInputs, sums, at);
    }
}

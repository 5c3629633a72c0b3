package org.qexit.quantum.statevector;

/** Simulates tiles of at most {@link #width} neighbouring samples with its own workspace: one thread. Trusts its caller. */
interface TileEngine {
    /** Samples per tile. */
    int width();

    /** Expectation values of samples {@code first … first + count - 1} into their rows of {@code outputs}. */
    void forward(double[] inputs, int first, int count, double[] outputs);

    /**
     * Vector-Jacobian product of the same samples: writes their rows of {@code gradInputs} and the plan's sums from {@code at} on.
     */
    void backward(double[] inputs, int first, int count, double[] upstream, double[] gradInputs, double[] sums, int at);
}

package org.qexit.quantum.statevector;

/** A circuit made ready to run. What depends on the parameters alone is computed once per call and shared by all tiles. */
interface CircuitPlan {
    /** Takes the parameters of the next call. */
    void prepare(double[] theta);

    /** How many sums over the samples the gradient of the parameters needs. */
    int sums();

    /** The gradient of the parameters from those sums. */
    void finish(double[] sums, double[] gradTheta);

    /** States of the full size that an engine holds. */
    int states();

    TileEngine engine(TileKernels kernels);
}

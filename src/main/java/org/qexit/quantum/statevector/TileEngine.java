package org.qexit.quantum.statevector;

/** Simulates one tile of at most {@link #width} neighbouring samples. Trusts its caller; has its own workspace, so one thread. */
interface TileEngine {
    /** Samples per tile. */
    int width();

    /** Expectation values of samples {@code first … first + count - 1} into their rows of {@code outputs}. */
    void forward(double[] inputs, double[] theta, int first, int count, double[] outputs);

    /**
     * Vector-Jacobian product of the same samples: writes their rows of {@code gradInputs} and adds to {@code gradTheta} from
     * {@code thetaAt} on.
     */
    void backward(
            double[] inputs,
            double[] theta,
            int first,
            int count,
            double[] upstream,
            double[] gradInputs,
            double[] gradTheta,
            int thetaAt);

    /** The final state of samples {@code first …}: {@code re, im [sample][amplitude]}, rows from sample {@code first} on. */
    void state(double[] inputs, double[] theta, int first, int count, double[] re, double[] im);
}

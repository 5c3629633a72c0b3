package org.qexit.quantum;

/** What every {@link Simulator} checks at its door. */
public final class BatchChecks {
    private BatchChecks() {}

    /** @throws IllegalArgumentException unless the arrays of {@link Simulator#forward} fit and the angles are finite */
    public static void forward(Circuit circuit, double[] inputs, double[] theta, int batch, double[] outputs) {
        angles(circuit, inputs, theta, batch);
        length("outputs", outputs, (long) batch * circuit.observables().size());
    }

    /**
     * @throws IllegalArgumentException unless the arrays that {@link Simulator#backward} adds to the angles fit and its weights are finite
     */
    public static void gradients(
            Circuit circuit, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        finite("upstream", upstream, (long) batch * circuit.observables().size());
        length("gradInputs", gradInputs, (long) batch * circuit.inputs());
        length("gradTheta", gradTheta, circuit.parameters());
    }

    /** @throws IllegalArgumentException unless inputs and parameters fit and are finite */
    public static void angles(Circuit circuit, double[] inputs, double[] theta, int batch) {
        if (batch < 0) {
            throw new IllegalArgumentException("batch is " + batch + "; expected at least 0");
        }
        finite("inputs", inputs, (long) batch * circuit.inputs());
        finite("theta", theta, circuit.parameters());
    }

    /** @throws IllegalArgumentException unless there are at least that many values */
    public static void length(String name, double[] values, long needed) {
        if (values == null || values.length < needed) {
            throw new IllegalArgumentException(
                    name + " has " + (values == null ? "no" : values.length) + " values; expected at least " + needed);
        }
    }

    private static void finite(String name, double[] values, long needed) {
        length(name, values, needed);
        for (int i = 0; i < needed; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] is " + values[i] + "; expected a finite number");
            }
        }
    }
}

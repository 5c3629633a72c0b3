package org.qexit.quantum.statevector;

import java.util.Arrays;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;

/**
 * State-vector simulation of whole batches with exact adjoint gradients. Cut into tiles of neighbouring samples that do not depend on
 * the number of threads; sums over the batch are taken in the order of the tiles, so the results do not either.
 */
public final class BatchedSimulator implements Simulator {
    private static final int TILE = 16;
    private final Circuit circuit;
    private final SimulatorOptions options;
    private final TileEngine engine;
    private double[] partial = new double[0];

    private BatchedSimulator(Circuit circuit, SimulatorOptions options) {
        this.circuit = circuit;
        this.options = options;
        this.engine = new DoubleEngine(circuit, TILE);
    }

    /** Double precision, one thread, the fastest kernels there are. */
    public static BatchedSimulator of(Circuit circuit) {
        return of(circuit, SimulatorOptions.DEFAULT);
    }

    public static BatchedSimulator of(Circuit circuit, SimulatorOptions options) {
        return new BatchedSimulator(circuit, options);
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    public SimulatorOptions options() {
        return options;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        checkAngles(inputs, theta, batch);
        checkLength("outputs", outputs, (long) batch * circuit.observables().size());
        for (int first = 0; first < batch; first += TILE) {
            engine.forward(inputs, theta, first, Math.min(TILE, batch - first), outputs);
        }
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        checkAngles(inputs, theta, batch);
        checkFinite("upstream", upstream, (long) batch * circuit.observables().size());
        checkLength("gradInputs", gradInputs, (long) batch * circuit.inputs());
        checkLength("gradTheta", gradTheta, circuit.parameters());
        int parameters = circuit.parameters();
        int tiles = (batch + TILE - 1) / TILE;
        if (partial.length < tiles * parameters) {
            partial = new double[tiles * parameters];
        }
        Arrays.fill(partial, 0, tiles * parameters, 0);
        for (int t = 0; t < tiles; t++) {
            int first = t * TILE;
            engine.backward(
                    inputs, theta, first, Math.min(TILE, batch - first), upstream, gradInputs, partial, t * parameters);
        }
        Arrays.fill(gradTheta, 0, parameters, 0);
        for (int t = 0; t < tiles; t++) {
            for (int j = 0; j < parameters; j++) {
                gradTheta[j] += partial[t * parameters + j];
            }
        }
    }

    /** The final amplitudes: {@code re[sample][k]}, {@code im[sample][k]}, k = 0 … 2^n - 1. */
    public void state(double[] inputs, double[] theta, int batch, double[] re, double[] im) {
        checkAngles(inputs, theta, batch);
        checkLength("re", re, (long) batch << circuit.qubits());
        checkLength("im", im, (long) batch << circuit.qubits());
        for (int first = 0; first < batch; first += TILE) {
            engine.state(inputs, theta, first, Math.min(TILE, batch - first), re, im);
        }
    }

    private void checkAngles(double[] inputs, double[] theta, int batch) {
        if (batch < 0) {
            throw new IllegalArgumentException("batch is " + batch + "; expected at least 0");
        }
        checkFinite("inputs", inputs, (long) batch * circuit.inputs());
        checkFinite("theta", theta, circuit.parameters());
    }

    private static void checkLength(String name, double[] values, long needed) {
        if (values == null || values.length < needed) {
            throw new IllegalArgumentException(
                    name + " has " + (values == null ? "no" : values.length) + " values; expected at least " + needed);
        }
    }

    private static void checkFinite(String name, double[] values, long needed) {
        checkLength(name, values, needed);
        for (int i = 0; i < needed; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] is " + values[i] + "; expected a finite number");
            }
        }
    }
}

package org.qexit.quantum.strange;

import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Expectation;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.Simulator;
import org.redfx.strange.Complex;
import org.redfx.strange.Program;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

/**
 * Strange as a simulator of our circuits: the slow reference, one program per sample, amplitudes in float (expectation values
 * good to about 1e-6). Gradients by parameter shift.
 */
public final class StrangeSimulator implements Simulator {
    /** A run fails about once in 10^6 (see {@link #amplitudes}); four in a row means something else. */
    private static final int ATTEMPTS = 4;

    private final Circuit circuit;

    private StrangeSimulator(Circuit circuit) {
        this.circuit = circuit;
    }

    public static StrangeSimulator of(Circuit circuit) {
        return new StrangeSimulator(circuit);
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        BatchChecks.forward(circuit, inputs, theta, batch, outputs);
        int dim = 1 << circuit.qubits();
        double[] re = new double[dim];
        double[] im = new double[dim];
        int in = circuit.inputs();
        int outs = circuit.observables().size();
        for (int s = 0; s < batch; s++) {
            double[] row = java.util.Arrays.copyOfRange(inputs, s * in, (s + 1) * in);
            Complex[] amplitudes = amplitudes(StrangePrograms.program(circuit, row, theta));
            double norm = 0;
            for (int k = 0; k < dim; k++) {
                re[k] = amplitudes[k].r;
                im[k] = amplitudes[k].i;
                norm += re[k] * re[k] + im[k] * im[k];
            }
            for (int o = 0; o < outs; o++) {
                outputs[s * outs + o] = Expectation.of(circuit.observables().get(o), re, im, 0, dim) / norm;
            }
        }
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        ParameterShift.of(circuit, StrangeSimulator::of)
                .backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
    }

    /**
     * Runs a program. Strange measures the result within every run, with a random number that can lie above the norm that float
     * rounding left, and then reads past the end of its array; the next try draws another number.
     */
    private static Complex[] amplitudes(Program program) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new SimpleQuantumExecutionEnvironment()
                        .runProgram(program)
                        .getProbability();
            } catch (ArrayIndexOutOfBoundsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}

package org.qexit.quantum.strange;

import java.util.function.Consumer;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.redfx.strange.Complex;
import org.redfx.strange.Program;
import org.redfx.strange.QuantumExecutionEnvironment;
import org.redfx.strange.Result;

/**
 * Runs Strange programs on our simulator: a drop-in for Strange's own environment, some thousand times faster on larger circuits. What is
 * understood, and where it departs from Strange's defects, stands at {@link StrangePrograms#circuit}. Amplitudes agree up to one phase of
 * the whole state.
 */
public final class BatchedExecutionEnvironment implements QuantumExecutionEnvironment {
    /** A measurement can fail by float rounding, about once in 10^6; the next draws another number. */
    private static final int ATTEMPTS = 8;

    @Override
    public Result runProgram(Program program) {
        int steps = program.getSteps().size();
        StepwiseResult result = new StepwiseResult(program, Math.max(1, steps));
        result.setIntermediateProbability(Math.max(0, steps - 1), amplitudes(program, steps));
        for (int attempt = 1; ; attempt++) {
            try {
                result.measureSystem();
                program.setResult(result);
                return result;
            } catch (ArrayIndexOutOfBoundsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void runProgram(Program program, Consumer<Result> consumer) {
        Thread thread = new Thread(() -> consumer.accept(runProgram(program)), "qexit-strange-program");
        thread.setDaemon(true);
        thread.start();
    }

    private static Complex[] amplitudes(Program program, int steps) {
        Circuit circuit = StrangeReader.circuit(program, steps);
        int dim = 1 << circuit.qubits();
        double[] re = new double[dim];
        double[] im = new double[dim];
        BatchedSimulator.of(circuit).state(new double[0], new double[0], 1, re, im);
        Complex[] amplitudes = new Complex[dim];
        for (int k = 0; k < dim; k++) {
            amplitudes[k] = new Complex(re[k], im[k]);
        }
        return amplitudes;
    }

    /** Computes the state after an earlier step only when asked for it. */
    private static final class StepwiseResult extends Result {
        private final Program program;
        private final int steps;

        StepwiseResult(Program program, int steps) {
            super(program.getNumberQubits(), steps);
            this.program = program;
            this.steps = program.getSteps().size();
        }

        @Override
        public Complex[] getIntermediateProbability(int step) {
            return amplitudes(program, Math.min(step + 1, steps));
        }
    }
}

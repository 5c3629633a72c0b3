package org.qexit.quantum.strange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.redfx.strange.Complex;
import org.redfx.strange.Program;
import org.redfx.strange.QuantumExecutionEnvironment;
import org.redfx.strange.Result;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Cnot;
import org.redfx.strange.gate.Cr;
import org.redfx.strange.gate.Cz;
import org.redfx.strange.gate.Fourier;
import org.redfx.strange.gate.Hadamard;
import org.redfx.strange.gate.Identity;
import org.redfx.strange.gate.Measurement;
import org.redfx.strange.gate.R;
import org.redfx.strange.gate.RotationX;
import org.redfx.strange.gate.RotationY;
import org.redfx.strange.gate.RotationZ;
import org.redfx.strange.gate.SingleQubitMatrixGate;
import org.redfx.strange.gate.Swap;
import org.redfx.strange.gate.Toffoli;
import org.redfx.strange.gate.X;
import org.redfx.strange.gate.Y;
import org.redfx.strange.gate.Z;
import org.redfx.strange.local.SimpleQuantumExecutionEnvironment;

class BatchedExecutionEnvironmentTest {
    private final QuantumExecutionEnvironment ours = new BatchedExecutionEnvironment();

    /** Written as a user of Strange would, with its own gates only. */
    private static Program program() {
        Complex h = new Complex(Math.sqrt(0.5), 0);
        Complex[][] root = {{h, h.mul(Complex.I)}, {h.mul(Complex.I), h}};
        Program program = new Program(3);
        program.addStep(new Step(new Hadamard(0), new RotationX(0.3, 1), new RotationY(-1.2, 2)));
        program.addStep(new Step(new Cnot(0, 1)));
        program.addStep(new Step(new R(0.7, 2), new X(0), new Y(1)));
        program.addStep(new Step(new Cr(2, 1, 0.9)));
        program.addStep(new Step(new SingleQubitMatrixGate(0, root), new Z(1), new Identity(2)));
        program.addStep(new Step(new Swap(0, 1)));
        program.addStep(new Step(new Cz(1, 2)));
        program.addStep(new Step(new RotationX(2.1, 0), new RotationY(0.4, 1)));
        program.addStep(new Step(new Toffoli(0, 1, 2)));
        program.addStep(new Step(new Hadamard(1), new Hadamard(2)));
        program.addStep(new Step(new Measurement(0)));
        return program;
    }

    @Test
    void aStrangeProgramRunsUnchanged() {
        Supplier<Program> program = BatchedExecutionEnvironmentTest::program;
        Result expected = new SimpleQuantumExecutionEnvironment().runProgram(program.get());
        Result found = ours.runProgram(program.get());
        assertSameUpToPhase(expected.getProbability(), found.getProbability());
        for (int step = 1; step < 10; step++) {
            assertSameUpToPhase(expected.getIntermediateProbability(step), found.getIntermediateProbability(step));
        }
        for (int q = 0; q < 3; q++) {
            assertEquals(expected.getQubits()[q].getProbability(), found.getQubits()[q].getProbability(), 1e-6);
            int bit = found.getMeasuredProbability() >> q & 1;
            assertEquals(bit, found.getQubits()[q].measure());
        }
    }

    private static void assertSameUpToPhase(Complex[] a, Complex[] b) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < a.length; k++) {
            re += a[k].r * b[k].r + a[k].i * b[k].i;
            im += a[k].r * b[k].i - a[k].i * b[k].r;
        }
        assertEquals(1, Math.hypot(re, im), 2e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void circuitsComeBackFromPrograms(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        for (int round = 0; round < 10; round++) {
            Circuit circuit = RandomCircuits.of(qubits, 25, random);
            double[] x = RandomCircuits.values(circuit.inputs(), random);
            double[] theta = RandomCircuits.values(circuit.parameters(), random);
            double[] expected = new double[circuit.observables().size()];
            double[] found = new double[expected.length];
            BatchedSimulator.of(circuit).forward(x, theta, 1, expected);
            Circuit back = StrangePrograms.circuit(StrangePrograms.program(circuit, x, theta))
                    .withObservables(circuit.observables());
            BatchedSimulator.of(back).forward(new double[0], new double[0], 1, found);
            assertArrayEquals(expected, found, 1e-12);
        }
    }

    @Test
    void rotationsAboutZTurn() {
        Program program =
                new Program(1, new Step(new Hadamard(0)), new Step(new RotationZ(0.8, 0)), new Step(new Hadamard(0)));
        double one = ours.runProgram(program).getQubits()[0].getProbability();
        assertEquals((1 - Math.cos(0.8)) / 2, one, 1e-6);
    }

    @Test
    void qubitsArePreparedWhereTheyAreNamed() {
        Program program = new Program(2, new Step(new Identity(0)));
        program.initializeQubit(0, 0.6);
        Result result = ours.runProgram(program);
        assertEquals(0.64, result.getQubits()[0].getProbability(), 1e-6);
        assertEquals(0, result.getQubits()[1].getProbability(), 1e-6);
    }

    @Test
    void measurementsFollowTheProbabilities() {
        int ones = 0;
        for (int i = 0; i < 2000; i++) {
            Program program = new Program(1, new Step(new RotationY(Math.PI / 3, 0)));
            ones += ours.runProgram(program).getQubits()[0].measure();
        }
        assertEquals(500, ones, 5 * Math.sqrt(2000 * 0.25 * 0.75));
    }

    @Test
    void emptyProgramsAndCallbacksWork() throws Exception {
        assertEquals(1, ours.runProgram(new Program(2)).getProbability()[0].r);
        CompletableFuture<Result> later = new CompletableFuture<>();
        ours.runProgram(program(), later::complete);
        assertEquals(8, later.get(30, TimeUnit.SECONDS).getProbability().length);
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        Program program = new Program(2, new Step(new Fourier(2, 0)));
        String message = assertThrows(UnsupportedOperationException.class, () -> ours.runProgram(program))
                .getMessage();
        assertTrue(message.contains("Fourier"), message);
    }
}

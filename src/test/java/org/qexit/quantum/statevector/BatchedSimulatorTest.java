package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

class BatchedSimulatorTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aCircuitThenItsInverseIsTheStart(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = RandomCircuits.of(qubits, 40, random);
        Circuit back = circuit.then(circuit.inverse());
        int batch = 3;
        double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] probabilities = new double[batch << qubits];
        BatchedSimulator.of(back).probabilities(x, theta, batch, probabilities);
        for (int s = 0; s < batch; s++) {
            assertEquals(1, probabilities[s << qubits], 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, DOUBLE, 1e-13", "6, DOUBLE, 1e-13", "6, FLOAT, 1e-5"})
    void theNormIsKept(int qubits, Precision precision, double tolerance) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = RandomCircuits.of(qubits, 100, random);
        double[] x = RandomCircuits.values(2 * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] probabilities = new double[2 << qubits];
        BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT.with(precision))
                .probabilities(x, theta, 2, probabilities);
        assertEquals(1, Arrays.stream(probabilities, 0, 1 << qubits).sum(), tolerance);
        assertEquals(1, Arrays.stream(probabilities, 1 << qubits, 2 << qubits).sum(), tolerance);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void threadsChangeNoBit(Precision precision) {
        SplittableRandom random = new SplittableRandom(9);
        for (Circuit circuit : new Circuit[] {Ansatz.of(5, 2).circuit(), RandomCircuits.of(4, 30, random)}) {
            int batch = 65;
            double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
            double[] theta = RandomCircuits.values(circuit.parameters(), random);
            double[] upstream =
                    RandomCircuits.values(batch * circuit.observables().size(), random);
            SimulatorOptions options = SimulatorOptions.DEFAULT.with(precision);
            double[][] one = run(BatchedSimulator.of(circuit, options), x, theta, batch, upstream);
            BatchedSimulator several = BatchedSimulator.of(circuit, options.withThreads(3));
            for (int round = 0; round < 20; round++) {
                double[][] many = run(several, x, theta, batch, upstream);
                for (int i = 0; i < 3; i++) {
                    assertArrayEquals(one[i], many[i], 0.0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kernel.class,
            names = {"PLAIN", "VECTOR"})
    void aSampleDoesNotDependOnItsNeighbours(Kernel kernel) {
        SplittableRandom random = new SplittableRandom(4);
        Circuit circuit = Ansatz.of(4, 2).circuit();
        double[] x = RandomCircuits.values(64 * 4, random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] all = new double[64 * 4];
        double[] alone = new double[4];
        BatchedSimulator simulator = BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT.with(kernel));
        simulator.forward(x, theta, 64, all);
        for (int s = 0; s < 64; s++) {
            simulator.forward(Arrays.copyOfRange(x, 4 * s, 4 * s + 4), theta, 1, alone);
            assertArrayEquals(Arrays.copyOfRange(all, 4 * s, 4 * s + 4), alone, 1e-15);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14})
    void largerStatesAgreeBetweenPlansAndWithDifferences(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = Ansatz.of(qubits, 2).circuit();
        double[] x = RandomCircuits.values(qubits, random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(qubits, random);
        BatchedSimulator layered = BatchedSimulator.of(circuit);
        double[][] one = run(layered, x, theta, 1, upstream);
        double[][] other = run(BatchedSimulator.gateByGate(circuit, SimulatorOptions.DEFAULT), x, theta, 1, upstream);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(other[i], one[i], 1e-11);
        }
        double step = 1e-5;
        double[] outputs = new double[qubits];
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            double[] moved = theta.clone();
            moved[7] += side == 0 ? step : -step;
            layered.forward(x, moved, 1, outputs);
            for (int q = 0; q < qubits; q++) {
                losses[side] += upstream[q] * outputs[q];
            }
        }
        assertEquals((losses[0] - losses[1]) / (2 * step), one[2][7], 1e-7);
    }

    @ParameterizedTest
    @CsvSource({"2, PLAIN", "4, PLAIN", "6, PLAIN", "2, VECTOR", "4, VECTOR", "6, VECTOR"})
    void singleAndDoublePrecisionDifferByTheRoundingOfTheFormerOnly(int qubits, Kernel kernel) {
        SplittableRandom random = new SplittableRandom(qubits);
        SimulatorOptions options = SimulatorOptions.DEFAULT.with(kernel);
        int batch = 11;
        for (int round = 0; round < 10; round++) {
            Circuit circuit = RandomCircuits.of(qubits, 40, random);
            double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
            double[] theta = RandomCircuits.values(circuit.parameters(), random);
            double[] upstream =
                    RandomCircuits.values(batch * circuit.observables().size(), random);
            double[][] exact = run(BatchedSimulator.of(circuit, options), x, theta, batch, upstream);
            double[][] rounded =
                    run(BatchedSimulator.of(circuit, options.with(Precision.FLOAT)), x, theta, batch, upstream);
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(exact[i], rounded[i], 1e-4);
            }
            double farthest = 0;
            for (int i = 0; i < exact[0].length; i++) {
                farthest = Math.max(farthest, Math.abs(exact[0][i] - rounded[0][i]));
            }
            // Amplitudes in double would agree to about 1e-15.
            assertTrue(farthest > 1e-10, "outputs differ by " + farthest);
        }
    }

    @Test
    void anEmptyBatchIsFine() {
        Circuit circuit = Ansatz.of(3, 1).circuit();
        double[] gradTheta = new double[9];
        Arrays.fill(gradTheta, 5);
        BatchedSimulator.of(circuit).backward(new double[0], new double[9], 0, new double[0], new double[0], gradTheta);
        assertArrayEquals(new double[9], gradTheta);
    }

    @Test
    void wrongShapesAndValuesAreRefusedAtTheDoor() {
        BatchedSimulator simulator = BatchedSimulator.of(Ansatz.of(2, 1).circuit());
        double[] theta = new double[6];
        double[] out = new double[4];
        assertMessage("inputs has 3 values", () -> simulator.forward(new double[3], theta, 2, out));
        assertMessage("theta has 5 values", () -> simulator.forward(new double[4], new double[5], 2, out));
        assertMessage("outputs has 3 values", () -> simulator.forward(new double[4], theta, 2, new double[3]));
        assertMessage("outputs has no values", () -> simulator.forward(new double[4], theta, 2, null));
        assertMessage("batch is -1", () -> simulator.forward(new double[4], theta, -1, out));
        double[] poisoned = {0, Double.NaN, 0, 0};
        assertMessage("inputs[1] is NaN", () -> simulator.forward(poisoned, theta, 2, out));
        double[] upstream = {0, 0, 0, Double.POSITIVE_INFINITY};
        assertMessage(
                "upstream[3] is Infinity",
                () -> simulator.backward(new double[4], theta, 2, upstream, new double[4], new double[6]));
        assertMessage("number of qubits is 25", () -> Ansatz.of(25, 1));
    }

    @Test
    void aStateBeyondTheMemoryIsRefused() {
        SimulatorOptions many = SimulatorOptions.DEFAULT.withThreads(1000);
        assertMessage(
                "24 qubits on 1000 thread(s) need",
                () -> BatchedSimulator.of(Ansatz.of(24, 1).circuit(), many));
    }

    @Test
    void nothingIsAllocatedPerCallOnceWarm() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        assertNothingAllocated(Ansatz.of(4, 2).circuit(), threads);
        assertNothingAllocated(RandomCircuits.of(3, 20, new SplittableRandom(4)), threads);
        assertNothingAllocated(LayeredTest.iqp(4, 2, 2), threads);
    }

    private static void assertNothingAllocated(Circuit circuit, com.sun.management.ThreadMXBean threads) {
        SplittableRandom random = new SplittableRandom(4);
        double[] x = RandomCircuits.values(64 * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(64 * circuit.observables().size(), random);
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        BatchedSimulator simulator = BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT.with(Kernel.PLAIN));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 40 && least > 1000; round++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 50; i++) {
                simulator.backward(x, theta, 64, upstream, gradX, gradTheta);
            }
            least = Math.min(
                    least,
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        assertTrue(least < 1000, least + " bytes in 50 calls");
    }

    private static void assertMessage(String part, Runnable action) {
        String message =
                assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static double[][] run(
            BatchedSimulator simulator, double[] x, double[] theta, int batch, double[] upstream) {
        double[] outputs = new double[upstream.length];
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        simulator.forward(x, theta, batch, outputs);
        simulator.backward(x, theta, batch, upstream, gradX, gradTheta);
        return new double[][] {outputs, gradX, gradTheta};
    }
}

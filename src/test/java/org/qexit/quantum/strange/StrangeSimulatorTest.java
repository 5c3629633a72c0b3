package org.qexit.quantum.strange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.Gate;
import org.qexit.quantum.GoldenCircuits;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.BatchedSimulator;

class StrangeSimulatorTest {
    private static final double TOLERANCE = 1e-6;

    static Stream<CircuitFile.Case> golden() {
        return GoldenCircuits.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void goldenCasesAgree(CircuitFile.Case c) {
        StrangeSimulator simulator = StrangeSimulator.of(c.circuit());
        double[] outputs = new double[c.batch() * c.n()];
        simulator.forward(c.flatInputs(), c.theta(), c.batch(), outputs);
        assertArrayEquals(CircuitFile.flat(c.values()), outputs, TOLERANCE);
    }

    @Test
    void gradientsAgree() {
        CircuitFile.Case c = GoldenCircuits.cases().get(5);
        double[] gradX = new double[c.batch() * c.n()];
        double[] gradTheta = new double[c.theta().length];
        StrangeSimulator.of(c.circuit())
                .backward(c.flatInputs(), c.theta(), c.batch(), CircuitFile.flat(c.g()), gradX, gradTheta);
        assertArrayEquals(CircuitFile.flat(c.gradX()), gradX, 10 * TOLERANCE);
        assertArrayEquals(c.gradTheta(), gradTheta, 10 * TOLERANCE);
    }

    /** Every gate on every choice of its qubits among four, in a state that no symmetry hides. */
    @Test
    void everyGateOnAnyQubitsAgrees() {
        List<Observable> strings = new ArrayList<>();
        for (int k = 1; k < 256; k += 3) {
            strings.add(Observable.of(new PauliString(k & 15, k >> 4)));
        }
        SplittableRandom random = new SplittableRandom(11);
        for (Gate.FixedKind kind : Gate.FixedKind.values()) {
            for (List<Integer> on : choices(kind.arity())) {
                compare(new Gate.Fixed(kind, on), strings, random);
            }
        }
        for (Gate.RotationKind kind : Gate.RotationKind.values()) {
            for (List<Integer> on : choices(kind.arity())) {
                compare(new Gate.Rotation(kind, on, Angle.constant(1.1)), strings, random);
            }
        }
    }

    private static void compare(Gate gate, List<Observable> strings, SplittableRandom random) {
        Circuit.Builder builder = Circuit.builder(4).observe(strings);
        for (int q = 0; q < 4; q++) {
            builder.add(Gate.RotationKind.RY, Angle.input(q), q).add(Gate.RotationKind.RX, Angle.input(4 + q), q);
        }
        Circuit circuit = builder.add(gate).build();
        double[] x = RandomCircuits.values(8, random);
        double[] expected = new double[strings.size()];
        double[] actual = new double[strings.size()];
        BatchedSimulator.of(circuit).forward(x, new double[0], 1, expected);
        StrangeSimulator.of(circuit).forward(x, new double[0], 1, actual);
        assertArrayEquals(expected, actual, TOLERANCE, gate::toString);
    }

    private static List<List<Integer>> choices(int arity) {
        List<List<Integer>> all = List.of(List.of());
        for (int i = 0; i < arity; i++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> some : all) {
                for (int q = 0; q < 4; q++) {
                    if (!some.contains(q)) {
                        List<Integer> more = new ArrayList<>(some);
                        more.add(q);
                        longer.add(more);
                    }
                }
            }
            all = longer;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void randomCircuitsAgree(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        for (int round = 0; round < 5; round++) {
            Circuit circuit = RandomCircuits.of(qubits, 25, random);
            double[] x = RandomCircuits.values(3 * circuit.inputs(), random);
            double[] theta = RandomCircuits.values(circuit.parameters(), random);
            double[] expected = new double[3 * circuit.observables().size()];
            double[] actual = new double[expected.length];
            BatchedSimulator.of(circuit).forward(x, theta, 3, expected);
            StrangeSimulator.of(circuit).forward(x, theta, 3, actual);
            assertArrayEquals(expected, actual, 3 * TOLERANCE);
        }
    }

    @Test
    void anEmptyCircuitIsTheZeroState() {
        double[] outputs = new double[2];
        StrangeSimulator.of(Circuit.builder(2).build()).forward(new double[0], new double[0], 1, outputs);
        assertArrayEquals(new double[] {1, 1}, outputs);
    }
}

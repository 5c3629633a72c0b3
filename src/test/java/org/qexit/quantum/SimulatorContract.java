package org.qexit.quantum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Simulator} promises, whoever keeps it. */
public abstract class SimulatorContract {
    protected abstract Simulator simulator(Circuit circuit);

    /** Of expectation values; gradients may be ten times as far off. */
    protected abstract double tolerance();

    static Stream<CircuitFile.Case> golden() {
        return GoldenCircuits.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void valuesAndGradientsOfAnotherProgram(CircuitFile.Case c) {
        Simulator simulator = simulator(c.circuit());
        double[] outputs = new double[c.batch() * c.n()];
        simulator.forward(c.flatInputs(), c.theta(), c.batch(), outputs);
        assertArrayEquals(CircuitFile.flat(c.values()), outputs, tolerance());
        if (c.n() > 3) {
            return;
        }
        double[] gradX = new double[c.batch() * c.n()];
        double[] gradTheta = new double[c.theta().length];
        Arrays.fill(gradX, 9);
        Arrays.fill(gradTheta, 9);
        simulator.backward(c.flatInputs(), c.theta(), c.batch(), CircuitFile.flat(c.g()), gradX, gradTheta);
        assertArrayEquals(CircuitFile.flat(c.gradX()), gradX, 10 * tolerance());
        assertArrayEquals(c.gradTheta(), gradTheta, 10 * tolerance());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyObservableFollowsItsDefinition(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = RandomCircuits.of(qubits, 15, random);
        double[] x = RandomCircuits.values(2 * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] outputs = new double[2 * circuit.observables().size()];
        simulator(circuit).forward(x, theta, 2, outputs);
        for (int o = 0; o < circuit.observables().size(); o++) {
            double sum = 0;
            for (Observable.Term term : circuit.observables().get(o).terms()) {
                double[] alone = new double[2];
                simulator(circuit.withObservables(List.of(Observable.of(term.string()))))
                        .forward(x, theta, 2, alone);
                sum += term.weight() * alone[1];
            }
            assertEquals(sum, outputs[circuit.observables().size() + o], 4 * tolerance());
        }
    }

    @Test
    void emptyBatchesAndEmptyCircuitsAreFine() {
        Circuit nothing = Circuit.builder(2).build();
        double[] outputs = new double[2];
        simulator(nothing).forward(new double[0], new double[0], 0, outputs);
        assertArrayEquals(new double[2], outputs);
        simulator(nothing).forward(new double[0], new double[0], 1, outputs);
        assertArrayEquals(new double[] {1, 1}, outputs, tolerance());
    }

    @Test
    void wrongShapesAndValuesAreRefused() {
        Simulator simulator = simulator(Ansatz.of(2, 1).circuit());
        double[] nan = {0, Double.NaN};
        assertRefused("inputs has 3", () -> simulator.forward(new double[3], new double[6], 2, new double[4]));
        assertRefused("inputs[1] is NaN", () -> simulator.forward(nan, new double[6], 1, new double[4]));
        assertRefused("outputs has 1", () -> simulator.forward(new double[2], new double[6], 1, new double[1]));
        assertRefused(
                "upstream[1] is NaN",
                () -> simulator.backward(new double[2], new double[6], 1, nan, new double[2], new double[6]));
        assertRefused(
                "gradTheta has 5",
                () -> simulator.backward(new double[2], new double[6], 1, new double[2], new double[2], new double[5]));
    }

    private static void assertRefused(String part, Runnable action) {
        String message =
                assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}

package org.qexit.quantum.shots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.statevector.BatchedSimulator;

class OutcomeDistributionTest {
    private static double[] random(int count, long seed) {
        return new SplittableRandom(seed).doubles(count, -3, 3).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7})
    void probabilitiesAreSquaredAmplitudes(int qubits) {
        Circuit circuit = Ansatz.of(qubits, 2).circuit();
        int batch = 3;
        double[] inputs = random(batch * circuit.inputs(), 1);
        double[] theta = random(circuit.parameters(), 2);
        double[] expected = new double[batch << qubits];
        BatchedSimulator.of(circuit).probabilities(inputs, theta, batch, expected);
        double[] actual = new double[batch << qubits];
        OutcomeDistribution.of(circuit, BatchedSimulator::of).of(inputs, theta, batch, actual);
        assertArrayEquals(expected, actual, 1e-12);
    }

    /** The means of the bits are the noisy expectation values, readout errors included. */
    @Test
    void meansOfNoisyBitsAreTheSimulatorsValues() {
        NoiseModel noise = new NoiseModel(0.02, 0.03, 0.01, 0.05);
        Circuit circuit = Ansatz.of(3, 2).circuit();
        double[] inputs = random(circuit.inputs(), 3);
        double[] theta = random(circuit.parameters(), 4);
        double[] values = new double[3];
        DensityMatrixSimulator.of(circuit, noise).forward(inputs, theta, 1, values);
        double[] p = new double[8];
        OutcomeDistribution.of(circuit, c -> DensityMatrixSimulator.of(c, noise))
                .of(inputs, theta, 1, p);
        assertEquals(1, Arrays.stream(p).sum(), 1e-12);
        double[] weights = {0.7, -1.1, 0.4};
        double[] said = Readout.of(0.25, weights).values();
        double mean = 0;
        double expected = 0.25;
        for (int k = 0; k < 8; k++) {
            mean += p[k] * said[k];
        }
        for (int i = 0; i < 3; i++) {
            expected += weights[i] * values[i];
        }
        assertEquals(expected, mean, 1e-12);
    }

    /** |0⟩ read with an error of 0.1 shows 1 in a tenth of the shots. */
    @Test
    void readoutErrorsFlipBits() {
        Circuit idle = Ansatz.of(2, 1).circuit();
        NoiseModel noise = new NoiseModel(0, 0, 0, 0.1);
        double[] p = new double[4];
        OutcomeDistribution.of(idle, c -> DensityMatrixSimulator.of(c, noise))
                .of(new double[idle.inputs()], new double[idle.parameters()], 1, p);
        assertArrayEquals(new double[] {0.81, 0.09, 0.09, 0.01}, p, 1e-12);
    }

    @Test
    void drawsHaveTheProbabilitiesAskedFor() {
        double[] p = {0.5, 0, 0.125, 0.25, 0.0625, 0.0625, 0, 0};
        double[] two = new double[16];
        two[0] = 1;
        System.arraycopy(p, 0, two, 8, 8);
        SequentialMeasurement.Shots shots = SequentialMeasurement.shots(two, 1, 3, new SplittableRandom(9));
        int[] seen = new int[8];
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            seen[shots.next()]++;
        }
        for (int k = 0; k < 8; k++) {
            assertTrue(
                    Math.abs(seen[k] - draws * p[k]) <= 5 * Math.sqrt(draws * p[k] * (1 - p[k])), k + ": " + seen[k]);
        }
    }

    @Test
    void tooManyQubitsAreRefused() {
        Circuit circuit = Ansatz.of(11, 1).circuit();
        assertThrows(IllegalArgumentException.class, () -> OutcomeDistribution.of(circuit, BatchedSimulator::of));
    }
}

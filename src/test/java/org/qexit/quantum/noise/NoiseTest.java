package org.qexit.quantum.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;
import org.qexit.quantum.Observable;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.Spsa;
import org.qexit.quantum.statevector.BatchedSimulator;

class NoiseTest {
    private static final double[] NO_VALUES = new double[0];

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void withoutNoiseBothAreTheStateVector(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = RandomCircuits.of(qubits, 20, random);
        double[] x = RandomCircuits.values(2 * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] expected = forward(BatchedSimulator.of(circuit), x, theta, 2);
        assertArrayEquals(expected, forward(DensityMatrixSimulator.of(circuit, NoiseModel.NONE), x, theta, 2), 1e-12);
        assertArrayEquals(
                expected, forward(TrajectorySimulator.of(circuit, NoiseModel.NONE, 1, 1), x, theta, 2), 1e-12);
    }

    /** X then noise: ⟨Z⟩ starts at -1. */
    @Test
    void channelsDoWhatTheirFormulasSay() {
        Circuit flipped = Circuit.builder(1).add(FixedKind.X, 0).build();
        // ⟨Z⟩ ← (1 - 4p/3) ⟨Z⟩.
        assertEquals(-(1 - 4 * 0.3 / 3), exact(flipped, new NoiseModel(0.3, 0, 0, 0)), 1e-12);
        // P(1) ← (1 - γ) P(1).
        assertEquals(1 - 2 * (1 - 0.3), exact(flipped, new NoiseModel(0, 0.3, 0, 0)), 1e-12);
        assertEquals(-1, exact(flipped, new NoiseModel(0, 0, 0.3, 0)), 1e-12);
        assertEquals(-(1 - 2 * 0.3), exact(flipped, new NoiseModel(0, 0, 0, 0.3)), 1e-12);
        // ⟨X⟩ ← √(1-λ) ⟨X⟩, √(1-γ) ⟨X⟩.
        Circuit plus = Circuit.builder(1)
                .add(FixedKind.H, 0)
                .observe(List.of(Observable.x(0)))
                .build();
        assertEquals(Math.sqrt(0.7), exact(plus, new NoiseModel(0, 0, 0.3, 0)), 1e-12);
        assertEquals(Math.sqrt(0.7), exact(plus, new NoiseModel(0, 0.3, 0, 0)), 1e-12);
        Circuit bell = Circuit.builder(2)
                .add(FixedKind.X, 0)
                .observe(List.of(Observable.zz(0, 1)))
                .build();
        assertEquals(-Math.pow(1 - 2 * 0.1, 2), exact(bell, new NoiseModel(0, 0, 0, 0.1)), 1e-12);
    }

    private static double exact(Circuit circuit, NoiseModel noise) {
        return forward(DensityMatrixSimulator.of(circuit, noise), NO_VALUES, NO_VALUES, 1)[0];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void trajectoriesConvergeToTheDensityMatrix(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Circuit circuit = RandomCircuits.of(3, 15, random);
        NoiseModel noise = new NoiseModel(0.05, 0.08, 0.06, 0.02);
        double[] x = RandomCircuits.values(circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] expected = forward(DensityMatrixSimulator.of(circuit, noise), x, theta, 1);
        double[] clean = forward(BatchedSimulator.of(circuit), x, theta, 1);
        int trajectories = 4000;
        double[] found = forward(TrajectorySimulator.of(circuit, noise, trajectories, seed), x, theta, 1);
        double moved = 0;
        for (int o = 0; o < expected.length; o++) {
            // Values lie in [-2, 2]: five standard deviations of their mean at most.
            assertEquals(expected[o], found[o], 5 * 2 / Math.sqrt(trajectories));
            moved = Math.max(moved, Math.abs(expected[o] - clean[o]));
        }
        assertTrue(moved > 0.1, "the noise is too weak to be seen: " + moved);
    }

    @Test
    void shotsAreUnbiasedWithBinomialSpread() {
        Circuit circuit =
                Circuit.builder(1).add(RotationKind.RY, Angle.input(0), 0).build();
        double angle = 1.1;
        long shots = 100;
        int repetitions = 2000;
        ShotSimulator simulator = ShotSimulator.of(circuit, BatchedSimulator::of, shots, 7);
        double sum = 0;
        double squares = 0;
        for (int r = 0; r < repetitions; r++) {
            double value = forward(simulator, new double[] {angle}, NO_VALUES, 1)[0];
            sum += value;
            squares += value * value;
        }
        double mean = sum / repetitions;
        double variance = squares / repetitions - mean * mean;
        double expected = (1 - Math.pow(Math.cos(angle), 2)) / shots;
        assertEquals(Math.cos(angle), mean, 5 * Math.sqrt(expected / repetitions));
        // The relative spread of a variance from R draws is about √(2/R).
        assertEquals(expected, variance, 6 * expected * Math.sqrt(2.0 / repetitions));
        assertArrayEquals(
                forward(ShotSimulator.of(circuit, BatchedSimulator::of, 10, 3), new double[] {angle}, NO_VALUES, 1),
                forward(ShotSimulator.of(circuit, BatchedSimulator::of, 10, 3), new double[] {angle}, NO_VALUES, 1));
    }

    @Test
    void certainOutcomesStayCertain() {
        SplittableRandom random = new SplittableRandom(1);
        assertEquals(0, Binomial.draw(1000, 0, random));
        assertEquals(1000, Binomial.draw(1000, 1, random));
        assertEquals(0, Binomial.draw(0, 0.5, random));
        long one = 0;
        for (int i = 0; i < 10_000; i++) {
            one += Binomial.draw(1, 0.25, random);
        }
        assertEquals(2500, one, 5 * Math.sqrt(10_000 * 0.25 * 0.75));
    }

    @Test
    void gradientsFromShotsAndSpsaComeNearTheExactOne() {
        SplittableRandom random = new SplittableRandom(21);
        Circuit circuit = RandomCircuits.of(2, 10, random);
        double[] x = RandomCircuits.values(circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = new double[circuit.observables().size()];
        java.util.Arrays.fill(upstream, 1);
        double[][] exact = {new double[x.length], new double[theta.length]};
        double[][] shots = {new double[x.length], new double[theta.length]};
        double[][] spsa = {new double[x.length], new double[theta.length]};
        BatchedSimulator.of(circuit).backward(x, theta, 1, upstream, exact[0], exact[1]);
        ShotSimulator.of(circuit, BatchedSimulator::of, 1_000_000, 5)
                .backward(x, theta, 1, upstream, shots[0], shots[1]);
        Spsa.of(BatchedSimulator.of(circuit), 1e-4, 20_000, 5).backward(x, theta, 1, upstream, spsa[0], spsa[1]);
        for (int part = 0; part < 2; part++) {
            assertArrayEquals(exact[part], shots[part], 0.03);
            // The other entries act as noise: about |gradient| / √draws.
            assertArrayEquals(exact[part], spsa[part], 0.15);
        }
    }

    @Test
    void noisyGradientsAreThoseOfTheNoisyValues() {
        SplittableRandom random = new SplittableRandom(22);
        Circuit circuit = RandomCircuits.of(2, 10, random);
        DensityMatrixSimulator simulator = DensityMatrixSimulator.of(circuit, new NoiseModel(0.02, 0.03, 0.04, 0.01));
        double[] x = RandomCircuits.values(circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(circuit.observables().size(), random);
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        simulator.backward(x, theta, 1, upstream, gradX, gradTheta);
        for (int j = 0; j < theta.length; j++) {
            double step = 1e-5;
            double[] up = theta.clone();
            up[j] += step;
            double[] down = theta.clone();
            down[j] -= step;
            double[] above = forward(simulator, x, up, 1);
            double[] below = forward(simulator, x, down, 1);
            double difference = 0;
            for (int o = 0; o < above.length; o++) {
                difference += upstream[o] * (above[o] - below[o]) / (2 * step);
            }
            assertEquals(difference, gradTheta[j], 1e-8);
        }
    }

    @Test
    void modelsAreReadAndRefused() {
        assertEquals(
                new NoiseModel(0.01, 0.02, 0, 0.5),
                NoiseModel.parse("depolarising=0.01, readout=0.5,amplitude-damping=0.02"));
        for (String wrong : List.of("depolarising", "heat=0.1", "readout=2", "readout=x", "readout=NaN", "")) {
            assertThrows(IllegalArgumentException.class, () -> NoiseModel.parse(wrong), wrong);
        }
        Circuit large = Circuit.builder(8).build();
        assertThrows(IllegalArgumentException.class, () -> DensityMatrixSimulator.of(large, NoiseModel.NONE));
    }

    private static double[] forward(Simulator simulator, double[] x, double[] theta, int batch) {
        double[] outputs = new double[batch * simulator.circuit().observables().size()];
        simulator.forward(x, theta, batch, outputs);
        return outputs;
    }
}

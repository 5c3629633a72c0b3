package org.qexit.quantum.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.statevector.BatchedSimulator;

/** Values and gradients in the Pauli basis against Kraus operators on the density matrix and parameter shift there. */
class PauliTest {
    private static final NoiseModel ALL = new NoiseModel(0.03, 0.05, 0.07, 0.02);

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0.03, 0.05, 0.07",
        "1, 17, 0.3, 0, 0",
        "2, 3, 0.01, 0, 0",
        "2, 16, 0, 0.2, 0",
        "3, 1, 0, 0, 0.3",
        "3, 5, 0.03, 0.05, 0.07",
        "3, 2, 0.75, 0, 0",
        "3, 2, 0, 1, 0",
        "3, 2, 0, 0, 0"
    })
    void valuesAndGradientsAreTheDensityMatrixs(
            int qubits, int batch, double depolarising, double damping, double dephasing) {
        NoiseModel noise = new NoiseModel(depolarising, damping, dephasing, 0.02);
        SplittableRandom random = new SplittableRandom(10 * qubits + batch);
        Circuit circuit = RandomCircuits.of(qubits, 14, random);
        double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(batch * circuit.observables().size(), random);
        double[][] expected = run(DensityMatrixOracle.of(circuit, noise), x, theta, batch, upstream);
        double[][] shifted = expected.clone();
        shifted[1] = new double[x.length];
        shifted[2] = new double[theta.length];
        ParameterShift.of(circuit, c -> DensityMatrixOracle.of(c, noise))
                .backward(x, theta, batch, upstream, shifted[1], shifted[2]);
        for (long kept : new long[] {1L << 26, 0}) {
            double[][] found = run(DensityMatrixSimulator.of(circuit, noise, kept), x, theta, batch, upstream);
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(expected[i], found[i], 1e-11 * batch);
                assertArrayEquals(shifted[i], found[i], 1e-11 * batch);
            }
        }
    }

    @Test
    void everyGateIsItsTurns() {
        SplittableRandom random = new SplittableRandom(3);
        Circuit start = RandomCircuits.of(3, 25, random);
        double[] x = RandomCircuits.values(start.inputs(), random);
        double[] theta = RandomCircuits.values(start.parameters(), random);
        List<Observable> every = IntStream.range(0, 64)
                .mapToObj(k -> Observable.of(new org.qexit.quantum.PauliString(k & 7, k >> 3)))
                .toList();
        Circuit bound = start.bind(x, theta);
        for (Gate.FixedKind kind : Gate.FixedKind.values()) {
            same(bound, Gate.of(kind, Arrays.copyOf(new Integer[] {1, 2, 0}, kind.arity())), every);
        }
        for (Gate.RotationKind kind : Gate.RotationKind.values()) {
            for (double angle : new double[] {0.7, Math.PI / 2, Math.PI, -3 * Math.PI / 2, 0}) {
                Integer[] on = Arrays.copyOf(new Integer[] {2, 0}, kind.arity());
                same(bound, Gate.of(kind, Angle.constant(angle), on), every);
            }
        }
    }

    private static void same(Circuit start, Gate gate, List<Observable> every) {
        Circuit circuit = start.then(Circuit.builder(3).add(gate).observe(every).build());
        double[] expected = new double[64];
        double[] found = new double[64];
        BatchedSimulator.of(circuit).forward(new double[0], new double[0], 1, expected);
        DensityMatrixSimulator.of(circuit, NoiseModel.NONE).forward(new double[0], new double[0], 1, found);
        assertArrayEquals(expected, found, 1e-12, gate.toString());
    }

    /** Values of the circuits of the parameter-shift rule, all from one pass. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shiftedValuesAreThoseOfShiftedCircuits(boolean noisy) {
        NoiseModel noise = noisy ? ALL : NoiseModel.NONE;
        Circuit circuit = Ansatz.of(3, 1).circuit();
        SplittableRandom random = new SplittableRandom(8);
        double[] x = RandomCircuits.values(5 * 3, random);
        double[] theta = RandomCircuits.values(9, random);
        int[] seen = new int[1];
        DensityMatrixSimulator all = DensityMatrixSimulator.of(circuit, noise);
        assertTrue(all.shifts());
        all.shifted(x, theta, 5, (sample, turn, string, above, below) -> {
            double[] values = new double[3];
            for (double side : new double[] {1, -1}) {
                double[] inputs = Arrays.copyOfRange(x, 3 * sample, 3 * sample + 3);
                double[] parameters = theta.clone();
                if (all.turns().get(turn) instanceof Angle.Input input) {
                    inputs[input.index()] += side * Math.PI / 2;
                } else if (all.turns().get(turn) instanceof Angle.Parameter parameter) {
                    parameters[parameter.index()] += side * Math.PI / 2;
                }
                DensityMatrixOracle.of(circuit, noise).forward(inputs, parameters, 1, values);
                assertEquals(values[string], side > 0 ? above : below, 1e-12);
            }
            seen[0]++;
        });
        assertEquals(5 * 12 * 3, seen[0]);
    }

    /** Mean and spread of the gradient from shots are those of the parameter-shift rule on a machine, by either way. */
    @Test
    void gradientsFromShotsAreUnbiasedWithTheSpreadOfTheRule() {
        Circuit circuit = Ansatz.of(2, 1).circuit();
        double[] x = {0.4, 1.1};
        double[] theta = {0.2, -0.7, 0.5, 1.3, 0.1, -0.4};
        double[] upstream = {1, -0.6};
        NoiseModel noise = new NoiseModel(0.02, 0, 0, 0.01);
        double[][] exact = run(DensityMatrixSimulator.of(circuit, noise), x, theta, 1, upstream);
        int shots = 40;
        int draws = 3000;
        ShotSimulator fast = ShotSimulator.of(circuit, c -> DensityMatrixSimulator.of(c, noise), shots, 1);
        ShotSimulator slow = ShotSimulator.of(circuit, c -> DensityMatrixOracle.of(c, noise), shots, 2);
        double[][] spreads = new double[2][6];
        for (int which = 0; which < 2; which++) {
            double[] sum = new double[6];
            int n = which == 0 ? draws : draws / 5;
            for (int i = 0; i < n; i++) {
                double[] gradient = new double[6];
                (which == 0 ? fast : slow).backward(x, theta, 1, upstream, new double[2], gradient);
                for (int j = 0; j < 6; j++) {
                    sum[j] += gradient[j] / n;
                    spreads[which][j] += Math.pow(gradient[j] - exact[2][j], 2) / n;
                }
            }
            for (int j = 0; j < 6; j++) {
                assertEquals(exact[2][j], sum[j], 5 * Math.sqrt(spreads[which][j] / n));
            }
        }
        for (int j = 0; j < 6; j++) {
            assertEquals(1, spreads[0][j] / spreads[1][j], 6 * Math.sqrt(2.0 / (draws / 5.0)));
        }
    }

    /** Against the probabilities themselves: χ² over the outcomes that are likely, for each way of drawing. */
    @ParameterizedTest
    @CsvSource({
        "100, 0.3",
        "128, 0.9",
        "1000, 0.004",
        "1000, 0.02",
        "1000, 0.5",
        "10000, 0.37",
        "10000, 0.999",
        "200, 0.97"
    })
    void drawsAreBinomial(long trials, double p) {
        SplittableRandom random = new SplittableRandom(trials);
        int draws = 40_000;
        int[] counts = new int[(int) trials + 1];
        for (int i = 0; i < draws; i++) {
            counts[(int) Binomial.draw(trials, p, random)]++;
        }
        double log = trials * Math.log1p(-p);
        double chi = 0;
        int cells = 0;
        double rest = 1;
        int restCount = draws;
        for (int k = 0; k <= trials; k++) {
            double expected = draws * Math.exp(log);
            if (expected >= 20) {
                chi += Math.pow(counts[k] - expected, 2) / expected;
                rest -= expected / draws;
                restCount -= counts[k];
                cells++;
            }
            log += Math.log((trials - k) / (k + 1.0)) + Math.log(p / (1 - p));
        }
        // Mean cells, variance twice as many.
        assertTrue(cells > 3 && chi < cells + 5 * Math.sqrt(2.0 * cells), trials + " " + p + ": " + chi + ", " + cells);
        assertEquals(draws * rest, restCount, 5 * Math.sqrt(draws * Math.max(rest, 1e-3)) + 1);
    }

    private static double[][] run(Simulator simulator, double[] x, double[] theta, int batch, double[] upstream) {
        double[] outputs = new double[upstream.length];
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        simulator.forward(x, theta, batch, outputs);
        simulator.backward(x, theta, batch, upstream, gradX, gradTheta);
        return new double[][] {outputs, gradX, gradTheta};
    }
}

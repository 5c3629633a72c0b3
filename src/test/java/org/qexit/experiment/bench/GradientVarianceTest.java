package org.qexit.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.experiment.bench.GradientVariance.Cell;
import org.qexit.experiment.bench.GradientVariance.Draws;
import org.qexit.experiment.bench.GradientVariance.Measured;
import org.qexit.experiment.bench.GradientVariance.Point;
import org.qexit.experiment.bench.GradientVariance.Start;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.BatchedSimulator;

class GradientVarianceTest {
    private static final int SAMPLES = 40_000;
    private static final Draws DRAWS = new Draws(0.5, SAMPLES, 3);

    private static Cell cell(int qubits, int layers, Ansatz.Entangler entangler, Measured measured, Start start) {
        Ansatz ansatz = new Ansatz(qubits, layers, Ansatz.Encoding.RY, entangler, false);
        return GradientVariance.cell(ansatz, measured, start, DRAWS);
    }

    private static double variance(double[][] gradients, int j) {
        double sum = 0;
        double squares = 0;
        for (double[] row : gradients) {
            sum += row[j];
            squares += row[j] * row[j];
        }
        return squares / gradients.length - Math.pow(sum / gradients.length, 2);
    }

    /** ⟨Z⟩ = cos θ has the derivative −sin θ, of variance 1/2 at uniform θ; the product of n such has 2^-n. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void productOfCosinesLosesHalfOfTheVariancePerQubit(int qubits) {
        Circuit.Builder builder = Circuit.builder(qubits).observe(List.of(Measured.GLOBAL.on(qubits)));
        for (int q = 0; q < qubits; q++) {
            builder.add(Gate.RotationKind.RY, Angle.parameter(q), q);
        }
        double[][] gradients =
                GradientVariance.gradients(builder.build(), Start.UNIFORM, 0, SAMPLES, new SplittableRandom(5));
        for (int j = 0; j < qubits; j++) {
            assertEquals(1, variance(gradients, j) * (1 << qubits), 0.08);
        }
    }

    /**
     * Without entanglers a qubit's Bloch vector is RY(b) RX(a) RY(x) e_z, so that z = cos x cos a cos b − sin x sin b, and with uniform
     * angles E z² = E (∂z/∂b)² = 1/8 + 1/4, E (∂z/∂a)² = 1/8, and RZ changes nothing. Measured together, the other qubits' E z² multiply.
     */
    @ParameterizedTest
    @CsvSource({"1, LOCAL", "1, GLOBAL", "3, LOCAL", "2, GLOBAL", "4, GLOBAL"})
    void separableCircuitsHaveTheVariancesFoundByHand(int qubits, Measured measured) {
        Cell cell = cell(qubits, 1, Ansatz.Entangler.NONE, measured, Start.UNIFORM);
        double others = measured == Measured.GLOBAL ? Math.pow(3.0 / 8, qubits - 1) : 1;
        double seen = measured == Measured.GLOBAL ? 1 : 1.0 / qubits;
        assertEquals(1, cell.mean() / (others * seen * (1.0 / 8 + 3.0 / 8) / 3), 0.06);
        assertEquals(1, cell.greatest() / (others * 3 / 8), 0.08);
        if (measured == Measured.GLOBAL) {
            assertEquals(1, cell.first() / (others * 3 / 8), 0.08);
        }
        assertEquals(3 * qubits, cell.parameters());
        assertTrue(cell.relativeError() < 0.05, cell.toString());
    }

    /** Deep entangled circuits are random unitaries: variance of the order of 2^-n, for any observable. */
    @Test
    void deepCircuitsHaveABarrenPlateauAndTheStartOfModelsHasNone() {
        GradientVariance.Report report =
                GradientVariance.of(Ansatz.of(1, 1), List.of(2, 4, 6), List.of(1, 16), new Draws(0.5, 400, 7));
        assertEquals(2 * 2 * 2 * 3, report.cells().size());
        for (GradientVariance.Slope slope : report.slopes()) {
            if (slope.layers() == 16 && slope.start() == Start.UNIFORM) {
                assertEquals(-1, slope.perQubit(), 0.25, slope.toString());
            }
        }
        double shallow = slope(report, 1, Start.UNIFORM);
        assertTrue(
                slope(report, 1, Start.MODEL) > shallow - 0.2, report.slopes().toString());
        String svg = GradientVariancePlot.svg(report);
        assertEquals(report.cells().size(), svg.split("<circle", -1).length - 1);
        assertTrue(!svg.contains("NaN") && !svg.contains("Infinity"));
    }

    private static double slope(GradientVariance.Report report, int layers, Start start) {
        return report.slopes().stream()
                .filter(s -> s.layers() == layers && s.start() == start && s.observable() == Measured.LOCAL)
                .findFirst()
                .orElseThrow()
                .perQubit();
    }

    /** Each derivative by parameter shift on the circuit as it was: (f(θ + π/2) − f(θ − π/2)) / 2. */
    @ParameterizedTest
    @EnumSource(Ansatz.Encoding.class)
    void derivativesAgreeWithParameterShift(Ansatz.Encoding encoding) {
        for (Ansatz.Entangler entangler : Ansatz.Entangler.values()) {
            Circuit circuit =
                    new Ansatz(3, 2, encoding, entangler, true).circuit().withObservables(List.of(Observable.zz(0, 2)));
            BatchedSimulator moved = BatchedSimulator.of(GradientVariance.allInputs(circuit));
            BatchedSimulator original = BatchedSimulator.of(circuit);
            SplittableRandom random = new SplittableRandom(9);
            double[] theta = random.doubles(circuit.parameters(), -3, 3).toArray();
            double[] x = random.doubles(circuit.inputs(), -3, 3).toArray();
            double[] all = java.util.stream.DoubleStream.concat(
                            java.util.Arrays.stream(theta), java.util.Arrays.stream(x))
                    .toArray();
            double[] gradient = new double[all.length];
            moved.backward(all, new double[0], 1, new double[] {1}, gradient, new double[0]);
            double[] above = new double[1];
            double[] below = new double[1];
            for (int j = 0; j < theta.length; j++) {
                double kept = theta[j];
                theta[j] = kept + Math.PI / 2;
                original.forward(x, theta, 1, above);
                theta[j] = kept - Math.PI / 2;
                original.forward(x, theta, 1, below);
                theta[j] = kept;
                assertEquals((above[0] - below[0]) / 2, gradient[j], 1e-12);
            }
        }
    }

    @Test
    void slopeIsThatOfAStraightLine() {
        Cell cell = cell(1, 1, Ansatz.Entangler.NONE, Measured.LOCAL, Start.UNIFORM);
        List<Cell> row = new java.util.ArrayList<>();
        for (int n : new int[] {2, 3, 7}) {
            row.add(modelCell(n, 0.7 * Math.pow(2, -1.25 * n)));
        }
        assertEquals(-1.25, GradientVariance.slope(row), 1e-12);
        row.add(modelCell(9, 0));
        assertNull(GradientVariance.slope(row));
        assertEquals(SAMPLES, cell.samples());
    }

    private static Cell modelCell(int qubits, double mean) {
        return new Cell(new Point(qubits, 1, Measured.LOCAL, Start.MODEL), 8, 3, mean, 0, 0, 0);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        Ansatz family = Ansatz.of(1, 1);
        assertThrows(IllegalArgumentException.class, () -> GradientVariance.of(family, List.of(0), List.of(1), DRAWS));
        assertThrows(IllegalArgumentException.class, () -> new Draws(Double.NaN, 100, 1));
        assertThrows(IllegalArgumentException.class, () -> new Draws(0.5, 7, 1));
    }
}

package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.RandomCircuits;

class GradientTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 65", "2, 3", "3, 1", "3, 64", "4, 3", "5, 3", "6, 1", "6, 65"})
    void adjointEqualsShiftEqualsFiniteDifferences(int qubits, int batch) {
        SplittableRandom random = new SplittableRandom(100 * qubits + batch);
        Circuit circuit = RandomCircuits.of(qubits, 30, random);
        double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(batch * circuit.observables().size(), random);
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        BatchedSimulator simulator = BatchedSimulator.of(circuit);
        simulator.backward(x, theta, batch, upstream, gradX, gradTheta);

        double[] shiftX = new double[x.length];
        double[] shiftTheta = new double[theta.length];
        ParameterShift.of(circuit, BatchedSimulator::of).backward(x, theta, batch, upstream, shiftX, shiftTheta);
        assertArrayEquals(shiftX, gradX, 1e-11);
        assertArrayEquals(shiftTheta, gradTheta, 1e-11 * batch);

        // Central differences of L with step 1e-5: truncation about 1e-10, rounding about 1e-11 · |L|.
        for (int j = 0; j < theta.length; j++) {
            assertEquals(difference(simulator, x, theta, theta, j, batch, upstream), gradTheta[j], 1e-7 * batch);
        }
        for (int i = 0; i < Math.min(x.length, 8); i++) {
            assertEquals(difference(simulator, x, theta, x, i, batch, upstream), gradX[i], 1e-7 * batch);
        }
    }

    private static double difference(
            BatchedSimulator simulator,
            double[] x,
            double[] theta,
            double[] moved,
            int index,
            int batch,
            double[] upstream) {
        double step = 1e-5;
        double at = moved[index];
        moved[index] = at + step;
        double above = loss(simulator, x, theta, batch, upstream);
        moved[index] = at - step;
        double below = loss(simulator, x, theta, batch, upstream);
        moved[index] = at;
        return (above - below) / (2 * step);
    }

    private static double loss(BatchedSimulator simulator, double[] x, double[] theta, int batch, double[] upstream) {
        double[] outputs = new double[upstream.length];
        simulator.forward(x, theta, batch, outputs);
        double loss = 0;
        for (int i = 0; i < outputs.length; i++) {
            loss += upstream[i] * outputs[i];
        }
        return loss;
    }
}

package org.qexit.quantum.shots;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.qexit.common.Checks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.Simulator;

/**
 * With which probability one shot, read in the computational basis, shows each bit string. From the expectation values of all products of
 * Z by the
 * Walsh-Hadamard transform,
 *
 * <pre>p(k) = 2<sup>-n</sup> &Sigma;<sub>S</sub> (-1)<sup>|k &and; S|</sup> &lang;Z<sub>S</sub>&rang;,</pre>
 *
 * so that every simulator will do, with its noise and its readout errors. 4^n operations per sample.
 */
public final class OutcomeDistribution {
    /** 2^10 products of Z of one sample take some milliseconds. */
    public static final int MAX_QUBITS = 10;

    private final Simulator products;

    private OutcomeDistribution(Simulator products) {
        this.products = products;
    }

    /**
     * Of a circuit on the machine that {@code exact} stands for; the circuit's own observables do not matter.
     *
     * @throws IllegalArgumentException for more than {@value #MAX_QUBITS} qubits
     */
    public static OutcomeDistribution of(Circuit circuit, Function<Circuit, Simulator> exact) {
        Checks.within("qubits (of outcomes)", circuit.qubits(), 1, MAX_QUBITS);
        List<Observable> strings = new ArrayList<>();
        for (int mask = 0; mask < 1 << circuit.qubits(); mask++) {
            strings.add(Observable.of(new PauliString(0, mask)));
        }
        return new OutcomeDistribution(exact.apply(circuit.withObservables(strings)));
    }

    /** Number of bit strings, 2^n. */
    public int outcomes() {
        return 1 << products.circuit().qubits();
    }

    /**
     * The probabilities of a batch, each sample's summing to 1.
     *
     * @param inputs x, {@code [sample][input]} [rad]
     * @param theta {@code [parameter]} [rad]
     * @param batch number of samples
     * @param probabilities {@code [sample][bit string]}, overwritten
     */
    public void of(double[] inputs, double[] theta, int batch, double[] probabilities) {
        products.forward(inputs, theta, batch, probabilities);
        int outcomes = outcomes();
        for (int s = 0; s < batch; s++) {
            transform(probabilities, s * outcomes, outcomes);
            normalise(probabilities, s * outcomes, outcomes);
        }
    }

    private static void transform(double[] values, int at, int count) {
        for (int half = 1; half < count; half *= 2) {
            for (int k = 0; k < count; k++) {
                if ((k & half) == 0) {
                    double a = values[at + k];
                    double b = values[at + k + half];
                    values[at + k] = a + b;
                    values[at + k + half] = a - b;
                }
            }
        }
    }

    /** Rounding leaves probabilities of 0 a little below it. */
    private static void normalise(double[] values, int at, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            values[at + k] = Math.max(0, values[at + k]);
            sum += values[at + k];
        }
        for (int k = 0; k < count; k++) {
            values[at + k] /= sum;
        }
    }
}

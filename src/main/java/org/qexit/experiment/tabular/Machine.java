package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.nn.head.HeadNoise;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.noise.ShotSimulator;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;

/**
 * What runs circuits, in training as in tests: measurements are drawn, gradients are those of the parameter-shift rule from as many
 * measurements; without shots they are exact, with noise, too.
 *
 * @param shots how often each product of Pauli matrices is measured, 1 to 1,000,000; null for exact expectation values
 * @param noise behind each gate, and of the readout; null for none
 */
public record Machine(Integer shots, HeadNoise noise) {
    /** A millionth of the variance; beyond, exact values are as good. */
    private static final int MOST_SHOTS = 1_000_000;

    public Machine {
        if (shots != null) {
            Checks.within("machines.shots", shots, 1, MOST_SHOTS);
        }
        noise = noise == null || noise.model().equals(NoiseModel.NONE) ? null : noise;
    }

    /** No shots, no noise: state vectors in single precision, for a fit is a sum of noisy steps. */
    static Machine exact() {
        return new Machine(null, null);
    }

    boolean isExact() {
        return shots == null && noise == null;
    }

    /** Whether it can run a circuit: the density matrix of more qubits would be too large. */
    static boolean takes(int qubits) {
        return qubits <= DensityMatrixSimulator.MAX_QUBITS;
    }

    /** As in results: {@code shots=1000;depolarising=0.01}. */
    String word() {
        List<String> parts = new ArrayList<>();
        if (shots != null) {
            parts.add("shots=" + shots);
        }
        if (noise != null) {
            add("depolarising", noise.depolarising(), parts);
            add("amplitudeDamping", noise.amplitudeDamping(), parts);
            add("phaseDamping", noise.phaseDamping(), parts);
            add("readout", noise.readout(), parts);
        }
        return parts.isEmpty() ? "exact" : String.join(";", parts);
    }

    private static void add(String name, double value, List<String> parts) {
        if (value != 0) {
            parts.add(name + "=" + value);
        }
    }

    /** @param random what measurements are drawn from; not touched without shots */
    Simulator simulator(Circuit circuit, SplittableRandom random) {
        if (isExact()) {
            return BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT.with(SimulatorOptions.Precision.FLOAT));
        }
        NoiseModel model = noise == null ? NoiseModel.NONE : noise.model();
        return shots == null
                ? DensityMatrixSimulator.of(circuit, model)
                : ShotSimulator.of(circuit, one -> DensityMatrixSimulator.of(one, model), shots, random.nextLong());
    }
}

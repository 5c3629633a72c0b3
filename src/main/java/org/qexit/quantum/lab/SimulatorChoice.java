package org.qexit.quantum.lab;

import org.qexit.common.Checks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.noise.ShotSimulator;
import org.qexit.quantum.noise.TrajectorySimulator;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;
import org.qexit.quantum.strange.StrangeSimulator;

/**
 * Which simulator runs a circuit.
 *
 * @param kind the batched state vector or Strange
 * @param options of the former
 * @param noise null or {@link NoiseModel#NONE} for none; needs the state-vector kind
 * @param trajectories 0 to take the density matrix where it is small enough and 1000 trajectories elsewhere
 * @param shots 0 for exact expectation values
 * @param seed of trajectories and shots
 */
public record SimulatorChoice(
        Kind kind, SimulatorOptions options, NoiseModel noise, int trajectories, long shots, long seed) {
    /** The batched state vector, exactly. */
    public static final SimulatorChoice DEFAULT =
            new SimulatorChoice(Kind.STATEVECTOR, SimulatorOptions.DEFAULT, NoiseModel.NONE, 0, 0, 1);

    private static final int DEFAULT_TRAJECTORIES = 1000;

    public SimulatorChoice {
        Checks.present("simulator", kind);
        Checks.present("options", options);
        noise = noise == null ? NoiseModel.NONE : noise;
        Checks.within("trajectories", trajectories, 0, 1 << 30);
        if (shots < 0) {
            throw new IllegalArgumentException("shots is " + shots + "; expected at least 0");
        }
        if (kind == Kind.STRANGE && !noise.equals(NoiseModel.NONE)) {
            throw new IllegalArgumentException("simulator strange knows no noise; expected statevector");
        }
    }

    /** What carries the computation. */
    public enum Kind {
        /** {@link BatchedSimulator}. */
        STATEVECTOR,
        /** {@link StrangeSimulator}. */
        STRANGE
    }

    /** Whether what runs is the state vector, of which there are amplitudes. */
    boolean isPure() {
        return kind == Kind.STATEVECTOR && noise.equals(NoiseModel.NONE);
    }

    Simulator simulator(Circuit circuit) {
        return shots == 0 ? exact(circuit) : ShotSimulator.of(circuit, this::exact, shots, seed);
    }

    /** Without the finite number of shots. */
    Simulator exact(Circuit circuit) {
        if (kind == Kind.STRANGE) {
            return StrangeSimulator.of(circuit);
        }
        if (noise.equals(NoiseModel.NONE)) {
            return BatchedSimulator.of(circuit, options);
        }
        if (trajectories == 0 && circuit.qubits() <= DensityMatrixSimulator.MAX_QUBITS) {
            return DensityMatrixSimulator.of(circuit, noise);
        }
        return TrajectorySimulator.of(circuit, noise, trajectories == 0 ? DEFAULT_TRAJECTORIES : trajectories, seed);
    }
}

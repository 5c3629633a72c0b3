package org.qexit.nn.head;

import org.qexit.common.Checks;
import org.qexit.quantum.noise.NoiseModel;

/**
 * Noise of a quantum head's circuit, as a configuration says it; what is left out is 0.
 *
 * @param depolarising probability on each qubit behind each gate, in [0, 1]
 * @param amplitudeDamping the same
 * @param phaseDamping the same
 * @param readout probability that a measured bit is wrong, in [0, 1]
 */
public record HeadNoise(Double depolarising, Double amplitudeDamping, Double phaseDamping, Double readout) {
    public HeadNoise {
        depolarising = probability("noise.depolarising", depolarising);
        amplitudeDamping = probability("noise.amplitudeDamping", amplitudeDamping);
        phaseDamping = probability("noise.phaseDamping", phaseDamping);
        readout = probability("noise.readout", readout);
    }

    public static HeadNoise depolarising(double probability) {
        return new HeadNoise(probability, null, null, null);
    }

    private static double probability(String name, Double value) {
        return value == null ? 0 : Checks.within(name, value, 0, 1);
    }

    /** The same for the simulators. */
    public NoiseModel model() {
        return new NoiseModel(depolarising, amplitudeDamping, phaseDamping, readout);
    }
}

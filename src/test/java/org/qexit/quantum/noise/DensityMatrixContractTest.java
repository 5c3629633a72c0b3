package org.qexit.quantum.noise;

import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.SimulatorContract;

class DensityMatrixContractTest extends SimulatorContract {
    @Override
    protected Simulator simulator(Circuit circuit) {
        return DensityMatrixSimulator.of(circuit, NoiseModel.NONE);
    }

    @Override
    protected double tolerance() {
        return 1e-11;
    }
}

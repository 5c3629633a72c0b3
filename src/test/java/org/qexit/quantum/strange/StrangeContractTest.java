package org.qexit.quantum.strange;

import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.SimulatorContract;

class StrangeContractTest extends SimulatorContract {
    @Override
    protected Simulator simulator(Circuit circuit) {
        return StrangeSimulator.of(circuit);
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }
}

package org.qexit.quantum.statevector;

import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.SimulatorContract;

class BatchedContractTest extends SimulatorContract {
    @Override
    protected Simulator simulator(Circuit circuit) {
        return BatchedSimulator.of(circuit);
    }

    @Override
    protected double tolerance() {
        return 1e-11;
    }
}

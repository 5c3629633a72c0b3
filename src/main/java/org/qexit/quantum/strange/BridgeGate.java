package org.qexit.quantum.strange;

import org.qexit.quantum.Gate;
import org.redfx.strange.Complex;
import org.redfx.strange.gate.SingleQubitGate;
import org.redfx.strange.gate.TwoQubitGate;

/** A Strange gate that remembers which gate, with which angle, it stands for; Strange's own do not tell their angles. */
interface BridgeGate {
    /** The gate with its angle a constant. */
    Gate gate();

    /** On one qubit. */
    final class One extends SingleQubitGate implements BridgeGate {
        private final Gate gate;

        One(Gate gate) {
            super(gate.qubits().get(0));
            this.gate = gate;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Complex[][] getMatrix() {
            return StrangePrograms.matrix(gate);
        }

        @Override
        public String getCaption() {
            return gate.name();
        }
    }

    /** On two qubits. */
    final class Two extends TwoQubitGate implements BridgeGate {
        private final Gate gate;

        Two(Gate gate) {
            super(gate.qubits().get(0), gate.qubits().get(1));
            this.gate = gate;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Complex[][] getMatrix() {
            return StrangePrograms.matrix(gate);
        }

        @Override
        public String getCaption() {
            return gate.name();
        }
    }
}

package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/** Gates of a circuit in the making. */
final class GateList {
    private final List<Gate> gates = new ArrayList<>();

    void add(Gate gate) {
        gates.add(gate);
    }

    void add(FixedKind kind, List<Integer> qubits) {
        gates.add(new Gate.Fixed(kind, qubits));
    }

    void add(FixedKind kind, Integer... qubits) {
        add(kind, List.of(qubits));
    }

    void add(RotationKind kind, LinearAngle turn, List<Integer> qubits) {
        for (Angle part : turn.parts()) {
            gates.add(new Gate.Rotation(kind, qubits, part));
        }
    }

    void add(RotationKind kind, LinearAngle turn, Integer... qubits) {
        add(kind, turn, List.of(qubits));
    }

    void add(RotationKind kind, double turn, Integer... qubits) {
        add(kind, LinearAngle.of(turn), List.of(qubits));
    }

    /** U(θ, φ, λ) = RZ(φ) RY(θ) RZ(λ) up to a global phase. */
    void addU(LinearAngle theta, LinearAngle phi, LinearAngle lambda, int qubit) {
        add(RotationKind.RZ, lambda, qubit);
        add(RotationKind.RY, theta, qubit);
        add(RotationKind.RZ, phi, qubit);
    }

    /** Undoes gates: their inverses in reverse order. */
    void addInverse(GateList others) {
        for (int i = others.gates.size() - 1; i >= 0; i--) {
            gates.add(others.gates.get(i).inverse());
        }
    }

    List<Gate> gates() {
        return gates;
    }
}

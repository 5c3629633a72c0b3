package org.qexit.quantum.qasm;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * The same circuit, up to one phase of the state, in H, X, Y, Z, S, T, RX, RY, RZ, CNOT, CZ and CCX alone. Programs of these need no
 * definitions; no gate divides its angle; and a reader that takes angles modulo 2π changes the state's phase at most, where it would turn
 * a controlled rotation by -θ into another gate.
 */
public final class PlainGates {
    private final GateList to = new GateList();

    private PlainGates() {}

    /** The circuit in plain gates. */
    public static Circuit of(Circuit circuit) {
        return of(circuit, gate -> true);
    }

    /**
     * Only those gates in plain ones that not all importers read rightly: controlled rotations and XY, which by angles modulo 2π or halved
     * inside a definition become other gates, and in version 2 the swap, which the published qelib1.inc lacks.
     */
    static Circuit careful(Circuit circuit, int version) {
        Set<String> doubtful =
                version == 2 ? Set.of("CRX", "CRY", "CRZ", "XY", "SWAP") : Set.of("CRX", "CRY", "CRZ", "XY");
        return of(circuit, gate -> doubtful.contains(gate.name()));
    }

    private static Circuit of(Circuit circuit, Predicate<Gate> which) {
        PlainGates plain = new PlainGates();
        for (Gate gate : circuit.gates()) {
            if (which.test(gate)) {
                plain.add(gate);
            } else {
                plain.to.add(gate);
            }
        }
        return new Circuit(
                circuit.qubits(), circuit.inputs(), circuit.parameters(), plain.to.gates(), circuit.observables());
    }

    private void add(Gate gate) {
        if (gate instanceof Gate.Fixed fixed) {
            fixed(fixed.kind(), gate.qubits());
        } else if (gate instanceof Gate.Rotation rotation) {
            Angle angle = rotation.angle().orElseThrow();
            LinearAngle by = angle instanceof Angle.Constant constant
                    ? LinearAngle.of(constant.radians())
                    : LinearAngle.of(angle);
            rotation(rotation.kind(), by, gate.qubits());
        } else {
            throw new IllegalStateException("gate " + gate);
        }
    }

    private void fixed(FixedKind kind, List<Integer> q) {
        switch (kind) {
            case SWAP -> {
                to.add(FixedKind.CNOT, q.get(0), q.get(1));
                to.add(FixedKind.CNOT, q.get(1), q.get(0));
                to.add(FixedKind.CNOT, q.get(0), q.get(1));
            }
            // Y = S X S†.
            case CY -> {
                to.add(RotationKind.RZ, -Math.PI / 2, q.get(1));
                to.add(FixedKind.CNOT, q);
                to.add(RotationKind.RZ, Math.PI / 2, q.get(1));
            }
            case CSWAP -> {
                to.add(FixedKind.CNOT, q.get(2), q.get(1));
                to.add(FixedKind.CCX, q);
                to.add(FixedKind.CNOT, q.get(2), q.get(1));
            }
            case ISWAP -> {
                to.add(FixedKind.S, q.get(0));
                to.add(FixedKind.S, q.get(1));
                to.add(FixedKind.H, q.get(0));
                to.add(FixedKind.CNOT, q.get(0), q.get(1));
                to.add(FixedKind.CNOT, q.get(1), q.get(0));
                to.add(FixedKind.H, q.get(1));
            }
            case H, X, Y, Z, S, T, CNOT, CZ, CCX -> to.add(kind, q);
            default -> throw new IllegalStateException("gate " + kind);
        }
    }

    private void rotation(RotationKind kind, LinearAngle by, List<Integer> q) {
        int target = q.get(q.size() - 1);
        switch (kind) {
            case RX, RY, RZ -> to.add(kind, by, q);
            case P -> to.add(RotationKind.RZ, by, q);
            case CRY -> controlled(RotationKind.RY, by, q);
            case CRZ -> controlled(RotationKind.RZ, by, q);
            case CRX -> {
                to.add(FixedKind.H, target);
                controlled(RotationKind.RZ, by, q);
                to.add(FixedKind.H, target);
            }
            // diag(1, 1, 1, e^{iλ}): a controlled RZ(λ) and the phase λ/2 of the control.
            case CP -> {
                to.add(RotationKind.RZ, by.over(2), q.get(0));
                controlled(RotationKind.RZ, by, q);
            }
            case RZZ -> zz(by, q);
            case RXX -> xx(by, q);
            case RYY -> yy(by, q);
            // XX and YY commute: exp(+iθ(XX+YY)/4) = RXX(-θ/2) RYY(-θ/2).
            case XY -> {
                xx(by.over(-2), q);
                yy(by.over(-2), q);
            }
            default -> throw new IllegalStateException("gate " + kind);
        }
    }

    /** R(θ/2), then R(-θ/2) between two CNOTs: nothing where the control is 0, R(θ) where it is 1. */
    private void controlled(RotationKind kind, LinearAngle by, List<Integer> q) {
        to.add(kind, by.over(2), q.get(1));
        to.add(FixedKind.CNOT, q);
        to.add(kind, by.over(-2), q.get(1));
        to.add(FixedKind.CNOT, q);
    }

    private void zz(LinearAngle by, List<Integer> q) {
        to.add(FixedKind.CNOT, q);
        to.add(RotationKind.RZ, by, q.get(1));
        to.add(FixedKind.CNOT, q);
    }

    private void xx(LinearAngle by, List<Integer> q) {
        q.forEach(qubit -> to.add(FixedKind.H, qubit));
        zz(by, q);
        q.forEach(qubit -> to.add(FixedKind.H, qubit));
    }

    private void yy(LinearAngle by, List<Integer> q) {
        q.forEach(qubit -> to.add(RotationKind.RX, Math.PI / 2, qubit));
        zz(by, q);
        q.forEach(qubit -> to.add(RotationKind.RX, -Math.PI / 2, qubit));
    }
}

package org.qexit.quantum.strange;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;
import org.redfx.strange.Complex;
import org.redfx.strange.Program;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Cnot;
import org.redfx.strange.gate.Cz;
import org.redfx.strange.gate.Hadamard;
import org.redfx.strange.gate.Identity;
import org.redfx.strange.gate.Measurement;
import org.redfx.strange.gate.PermutationGate;
import org.redfx.strange.gate.ProbabilitiesGate;
import org.redfx.strange.gate.R;
import org.redfx.strange.gate.Rotation;
import org.redfx.strange.gate.SingleQubitGate;
import org.redfx.strange.gate.Swap;
import org.redfx.strange.gate.Toffoli;
import org.redfx.strange.gate.TwoQubitGate;
import org.redfx.strange.gate.X;
import org.redfx.strange.gate.Y;
import org.redfx.strange.gate.Z;

/**
 * Strange programs as circuits, up to one phase of the whole state. Every single-qubit gate, every controlled one and the Toffoli gate are
 * understood; blocks, oracles and arithmetic are refused by name. Where Strange 0.1.3 computes something else than it says, what it says
 * counts: {@code RotationZ(θ)} is exp(-iθZ/2), {@code initializeQubit(i, α)} prepares qubit i.
 */
final class StrangeReader {
    private static final double EXACT = 1e-6;

    private StrangeReader() {}

    /** The first {@code steps} steps of a program. */
    static Circuit circuit(Program program, int steps) {
        Circuit.Builder circuit = Circuit.builder(program.getNumberQubits());
        double[] alphas = program.getInitialAlphas();
        for (int q = 0; q < alphas.length; q++) {
            if (alphas[q] != 1) {
                circuit.add(RotationKind.RY, Angle.constant(2 * Math.acos(alphas[q])), q);
            }
        }
        for (Step step : program.getSteps().subList(0, steps)) {
            if (step.getType() == Step.Type.NORMAL) {
                step.getGates().forEach(gate -> translate(gate).forEach(circuit::add));
            }
        }
        return circuit.build();
    }

    private static List<Gate> translate(org.redfx.strange.Gate gate) {
        int main = gate.getMainQubitIndex();
        if (gate instanceof BridgeGate known) {
            return List.of(known.gate());
        } else if (gate instanceof Identity || gate instanceof Measurement || gate instanceof ProbabilitiesGate) {
            return List.of();
        } else if (gate instanceof Hadamard) {
            return List.of(Gate.of(FixedKind.H, main));
        } else if (gate instanceof X) {
            return List.of(Gate.of(FixedKind.X, main));
        } else if (gate instanceof Y) {
            return List.of(Gate.of(FixedKind.Y, main));
        } else if (gate instanceof Z) {
            return List.of(Gate.of(FixedKind.Z, main));
        } else if (gate instanceof R) {
            Complex d = gate.getMatrix()[1][1];
            return List.of(Gate.of(RotationKind.P, Angle.constant(Math.atan2(d.i, d.r)), main));
        } else if (gate instanceof Rotation) {
            return List.of(rotation(gate.getMatrix(), main));
        } else if (gate instanceof SingleQubitGate) {
            return turns(gate.getMatrix(), 0, main, -1);
        } else if (gate instanceof PermutationGate swap) {
            return List.of(Gate.of(FixedKind.SWAP, swap.getIndex1(), swap.getIndex2()));
        } else if (gate instanceof TwoQubitGate two) {
            return twoQubits(two, main, two.getSecondQubitIndex());
        } else if (gate instanceof Toffoli toffoli) {
            return List.of(
                    Gate.of(FixedKind.CCX, toffoli.getMainQubit(), toffoli.getSecondQubit(), toffoli.getThirdQubit()));
        }
        throw new UnsupportedOperationException("Strange gate " + gate.getName() + " ("
                + gate.getClass().getSimpleName()
                + "); expected a gate on one qubit, a controlled one, Swap or Toffoli");
    }

    /** Strange's matrix of a rotation about Z has the same phase twice: that of |0⟩. */
    private static Gate rotation(Complex[][] m, int qubit) {
        if (Math.abs(m[1][0].i) > EXACT) {
            return Gate.of(RotationKind.RX, Angle.constant(2 * Math.atan2(-m[1][0].i, m[0][0].r)), qubit);
        }
        if (Math.abs(m[1][0].r) > EXACT) {
            return Gate.of(RotationKind.RY, Angle.constant(2 * Math.atan2(m[1][0].r, m[0][0].r)), qubit);
        }
        return Gate.of(RotationKind.RZ, Angle.constant(2 * Math.atan2(-m[0][0].i, m[0][0].r)), qubit);
    }

    private static List<Gate> twoQubits(TwoQubitGate gate, int main, int second) {
        if (gate instanceof Cnot) {
            return List.of(Gate.of(FixedKind.CNOT, main, second));
        } else if (gate instanceof Cz) {
            return List.of(Gate.of(FixedKind.CZ, main, second));
        } else if (gate instanceof Swap) {
            return List.of(Gate.of(FixedKind.SWAP, main, second));
        }
        Complex[][] m = gate.getMatrix();
        for (int r = 0; r < 4; r++) {
            for (int c = 0; c < 4; c++) {
                boolean inTarget = r >= 2 && c >= 2;
                if (!inTarget && (Math.abs(m[r][c].r - (r == c ? 1 : 0)) > EXACT || Math.abs(m[r][c].i) > EXACT)) {
                    throw new UnsupportedOperationException(
                            "Strange gate " + gate.getName() + " on two qubits; expected a controlled one or Swap");
                }
            }
        }
        return turns(m, 2, second, main);
    }

    /**
     * U = e^{iδ} RZ(γ) RY(β) RZ(α), from rows and columns {@code at, at + 1}. With a control (not -1), each becomes its controlled version
     * and e^{iδ} a phase of the control.
     */
    private static List<Gate> turns(Complex[][] m, int at, int target, int control) {
        Complex a = m[at][at];
        Complex b = m[at + 1][at];
        Complex c = m[at][at + 1];
        Complex d = m[at + 1][at + 1];
        double beta = 2 * Math.atan2(Math.hypot(b.r, b.i), Math.hypot(a.r, a.i));
        // Arguments: a: δ - (α+γ)/2, b: δ + (γ-α)/2, d: δ + (α+γ)/2, -c: δ - (γ-α)/2.
        boolean diagonal = Math.hypot(a.r, a.i) > 0.5;
        double sum = diagonal ? Math.atan2(d.i, d.r) - Math.atan2(a.i, a.r) : 0;
        double delta = diagonal ? Math.atan2(a.i, a.r) + sum / 2 : (Math.atan2(b.i, b.r) + Math.atan2(-c.i, -c.r)) / 2;
        double difference;
        if (!diagonal) {
            difference = Math.atan2(b.i, b.r) - Math.atan2(-c.i, -c.r);
            sum = Math.hypot(a.r, a.i) > EXACT ? 2 * (delta - Math.atan2(a.i, a.r)) : 0;
        } else {
            difference = Math.hypot(b.r, b.i) > EXACT ? 2 * (Math.atan2(b.i, b.r) - delta) : 0;
        }
        double alpha = (sum - difference) / 2;
        double gamma = (sum + difference) / 2;
        List<Gate> gates = new ArrayList<>();
        if (control < 0) {
            gates.add(Gate.of(RotationKind.RZ, Angle.constant(alpha), target));
            gates.add(Gate.of(RotationKind.RY, Angle.constant(beta), target));
            gates.add(Gate.of(RotationKind.RZ, Angle.constant(gamma), target));
        } else {
            gates.add(Gate.of(RotationKind.CRZ, Angle.constant(alpha), control, target));
            gates.add(Gate.of(RotationKind.CRY, Angle.constant(beta), control, target));
            gates.add(Gate.of(RotationKind.CRZ, Angle.constant(gamma), control, target));
            gates.add(Gate.of(RotationKind.P, Angle.constant(delta), control));
        }
        return gates;
    }
}

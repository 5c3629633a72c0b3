package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * A gate of which controlled versions are known exactly: X, P(λ) = diag(1, e^{iλ}), RY(θ), or the phase e^{iγ}, where all controls are 1.
 *
 * @param kind which of them
 * @param controls different qubits
 * @param target the qubit it acts on; -1 for a phase
 * @param angle 0 for X
 */
record Primitive(Kind kind, List<Integer> controls, int target, LinearAngle angle) {
    enum Kind {
        X,
        P,
        RY,
        PHASE
    }

    Primitive {
        controls = List.copyOf(controls);
    }

    static Primitive x(int target) {
        return new Primitive(Kind.X, List.of(), target, LinearAngle.of(0));
    }

    static Primitive p(LinearAngle angle, int target) {
        return new Primitive(Kind.P, List.of(), target, angle);
    }

    static Primitive p(double angle, int target) {
        return p(LinearAngle.of(angle), target);
    }

    static Primitive ry(LinearAngle angle, int target) {
        return new Primitive(Kind.RY, List.of(), target, angle);
    }

    static Primitive phase(LinearAngle angle) {
        return new Primitive(Kind.PHASE, List.of(), -1, angle);
    }

    Primitive controlled(List<Integer> more) {
        List<Integer> all = new ArrayList<>(more);
        all.addAll(controls);
        return new Primitive(kind, all, target, angle);
    }

    Primitive inverse() {
        return new Primitive(kind, controls, target, angle.times(-1));
    }

    /** Adds it to a circuit, whose gates have at most two controls; a phase of the whole state, which nothing shows, is left out. */
    void add(GateList to) {
        switch (kind) {
            case X -> flip(to, controls, target);
            case P -> turn(to, angle, controls, target);
            case RY -> rotate(to, angle);
            case PHASE -> {
                if (!controls.isEmpty()) {
                    int last = controls.size() - 1;
                    turn(to, angle, controls.subList(0, last), controls.get(last));
                }
            }
        }
    }

    private static void flip(GateList to, List<Integer> controls, int target) {
        switch (controls.size()) {
            case 0 -> to.add(FixedKind.X, target);
            case 1 -> to.add(FixedKind.CNOT, controls.get(0), target);
            case 2 -> to.add(FixedKind.CCX, controls.get(0), controls.get(1), target);
            default -> {
                to.add(FixedKind.H, target);
                turn(to, LinearAngle.of(Math.PI), controls, target);
                to.add(FixedKind.H, target);
            }
        }
    }

    /** C^n P(λ) = CP(λ/2) C^{n-1}X CP(-λ/2) C^{n-1}X C^{n-1}P(λ/2): Barenco et al., Elementary gates for quantum computation, lemma 7.5. */
    private static void turn(GateList to, LinearAngle angle, List<Integer> controls, int target) {
        switch (controls.size()) {
            case 0 -> to.add(RotationKind.P, angle, target);
            case 1 -> to.add(RotationKind.CP, angle, controls.get(0), target);
            default -> {
                int last = controls.get(controls.size() - 1);
                List<Integer> others = controls.subList(0, controls.size() - 1);
                LinearAngle half = angle.over(2);
                to.add(RotationKind.CP, half, last, target);
                flip(to, others, last);
                to.add(RotationKind.CP, half.times(-1), last, target);
                flip(to, others, last);
                turn(to, half, others, target);
            }
        }
    }

    /** C^n RY(θ) = RY(θ/2) C^nX RY(-θ/2) C^nX. */
    private void rotate(GateList to, LinearAngle by) {
        switch (controls.size()) {
            case 0 -> to.add(RotationKind.RY, by, target);
            case 1 -> to.add(RotationKind.CRY, by, controls.get(0), target);
            default -> {
                to.add(RotationKind.RY, by.over(2), target);
                flip(to, controls, target);
                to.add(RotationKind.RY, by.over(-2), target);
                flip(to, controls, target);
            }
        }
    }
}

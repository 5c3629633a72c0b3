package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * A gate of qelib1.inc, stdgates.inc or our own definitions, by gates that circuits have. Equal up to a global phase, which no expectation
 * value shows; controlled gates exactly, since there a phase of the target is one of the control.
 *
 * @param angles how many it takes
 * @param qubits how many it takes
 * @param recipe adds it to a circuit
 */
record StandardGate(int angles, int qubits, Recipe recipe) {
    /** What our own definitions' names begin with. */
    static final String OWN = "qexit_";

    private static final Map<String, StandardGate> ALL = all();

    /** Adds a gate with given angles on given qubits. */
    interface Recipe {
        void add(GateList to, List<LinearAngle> angles, List<Integer> qubits);
    }

    /** The gate that a token names. */
    static StandardGate of(Token name) {
        StandardGate gate = ALL.get(name.text());
        if (name.is("cu3")) {
            throw name.refused("gate 'cu3' is not read, as includes define it with two phases; expected 'cu'");
        }
        if (gate == null) {
            throw name.refused("unknown gate " + name.shown());
        }
        return gate;
    }

    private static Map<String, StandardGate> all() {
        Map<String, StandardGate> all = new HashMap<>();
        for (FixedKind kind : FixedKind.values()) {
            StandardGate gate = new StandardGate(0, kind.arity(), (to, a, q) -> to.add(kind, q));
            namesOf(kind.name()).forEach(name -> all.put(name, gate));
        }
        for (RotationKind kind : RotationKind.values()) {
            StandardGate gate = new StandardGate(1, kind.arity(), (to, a, q) -> to.add(kind, a.get(0), q));
            namesOf(kind.name()).forEach(name -> all.put(name, gate));
        }
        all.put("CX", all.get("cx"));
        all.put("phase", all.get("p"));
        all.put("cphase", all.get("cp"));
        for (String own : List.of("rxx", "rzz")) {
            all.put(own, all.get(OWN + own));
        }
        all.put("id", new StandardGate(0, 1, (to, a, q) -> {}));
        all.put("u0", new StandardGate(1, 1, (to, a, q) -> {}));
        all.put("sdg", turned(RotationKind.P, -Math.PI / 2));
        all.put("tdg", turned(RotationKind.P, -Math.PI / 4));
        all.put("sx", turned(RotationKind.RX, Math.PI / 2));
        all.put("sxdg", turned(RotationKind.RX, -Math.PI / 2));
        all.put(
                "u2",
                new StandardGate(
                        2, 1, (to, a, q) -> to.addU(LinearAngle.of(Math.PI / 2), a.get(0), a.get(1), q.get(0))));
        for (String u : List.of("u", "u3", "U")) {
            all.put(u, new StandardGate(3, 1, (to, a, q) -> to.addU(a.get(0), a.get(1), a.get(2), q.get(0))));
        }
        all.put("ch", new StandardGate(0, 2, StandardGate::controlledH));
        all.put("csx", new StandardGate(0, 2, StandardGate::controlledRootOfX));
        all.put("cu", new StandardGate(4, 2, StandardGate::controlledU));
        return all;
    }

    private static StandardGate turned(RotationKind kind, double by) {
        return new StandardGate(0, 1, (to, a, q) -> to.add(kind, by, q.get(0)));
    }

    /** H = RY(π/4) Z RY(-π/4). */
    private static void controlledH(GateList to, List<LinearAngle> a, List<Integer> q) {
        to.add(RotationKind.RY, -Math.PI / 4, q.get(1));
        to.add(FixedKind.CZ, q);
        to.add(RotationKind.RY, Math.PI / 4, q.get(1));
    }

    /** √X = H diag(1, i) H. */
    private static void controlledRootOfX(GateList to, List<LinearAngle> a, List<Integer> q) {
        to.add(FixedKind.H, q.get(1));
        to.add(RotationKind.CP, LinearAngle.of(Math.PI / 2), q);
        to.add(FixedKind.H, q.get(1));
    }

    /** e^{iγ} U(θ, φ, λ) where the control is 1, with U = [[cos θ/2, -e^{iλ} sin θ/2], [e^{iφ} sin θ/2, e^{i(φ+λ)} cos θ/2]]. */
    private static void controlledU(GateList to, List<LinearAngle> a, List<Integer> q) {
        LinearAngle half = a.get(0).over(2);
        LinearAngle phi = a.get(1);
        LinearAngle sum = a.get(2).plus(phi).over(2);
        LinearAngle difference = a.get(2).plus(phi.times(-1)).over(2);
        LinearAngle zero = LinearAngle.of(0);
        int control = q.get(0);
        int target = q.get(1);
        to.add(RotationKind.P, a.get(3), control);
        to.add(RotationKind.P, sum, control);
        to.add(RotationKind.P, difference, target);
        to.add(FixedKind.CNOT, q);
        to.addU(half.times(-1), zero, sum.times(-1), target);
        to.add(FixedKind.CNOT, q);
        to.addU(half, phi, zero, target);
    }

    private static List<String> namesOf(String gate) {
        List<String> names = new ArrayList<>(List.of(OWN + gate.toLowerCase(Locale.ROOT)));
        for (Map<String, String> table : List.of(OpenQasm.NAMES_2, OpenQasm.NAMES_3)) {
            if (table.containsKey(gate)) {
                names.add(table.get(gate));
            }
        }
        return names;
    }
}

package org.qexit.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;

/**
 * A trained circuit as constant unitaries with diagonal encodings between them,
 *
 * <pre>|ψ(x)⟩ = V_m D_m(x) V_{m-1} … D_1(x) V_0 |0…0⟩,   D_j(x) = diag_k exp(i Σ_a x_a P_j[a][k]).</pre>
 *
 * Every rotation by an input is diagonal in some basis: RX(x) = H RZ(x) H, RY(x) = S H RZ(x) H S†; the changes of basis join the constant
 * parts. An encoding of all qubits is one D: gates on other qubits than those already encoded commute past them.
 */
final class CircuitSegments {
    private final Circuit circuit;
    private final double[] theta;
    private final List<List<Gate>> constants = new ArrayList<>();
    private final List<double[][]> phases = new ArrayList<>();

    /** Qubits that the encoding in progress is diagonal on. */
    private final Set<Integer> encoded = new HashSet<>();
    /** Qubits that constant gates behind the encoding in progress act on. */
    private final Set<Integer> touched = new HashSet<>();

    private CircuitSegments(Circuit circuit, double[] theta) {
        this.circuit = circuit;
        this.theta = theta;
        constants.add(new ArrayList<>());
    }

    /** @throws IllegalArgumentException if an input enters by a gate that is not diagonal in any basis known here */
    static CircuitSegments of(Circuit circuit, double[] theta) {
        CircuitSegments segments = new CircuitSegments(circuit, theta);
        for (Gate gate : circuit.gates()) {
            if (gate.angle().orElse(null) instanceof Angle.Input input) {
                segments.encode((Gate.Rotation) gate, input);
            } else {
                segments.constant(segments.bound(gate));
            }
        }
        return segments;
    }

    Circuit circuit() {
        return circuit;
    }

    /** m. */
    int encodings() {
        return phases.size();
    }

    /** V_j as gates of constant angles, j = 0 … m. */
    Circuit constants(int j) {
        return new Circuit(circuit.qubits(), 0, 0, constants.get(j), circuit.observables());
    }

    /** P_j, {@code [input][basis index]}, j = 1 … m; null for inputs that do not enter there. */
    double[][] phases(int j) {
        return phases.get(j - 1);
    }

    private Gate bound(Gate gate) {
        return gate instanceof Gate.Rotation turn
                ? new Gate.Rotation(
                        turn.kind(), turn.qubits(), Angle.constant(turn.turn().of(null, theta)))
                : gate;
    }

    private void constant(Gate gate) {
        if (!phases.isEmpty() && disjoint(gate.qubits(), encoded) && disjoint(gate.qubits(), touched)) {
            constants.get(constants.size() - 2).add(gate);
            return;
        }
        constants.get(constants.size() - 1).add(gate);
        touched.addAll(gate.qubits());
    }

    private void encode(Gate.Rotation gate, Angle.Input input) {
        List<Gate> into = new ArrayList<>();
        List<Gate> back = new ArrayList<>();
        changeBasis(gate, into, back);
        boolean commutes = !phases.isEmpty()
                && disjoint(gate.qubits(), touched)
                && (into.isEmpty() || disjoint(gate.qubits(), encoded));
        if (!commutes) {
            into.forEach(constants.get(constants.size() - 1)::add);
            constants.add(new ArrayList<>());
            phases.add(new double[circuit.inputs()][]);
            encoded.clear();
            touched.clear();
        } else {
            into.forEach(constants.get(constants.size() - 2)::add);
        }
        addPhases(gate, input);
        encoded.addAll(gate.qubits());
        for (Gate after : back) {
            constants.get(constants.size() - 1).add(after);
            touched.addAll(after.qubits());
        }
    }

    /** Gates before and behind a turn about Z that make it the turn asked for. */
    private static void changeBasis(Gate.Rotation gate, List<Gate> into, List<Gate> back) {
        List<Integer> qubits = gate.qubits();
        int last = qubits.get(qubits.size() - 1);
        switch (gate.kind()) {
            case RZ, P, CRZ, CP, RZZ -> {}
            case RX, CRX -> fromX(last, into, back);
            case RY, CRY -> fromY(last, into, back);
            case RXX -> qubits.forEach(q -> fromX(q, into, back));
            case RYY -> qubits.forEach(q -> fromY(q, into, back));
            case XY ->
                throw new IllegalArgumentException(
                        "an input enters by an XY gate; expected a rotation that is diagonal in some basis");
        }
    }

    private static void fromX(int qubit, List<Gate> into, List<Gate> back) {
        into.add(Gate.of(FixedKind.H, qubit));
        back.add(Gate.of(FixedKind.H, qubit));
    }

    private static void fromY(int qubit, List<Gate> into, List<Gate> back) {
        into.add(Gate.of(RotationKind.P, Angle.constant(-Math.PI / 2), qubit));
        into.add(Gate.of(FixedKind.H, qubit));
        back.add(Gate.of(FixedKind.H, qubit));
        back.add(Gate.of(FixedKind.S, qubit));
    }

    private void addPhases(Gate.Rotation gate, Angle.Input input) {
        double[][] rows = phases.get(phases.size() - 1);
        if (rows[input.index()] == null) {
            rows[input.index()] = new double[1 << circuit.qubits()];
        }
        double[] row = rows[input.index()];
        int first = 1 << gate.qubits().get(0);
        int last = 1 << gate.qubits().get(gate.qubits().size() - 1);
        for (int k = 0; k < row.length; k++) {
            boolean one = (k & first) != 0;
            boolean other = (k & last) != 0;
            row[k] += input.factor()
                    * switch (gate.kind()) {
                        case RX, RY, RZ -> one ? 0.5 : -0.5;
                        case P -> one ? 1 : 0;
                        case CRX, CRY, CRZ -> !one ? 0 : other ? 0.5 : -0.5;
                        case CP -> one && other ? 1 : 0;
                        case RXX, RYY, RZZ -> one != other ? 0.5 : -0.5;
                        case XY -> throw new IllegalStateException("refused before");
                    };
        }
    }

    private static boolean disjoint(List<Integer> qubits, Set<Integer> others) {
        return qubits.stream().noneMatch(others::contains);
    }
}

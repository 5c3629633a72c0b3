package org.qexit.quantum.strange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;
import org.qexit.quantum.qasm.PlainGates;

/**
 * A circuit as the source of a Strange program, in Strange's own gates alone: those that version 0.1.3 computes rightly, one to a step. The
 * same up to one phase of the state.
 */
public final class StrangeSource {
    /** A method holds 64 KiB of code; a step takes some thirty bytes. */
    private static final int STEPS_IN_A_METHOD = 500;

    private StrangeSource() {}

    /** @param circuit bound to one sample */
    public static String of(Circuit circuit) {
        if (circuit.inputs() > 0 || circuit.parameters() > 0) {
            throw new IllegalArgumentException(
                    "a Strange program has no inputs; expected a circuit bound to one sample");
        }
        List<String> steps = new ArrayList<>();
        // A program without steps throws.
        steps.add("new Identity(0)");
        PlainGates.of(circuit).gates().forEach(gate -> add(gate, steps));
        StringBuilder out = new StringBuilder("import org.redfx.strange.Program;\nimport org.redfx.strange.Step;\n");
        for (String gate :
                List.of("Cnot", "Cz", "Hadamard", "Identity", "R", "RotationX", "RotationY", "X", "Y", "Z")) {
            out.append("import org.redfx.strange.gate.").append(gate).append(";\n");
        }
        int parts = (steps.size() + STEPS_IN_A_METHOD - 1) / STEPS_IN_A_METHOD;
        out.append("\n/** Written by qexit; for Strange 0.1.3. */\npublic final class StrangeCircuit {\n")
                .append("    private StrangeCircuit() {}\n\n    public static Program program() {\n")
                .append("        Program program = new Program(")
                .append(circuit.qubits())
                .append(");\n");
        for (int p = 0; p < parts; p++) {
            out.append("        part").append(p).append("(program);\n");
        }
        out.append("        return program;\n    }\n");
        for (int p = 0; p < parts; p++) {
            out.append("\n    private static void part").append(p).append("(Program program) {\n");
            steps.subList(p * STEPS_IN_A_METHOD, Math.min(steps.size(), (p + 1) * STEPS_IN_A_METHOD))
                    .forEach(step -> out.append("        program.addStep(new Step(")
                            .append(step)
                            .append("));\n"));
            out.append("    }\n");
        }
        return out.append("}\n").toString();
    }

    private static void add(Gate gate, List<String> steps) {
        List<Integer> q = gate.qubits();
        if (gate instanceof Gate.Fixed fixed) {
            switch (fixed.kind()) {
                case H -> steps.add("new Hadamard(" + q.get(0) + ")");
                case X, Y, Z -> steps.add("new " + fixed.kind() + "(" + q.get(0) + ")");
                case S -> steps.add(phase(Math.PI / 2, q.get(0)));
                case T -> steps.add(phase(Math.PI / 4, q.get(0)));
                case CNOT -> steps.add("new Cnot(" + q.get(0) + ", " + q.get(1) + ")");
                case CZ -> steps.add("new Cz(" + q.get(0) + ", " + q.get(1) + ")");
                case CCX -> toffoli(q.get(0), q.get(1), q.get(2), steps);
                default -> throw new IllegalStateException("gate " + gate);
            }
            return;
        }
        double angle = gate.angle().orElseThrow().of(new double[0], new double[0]);
        switch (((Gate.Rotation) gate).kind()) {
            case RX -> steps.add(String.format(Locale.ROOT, "new RotationX(%s, %d)", angle, q.get(0)));
            case RY -> steps.add(String.format(Locale.ROOT, "new RotationY(%s, %d)", angle, q.get(0)));
            // RotationZ is a multiple of the identity; R turns the phase of |1⟩, which differs from RZ by one of the
            // state.
            case RZ -> steps.add(phase(angle, q.get(0)));
            default -> throw new IllegalStateException("gate " + gate);
        }
    }

    private static String phase(double angle, int qubit) {
        return String.format(Locale.ROOT, "new R(%s, %d)", angle, qubit);
    }

    /** Barenco et al. 1995, as in qelib1.inc; Strange's Toffoli is wrong for about half of the orders of its qubits. */
    private static void toffoli(int a, int b, int target, List<String> steps) {
        Circuit circuit = Circuit.builder(Math.max(target, Math.max(a, b)) + 1)
                .add(FixedKind.H, target)
                .add(FixedKind.CNOT, b, target)
                .add(RotationKind.RZ, Angle.constant(-Math.PI / 4), target)
                .add(FixedKind.CNOT, a, target)
                .add(FixedKind.T, target)
                .add(FixedKind.CNOT, b, target)
                .add(RotationKind.RZ, Angle.constant(-Math.PI / 4), target)
                .add(FixedKind.CNOT, a, target)
                .add(FixedKind.T, b)
                .add(FixedKind.T, target)
                .add(FixedKind.H, target)
                .add(FixedKind.CNOT, a, b)
                .add(FixedKind.T, a)
                .add(RotationKind.RZ, Angle.constant(-Math.PI / 4), b)
                .add(FixedKind.CNOT, a, b)
                .build();
        circuit.gates().forEach(gate -> add(gate, steps));
    }
}

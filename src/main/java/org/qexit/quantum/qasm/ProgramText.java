package org.qexit.quantum.qasm;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/**
 * Writes programs.
 *
 * @param version 2 or 3
 * @param include the lines after the version
 * @param names ours of gates to the program's; all that occur
 * @param input what stands before the name of an input
 * @param measured how it ends
 */
record ProgramText(int version, String include, Map<String, String> names, String input, Measured measured) {
    /** How a program ends. */
    enum Measured {
        /** The whole register by one statement. */
        REGISTER,
        /** Every qubit by a statement of its own. */
        EACH,
        /** Not at all, and no bits are declared. */
        NOT
    }

    String of(Circuit circuit) {
        StringBuilder out = new StringBuilder();
        out.append("OPENQASM ").append(version).append(".0;\n").append(include);
        for (int i = 0; i < circuit.inputs(); i++) {
            out.append(input).append("x_").append(i).append(";\n");
        }
        for (int j = 0; j < circuit.parameters(); j++) {
            out.append(input).append("theta_").append(j).append(";\n");
        }
        int n = circuit.qubits();
        out.append(version == 2 ? "qreg q[" + n + "];\n" : "qubit[" + n + "] q;\n");
        if (measured != Measured.NOT) {
            out.append(version == 2 ? "creg c[" + n + "];\n" : "bit[" + n + "] c;\n");
        }
        for (Gate gate : circuit.gates()) {
            out.append(names.get(gate.name()));
            gate.angle().ifPresent(a -> out.append('(').append(angle(a)).append(')'));
            List<String> on = new ArrayList<>();
            gate.qubits().forEach(q -> on.add("q[" + q + "]"));
            out.append(' ').append(String.join(", ", on)).append(";\n");
        }
        switch (measured) {
            case REGISTER -> out.append(version == 2 ? "measure q -> c;\n" : "c = measure q;\n");
            case EACH -> {
                for (int i = 0; i < n; i++) {
                    out.append(
                            version == 2
                                    ? "measure q[" + i + "] -> c[" + i + "];\n"
                                    : "c[" + i + "] = measure q[" + i + "];\n");
                }
            }
            case NOT -> {}
        }
        return out.toString();
    }

    private static String angle(Angle angle) {
        if (angle instanceof Angle.Input in) {
            return (in.factor() == 1 ? "" : number(in.factor()) + "*") + "x_" + in.index();
        }
        if (angle instanceof Angle.Parameter p) {
            return (p.factor() == 1 ? "" : number(p.factor()) + "*") + "theta_" + p.index();
        }
        return number(((Angle.Constant) angle).radians());
    }

    /** Without an exponent, of which readers differ in what they take. */
    private static String number(double value) {
        String plain = new BigDecimal(Double.toString(value)).toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }
}

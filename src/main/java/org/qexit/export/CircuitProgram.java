package org.qexit.export;

import java.util.Locale;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.qasm.OpenQasm;

/**
 * The circuit of an exit's head as OpenQASM: its trained angles as numbers, its inputs free, and in comments what enters and which wire is
 * which.
 *
 * @param exit from 1
 * @param circuit with inputs, without parameters
 * @param inputs how pre-angles become inputs
 */
record CircuitProgram(int exit, Circuit circuit, CircuitLowering.Inputs inputs) {

    static CircuitProgram of(int exit, Circuit circuit, double[] theta, CircuitLowering.Inputs inputs) {
        return new CircuitProgram(exit, trained(circuit, theta), inputs);
    }

    private static Circuit trained(Circuit circuit, double[] theta) {
        return new Circuit(
                circuit.qubits(),
                circuit.inputs(),
                0,
                circuit.gates().stream()
                        .map(gate -> gate instanceof Gate.Rotation turn && turn.turn() instanceof Angle.Parameter
                                ? new Gate.Rotation(
                                        turn.kind(),
                                        turn.qubits(),
                                        Angle.constant(turn.turn().of(null, theta)))
                                : gate)
                        .toList(),
                circuit.observables());
    }

    /** With {@code input} parameters for the encoding angles. */
    String version3() {
        StringBuilder notes = new StringBuilder(header());
        notes.append("// Inputs are angles [rad], from the outputs z of the dense layer exit")
                .append(exit)
                .append(".angles:\n");
        for (int a = 0; a < circuit.inputs(); a++) {
            double factor = inputs.factor()[a];
            notes.append(String.format(
                    Locale.ROOT,
                    "//   x_%d = %s %s z_%d%n",
                    a,
                    Double.toString(inputs.shift()),
                    factor == 1 ? "+" : "+ " + factor + " *",
                    inputs.from()[a]));
        }
        return notes.append(OpenQasm.write(circuit, 3)).toString().replace(System.lineSeparator(), "\n");
    }

    /** OpenQASM 2 has no inputs: bound to z = 0, every angle π/2. */
    String version2() {
        double[] sample = new double[circuit.inputs()];
        java.util.Arrays.fill(sample, inputs.shift());
        return header() + "// OpenQASM 2 has no inputs: all of them are " + inputs.shift()
                + " here, as for an event whose pre-angles are 0. Maybe use the program in version 3.\n"
                + OpenQasm.write(circuit.bind(sample, new double[0]), 2);
    }

    private String header() {
        return "// Head of exit " + exit
                + ", trained. Wire order: q[i] is bit i of the basis index, q[0] the least significant; "
                + "c[i] measures q[i].\n// The head uses the expectation values <Z_i> = P(c[i] = 0) - P(c[i] = 1).\n";
    }
}

package org.qexit.quantum.qasm;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.qexit.quantum.Circuit;

/**
 * Who is to read an exported program. All get {@link PlainGates}, since what importers define and how they read angles differs; they
 * differ in version, names and measurements. The reasons are in docs/quantum.md.
 */
public enum Importer {
    /** {@code qiskit.qasm3.loads} where inputs remain, which need version 3; else {@code qiskit.qasm2.loads}, which needs no other package. */
    QISKIT,
    /** {@code qml.from_qasm}: version 2; without measurements, as PennyLane would put them before its own. */
    PENNYLANE,
    /** {@code cirq.contrib.qasm_import.circuit_from_qasm}: version 2, a fixed list of gates. */
    CIRQ,
    /** {@code Circuit.from_ir} and {@code Program}: version 3, its own names of gates, no include. */
    BRAKET;

    /** The OpenQASM version it gets where none is asked for. */
    private int version(boolean inputs) {
        return this == BRAKET || this == QISKIT && inputs ? 3 : 2;
    }

    /** Refuses a version that it does not read. */
    public void check(int version) {
        if (this == BRAKET ? version != 3 : version != 2 && !(this == QISKIT && version == 3)) {
            throw new IllegalArgumentException("OpenQASM version " + version + " for " + this + "; expected "
                    + (this == QISKIT ? "2 or 3" : version(false)));
        }
    }

    /** Whether inputs may remain. */
    public boolean takesInputs() {
        return this == BRAKET || this == QISKIT;
    }

    /** A program that it reads, in the version that suits. */
    public String write(Circuit circuit) {
        return write(circuit, version(circuit.inputs() > 0 || circuit.parameters() > 0));
    }

    /** A program of a version that it reads; without inputs for version 2. */
    public String write(Circuit circuit, int version) {
        check(version);
        OpenQasm.check(circuit, version);
        Map<String, String> names = new HashMap<>(version == 2 ? OpenQasm.NAMES_2 : OpenQasm.NAMES_3);
        ProgramText.Measured measured = ProgramText.Measured.REGISTER;
        String input = "input float[64] ";
        String include = version == 2 ? "include \"qelib1.inc\";\n" : "include \"stdgates.inc\";\n";
        if (this == PENNYLANE) {
            measured = ProgramText.Measured.NOT;
        } else if (this == BRAKET) {
            names.put("CNOT", "cnot");
            names.put("CCX", "ccnot");
            measured = ProgramText.Measured.EACH;
            input = "input float ";
            include = "";
        }
        return new ProgramText(version, include, names, input, measured).of(PlainGates.of(circuit));
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

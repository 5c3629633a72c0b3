package org.qexit.quantum.qasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.RotationKind;
import org.qexit.quantum.Observable;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.BatchedSimulator;

class OpenQasmTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void comesBackAsItWent(int qubits) {
        SplittableRandom random = new SplittableRandom(qubits);
        Circuit circuit = RandomCircuits.of(qubits, 60, random).withObservables(Observable.allZ(qubits));
        assertEquals(
                PlainGates.careful(circuit, 3),
                OpenQasmReader.read("test", OpenQasm.write(circuit, 3)).circuit());
        Circuit bound = circuit.bind(
                RandomCircuits.values(circuit.inputs(), random), RandomCircuits.values(circuit.parameters(), random));
        assertEquals(
                PlainGates.careful(bound, 2),
                OpenQasmReader.read("test", OpenQasm.write(bound, 2)).circuit());
        assertEquals(
                PlainGates.careful(bound, 3),
                OpenQasmReader.read("test", OpenQasm.write(bound, 3)).circuit());
        checkSame(bound, PlainGates.careful(bound, 2));
        checkSame(bound, PlainGates.careful(bound, 3));
    }

    /** What was exported by versions of before, with definitions that are no longer written. */
    @Test
    void definitionsOfBeforeAreRead() {
        StringBuilder program = new StringBuilder("OPENQASM 3.0;\ninclude \"stdgates.inc\";\n");
        Circuit.Builder circuit = Circuit.builder(2);
        StringBuilder calls = new StringBuilder();
        for (RotationKind kind : List.of(RotationKind.CRX, RotationKind.CRY, RotationKind.XY)) {
            program.append(OpenQasm.definition(kind.name())).append('\n');
            calls.append("qexit_")
                    .append(kind.name().toLowerCase(java.util.Locale.ROOT))
                    .append("(-0.7) q[1], q[0];\n");
            circuit.add(kind, Angle.constant(-0.7), 1, 0);
        }
        assertEquals(
                circuit.build(),
                OpenQasmReader.read(
                                "f",
                                program.append("qubit[2] q;\n").append(calls).toString())
                        .circuit());
    }

    @ParameterizedTest
    @EnumSource(Importer.class)
    void everyImporterIsWrittenTheCircuit(Importer importer) {
        SplittableRandom random = new SplittableRandom(7);
        Circuit circuit = RandomCircuits.of(4, 80, random).withObservables(Observable.allZ(4));
        Circuit bound = circuit.bind(
                RandomCircuits.values(circuit.inputs(), random), RandomCircuits.values(circuit.parameters(), random));
        String text = importer.write(bound);
        assertFalse(text.contains("gate ") || text.contains("swap") || text.contains("crx"), text);
        assertEquals(importer == Importer.BRAKET, text.contains("\nccnot ") && text.contains("\ncnot "), text);
        assertEquals(importer != Importer.BRAKET, text.contains("include"), text);
        assertEquals(importer != Importer.PENNYLANE, text.contains("measure"), text);
        assertTrue(text.startsWith(importer == Importer.BRAKET ? "OPENQASM 3.0;" : "OPENQASM 2.0;"), text);
        assertEquals(
                PlainGates.of(bound),
                OpenQasmReader.read("test", text.replace("\nccnot ", "\nccx ").replace("\ncnot ", "\ncx "))
                        .circuit());
        if (importer.takesInputs()) {
            String open = importer.write(circuit);
            assertTrue(open.startsWith("OPENQASM 3.0;") && open.contains("input float"), open);
            assertEquals(
                    PlainGates.of(circuit),
                    OpenQasmReader.read(
                                    "test", open.replace("\nccnot ", "\nccx ").replace("\ncnot ", "\ncx "))
                            .circuit());
        } else {
            assertThrows(IllegalArgumentException.class, () -> importer.write(circuit));
        }
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> importer.write(bound, importer == Importer.BRAKET ? 2 : 4));
        assertTrue(e.getMessage().contains("for " + importer + "; expected"), e.getMessage());
    }

    /** Numbers without exponents, exactly what they were. */
    @Test
    void smallAndLargeAnglesComeBack() {
        Circuit.Builder circuit = Circuit.builder(1);
        for (double angle : new double[] {1e-300, -4.9e-324, 1e22, 0.1 + 0.2, 0, 123456.789e-9}) {
            circuit.add(RotationKind.RX, Angle.constant(angle), 0);
        }
        String text = OpenQasm.write(circuit.build(), 2);
        assertFalse(text.matches("(?s).*\\d[eE].*"), text);
        assertEquals(circuit.build(), OpenQasmReader.read("f", text).circuit());
    }

    private static void checkSame(Circuit circuit, Circuit other) {
        double[] probabilities = new double[1 << circuit.qubits()];
        BatchedSimulator.of(circuit.then(other.inverse()))
                .probabilities(new double[0], new double[0], 1, probabilities);
        assertEquals(1, probabilities[0], 1e-11);
    }

    /** The bodies of the defined gates, run as circuits, are the gates up to one phase. */
    @ParameterizedTest
    @EnumSource(
            value = RotationKind.class,
            names = {"CRX", "CRY", "RXX", "RYY", "RZZ", "XY"})
    void definitionsAreTheGates(RotationKind kind) {
        checkDefinition(Circuit.builder(2).add(kind, Angle.constant(0.73), 0, 1).build(), 0.73);
    }

    /** Behind the inverse of the plain circuit every state is what it was, and the programs hold nothing but plain gates. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void plainGatesAreTheCircuit(int qubits) {
        SplittableRandom random = new SplittableRandom(100 + qubits);
        Circuit circuit = RandomCircuits.of(qubits, 80, random).withObservables(Observable.allZ(qubits));
        Circuit plain = PlainGates.of(circuit);
        String open = OpenQasm.write(plain, 3);
        assertEquals(plain, OpenQasmReader.read("test", open).circuit());
        Circuit bound = circuit.bind(
                RandomCircuits.values(circuit.inputs(), random), RandomCircuits.values(circuit.parameters(), random));
        String text = OpenQasm.write(PlainGates.of(bound), 2);
        for (String line : (open + text).split("\n")) {
            assertTrue(
                    line.matches("(OPENQASM|include|qreg|creg|qubit|bit|input|measure|c =).*"
                            + "|(h|x|y|z|s|t|r[xyz]\\(.*\\)|cx|cz|ccx) q.*"),
                    line);
        }
        double[] probabilities = new double[1 << qubits];
        Circuit back = bound.then(OpenQasmReader.read("test", text).circuit().inverse());
        BatchedSimulator.of(back).probabilities(new double[0], new double[0], 1, probabilities);
        assertEquals(1, probabilities[0], 1e-11);
    }

    @Test
    void definitionsOfFixedGatesAreTheGates() {
        checkDefinition(Circuit.builder(2).add(Gate.FixedKind.ISWAP, 0, 1).build(), 0);
        checkDefinition(Circuit.builder(3).add(Gate.FixedKind.CSWAP, 0, 1, 2).build(), 0);
    }

    private static void checkDefinition(Circuit gate, double t) {
        Matcher definition = Pattern.compile("gate \\w+(?:\\(t\\))? ([a-c, ]+) \\{ (.*) }")
                .matcher(OpenQasm.definition(gate.gates().get(0).name()));
        assertTrue(definition.find());
        String body = definition
                .group(2)
                .replaceAll("\\b([abc])\\b(?=[,;])", "q[$1]")
                .replace("[a]", "[0]")
                .replace("[b]", "[1]")
                .replace("[c]", "[2]")
                .replace("-t/2", Double.toString(-t / 2))
                .replace("t/2", Double.toString(t / 2))
                .replace("(t)", "(" + t + ")");
        Circuit written = OpenQasmReader.read("body", "qreg q[" + gate.qubits() + "];" + body)
                .circuit();
        // A random state first; then the gate, then the inverse of its definition: back to the start.
        Circuit.Builder start = Circuit.builder(gate.qubits());
        for (int q = 0; q < gate.qubits(); q++) {
            start.add(RotationKind.RY, Angle.constant(0.4 + q), q).add(RotationKind.RZ, Angle.constant(1.3 * q), q);
        }
        Circuit prepare = start.build();
        Circuit all = prepare.then(gate).then(written.inverse()).then(prepare.inverse());
        double[] probabilities = new double[1 << gate.qubits()];
        BatchedSimulator.of(all).probabilities(new double[0], new double[0], 1, probabilities);
        assertEquals(1, probabilities[0], 1e-12);
    }

    @Test
    void readsExpressionsAndComments() {
        Circuit read = OpenQasmReader.read(
                        "test",
                        "OPENQASM 3.0; // two\nqubit[1] q;\n/* a; b */ rx(pi/2) q[0]; rz(-pi) q[0]; p(3*pi/4) q[0]; sdg q[0];")
                .circuit();
        List<Double> angles = new ArrayList<>();
        read.gates().forEach(g -> angles.add(g.angle().orElseThrow().of(null, null)));
        assertArrayEquals(
                new double[] {Math.PI / 2, -Math.PI, 3 * Math.PI / 4, -Math.PI / 2},
                angles.stream().mapToDouble(Double::doubleValue).toArray(),
                1e-15);
    }

    @Test
    void version2NeedsABoundCircuit() {
        Circuit open = Ansatz.of(2, 1).circuit();
        assertThrows(IllegalArgumentException.class, () -> OpenQasm.write(open, 2));
        assertThrows(IllegalArgumentException.class, () -> OpenQasm.write(open, 4));
    }

    /** A number that asks for more memory than there is. */
    @org.junit.jupiter.params.ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(ints = {65_537, Integer.MAX_VALUE})
    void largeClassicalRegistersAreRefused(int bits) {
        String program = "OPENQASM 3.0;\nqubit[2] q;\nbit[" + bits + "] c = measure q;\n";
        UserError e = assertThrows(UserError.class, () -> OpenQasmReader.read("f.qasm", program));
        assertTrue(
                e.getMessage().contains("line 3 column 5: ") && e.getMessage().contains("at most 65536"),
                e.getMessage());
    }
}

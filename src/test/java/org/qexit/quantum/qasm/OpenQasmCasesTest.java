package org.qexit.quantum.qasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.UserError;
import org.qexit.quantum.statevector.BatchedSimulator;

/** Programs with known answers: values of ⟨Z⟩, or the place and the words of a refusal. */
class OpenQasmCasesTest {
    private static final Pattern REFUSE = Pattern.compile("=> refuse (\\d+):(\\d+) (.+)");

    record Case(String name, String expected, String program) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String block : resource("/quantum/qasm-cases.txt").split("(?m)^## ")) {
            String[] parts = block.split("\n", 3);
            if (!block.startsWith("#")) {
                cases.add(new Case(
                        parts[0], parts[1], parts[2].replace("\\r", "\r").replace("\\n", "\n")));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadRightlyOrRefused(Case c) {
        Matcher refused = REFUSE.matcher(c.expected());
        if (refused.matches()) {
            UserError e = assertThrows(UserError.class, () -> OpenQasmReader.read("f.qasm", c.program()));
            String place = "f.qasm line " + refused.group(1) + " column " + refused.group(2) + ": ";
            assertTrue(e.getMessage().startsWith(place), place + "expected, but: " + e.getMessage());
            assertTrue(e.getMessage().contains(refused.group(3)), e.getMessage());
            return;
        }
        assertTrue(c.expected().matches("=> read( -?[0-9.]+)*"), c.expected());
        double[] values = values(c.program());
        assertArrayEquals(
                DenseProgram.evaluate(c.program(), OpenQasmCasesTest::input).orElseThrow(), values, 1e-12);
        if (!c.expected().equals("=> read")) {
            double[] byHand = Arrays.stream(c.expected().substring(8).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(byHand, values, 1e-6);
        }
    }

    @Test
    void thereAreManyCases() throws IOException {
        assertTrue(cases().count() > 150);
    }

    /** The cases of public problem reports. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q01-mid-measure-v2 | line 7 column 3 | after its measurement in line 6",
                "q04-no-semicolon-barrier | line 6 column 10 | ';' is missing",
                "q05-no-semicolon-measure | line 6 column 21 | ';' is missing",
                "q07-measure-unknown-qubit | line 6 column 11 | 'q[5]' does not exist",
                "q08-bit-measure-v3 | | 0.955336 -1",
                "q10-u3 | | 0.631376 0.995004",
                "q12-angle-pi-times | | 0.707107 0.5",
                "q14-whole-register | | 0.921061 0.921061",
                "q15-two-registers | | 0.921061 1 0.921061",
                "q17-gate-definition | | 0.912668 0.955336",
                "q19-gphase-v3 | | 0.921061 1",
                "q20-named-input-v3 | | 0.877583 0.968912",
                "q21-reset | line 7 column 1 | reset",
                "q22-undeclared-input-v3 | line 5 column 4 | 'x_3' is not declared",
            })
    void reportedCases(String name, String place, String expected) throws IOException {
        String program = resource("/cases/" + name + ".qasm");
        if (place != null) {
            UserError e = assertThrows(UserError.class, () -> OpenQasmReader.read("f.qasm", program));
            assertTrue(e.getMessage().startsWith("f.qasm " + place + ": "), e.getMessage());
            assertTrue(e.getMessage().contains(expected), e.getMessage());
            return;
        }
        double[] values = new double[expected.split(" ").length];
        var circuit = OpenQasmReader.read("f.qasm", program).circuit();
        double[] inputs = new double[circuit.inputs()];
        Arrays.fill(inputs, 0.5);
        BatchedSimulator.of(circuit).forward(inputs, new double[0], 1, values);
        assertArrayEquals(
                Arrays.stream(expected.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                values,
                1e-6);
    }

    @Test
    void legendSaysWhatTheNumbersAre() throws IOException {
        assertEquals(
                "{x[0]=alpha}",
                OpenQasmReader.read("f", resource("/cases/q20-named-input-v3.qasm"))
                        .legend()
                        .toString());
        assertEquals(
                "{qubit 0=a[0], qubit 1=b[0], qubit 2=b[1]}",
                OpenQasmReader.read("f", resource("/cases/q15-two-registers.qasm"))
                        .legend()
                        .toString());
        assertEquals(
                "{}",
                OpenQasmReader.read("f", resource("/cases/q08-bit-measure-v3.qasm"))
                        .legend()
                        .toString());
    }

    /** Deep and long expressions end in a refusal, not in a stack. */
    @Test
    void longExpressionsAreRefused() {
        for (String angle : List.of(
                "(".repeat(100_000),
                "-".repeat(100_000) + "1",
                "1" + "+1".repeat(100_000),
                "2" + "^2".repeat(100_000))) {
            UserError e = assertThrows(
                    UserError.class,
                    () -> OpenQasmReader.read("f", "OPENQASM 2.0;\nqreg q[1];\nrx(" + angle + ") q[0];"));
            assertTrue(e.getMessage().startsWith("f line 3 column "), e.getMessage());
        }
    }

    /** ⟨Z⟩ by the reader and the simulator, with the inputs of {@link #input}. */
    static double[] values(String program) {
        OpenQasmProgram read = OpenQasmReader.read("f.qasm", program);
        var circuit = read.circuit();
        double[] inputs = IntStream.range(0, circuit.inputs())
                .mapToDouble(i -> input(read.legend().getOrDefault("x[" + i + "]", "x_" + i)))
                .toArray();
        double[] theta = IntStream.range(0, circuit.parameters())
                .mapToDouble(j -> input("theta_" + j))
                .toArray();
        double[] values = new double[circuit.qubits()];
        BatchedSimulator.of(circuit).forward(inputs, theta, 1, values);
        return values;
    }

    /** A value for each name. */
    static double input(String name) {
        return 0.3 + (name.hashCode() & 1023) / 700.0;
    }

    static String resource(String name) throws IOException {
        try (InputStream in = OpenQasmCasesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

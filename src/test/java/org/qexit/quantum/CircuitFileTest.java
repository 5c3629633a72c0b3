package org.qexit.quantum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.quantum.lab.CircuitRun;
import org.qexit.quantum.lab.SimulatorChoice;
import org.qexit.quantum.statevector.SimulatorOptions;

class CircuitFileTest {
    private static final String FILE = """
            {"cases": [{"name": "f", "n": 2,
              "ops": [["RX", [0], {"x": 0, "factor": 2.5}], ["RY", [1], {"theta": 0}], ["RZ", [1], {"const": 0.5}], ["CNOT", [0, 1]]],
              "x": [[0.3], [0.4]], "theta": [0.7], "g": [[1, 0], [0, 1]]}]}
            """;

    private static CircuitRun run(CircuitFile file) {
        return CircuitRun.of(
                file,
                new SimulatorChoice(SimulatorChoice.Kind.STATEVECTOR, SimulatorOptions.DEFAULT, null, 0, 0, 1),
                true);
    }

    @Test
    void isRead() {
        double[][] values = run(Json.parse("f.json", FILE, CircuitFile.class))
                .cases()
                .get(0)
                .values();
        assertArrayEquals(new double[] {Math.cos(0.75), Math.cos(0.75) * Math.cos(0.7)}, values[0], 1e-12);
    }

    /** One value exchanged for one of another kind is refused by its field. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2.5 | \"2\" | ops[0]: RX: factor is \"2\"; expected a finite number",
                "2.5 | \"NaN\" | ops[0]: RX: factor is \"NaN\"",
                "2.5 | null | ops[0]: RX: factor is null",
                "2.5 | true | ops[0]: RX: factor is true",
                "2.5 | [2] | ops[0]: RX: factor is [2]",
                "2.5 | {} | ops[0]: RX: factor is {}",
                "2.5 | 1e999 | ops[0]: RX: factor is",
                "2.5 | NaN | field 'cases[0].ops[0][2].factor' is NaN; expected a number",
                "\"factor\" | \"Factor\" | fields [x, Factor]",
                "{\"theta\": 0} | {\"theta\": 0.0} | ops[1]: RY: theta is 0.0; expected a whole number",
                "{\"theta\": 0} | {\"theta\": \"0\"} | ops[1]: RY: theta is \"0\"",
                "{\"theta\": 0} | {\"theta\": null} | ops[1]: RY: theta is null",
                "{\"theta\": 0} | {\"theta\": true} | ops[1]: RY: theta is true",
                "{\"theta\": 0} | {\"theta\": -1} | ops[1]: parameter index is -1",
                "{\"theta\": 0} | {\"theta\": 4294967296} | ops[1]: RY: theta is 4294967296",
                "{\"theta\": 0} | {\"theta\": 1} | takes parameter 1",
                "{\"theta\": 0} | {\"theta\": 0, \"x\": 0} | ops[1]: RY: angle has the fields [theta, x]",
                "{\"theta\": 0} | {} | ops[1]: RY: angle has the fields []",
                "{\"theta\": 0} | 0.5 | ops[1]: RY: angle is 0.5",
                "{\"theta\": 0} | null | ops[1]: RY: angle is missing",
                "{\"const\": 0.5} | {\"const\": \"0.5\"} | ops[2]: RZ: const is \"0.5\"",
                "{\"const\": 0.5} | {\"const\": null} | ops[2]: RZ: const is null",
                "{\"const\": 0.5} | {\"const\": 0.5, \"factor\": 2} | ops[2]: RZ: angle has the fields [const, factor]",
                "\"CNOT\", [0, 1]] | \"CNOT\", [0, true]] | ops[3]: CNOT: qubit true",
                "\"CNOT\", [0, 1]] | \"CNOT\", [0, 1.0]] | ops[3]: CNOT: qubit 1.0",
                "\"CNOT\", [0, 1]] | \"CNOT\", [0, null]] | ops[3]: CNOT: qubit null",
                "\"CNOT\", [0, 1]] | \"CNOT\", [0, 0]] | ops[3]: CNOT on qubits [0, 0]",
                "\"CNOT\", [0, 1]] | \"CNOT\", 0] | ops[3]: CNOT: qubits are 0",
                "[[0.3] | [null | x[0] is missing",
                "[[0.3] | [[null] | x[0][0]",
                "[[0.3] | [[\"NaN\"] | x[0][0]' is 'NaN'; expected a number",
                "[[0.3] | [[\"0.3\"] | x[0][0]",
                "[[0.3] | [[] | rows of x differ in length",
                "[0.7] | [\"Infinity\"] | theta[0]' is 'Infinity'",
                "[0.7] | [1e999] | theta[0]' is '1e999'",
                "[0.7] | [null] | theta[0]",
                "[0.7] | 0.7 | theta",
                "[[1, 0], | [null, | g[0] is missing",
                "[[1, 0], | [[1, \"-Infinity\"], | g[0][1]' is '-Infinity'",
                "[[1, 0], | [[1], | g has 2 rows",
            })
    void wrongValuesAreRefusedByField(String value, String other, String message) {
        assertTrue(FILE.contains(value), value);
        RuntimeException e = assertThrows(
                RuntimeException.class, () -> run(Json.parse("f.json", FILE.replace(value, other), CircuitFile.class)));
        assertTrue(e instanceof UserError || e instanceof IllegalArgumentException, e.toString());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    /** Both are numbers, their product is none. */
    @Test
    void anglesBeyondTheRangeOfNumbersAreRefused() {
        String text = FILE.replace("2.5", "1e308").replace("0.4", "10");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> run(Json.parse("f.json", text, CircuitFile.class)));
        assertEquals("case 'f': ops[0]: the angle of sample 1 is Infinity; expected a finite number", e.getMessage());
    }

    @Test
    void aCaseThatIsNullIsRefused() {
        UserError e =
                assertThrows(UserError.class, () -> Json.parse("f.json", "{\"cases\": [null]}", CircuitFile.class));
        assertEquals("f.json: cases[0] is missing", e.getMessage());
    }

    /** The cases of public problem reports. */
    @ParameterizedTest
    @CsvSource({"j01-factor-text, RX: factor is \"2\"", "j02-factor-null, RY: factor is null"})
    void reportedCases(String name, String message) throws IOException, URISyntaxException {
        Path file = Path.of(
                CircuitFileTest.class.getResource("/cases/" + name + ".json").toURI());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> run(CircuitFile.read(file)));
        assertTrue(e.getMessage().contains("ops[0]: " + message), e.getMessage());
    }
}

package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    enum Colour {
        RED,
        GREEN
    }

    record Inner(double width, Colour colour) {
        Inner {
            Checks.positive("width", width);
        }
    }

    record Outer(String name, int count, List<Inner> parts) {}

    @TempDir
    private Path directory;

    @Test
    void readsWhatItWrote() {
        Outer value = new Outer("näme", 3, List.of(new Inner(0.1, Colour.RED), new Inner(1e-300, Colour.GREEN)));
        Path file = directory.resolve("a/b.json");
        Json.write(file, value);
        assertEquals(value, Json.read(file, Outer.class));
        assertEquals(value, Json.parse("text", Json.compact(value), Outer.class));
    }

    @Test
    void leavesOutNulls() {
        assertEquals("{\"count\":1}", Json.compact(new Outer(null, 1, null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"x\",\"count\":3,\"prats\":[]}          | prats         | expected one of: count, name, parts",
                "{\"name\":\"x\",\"count\":\"three\"}            | count         | expected a whole number",
                "{\"name\":\"x\",\"count\":1.5}                  | count         | expected a whole number",
                "{\"name\":\"x\",\"count\":null}                 | count         | expected a whole number",
                "{\"name\":\"x\",\"count\":1,\"count\":2}        | Duplicate     | count",
                "{\"name\":\"x\",\"parts\":[{\"width\":-1}]}     | parts[0]      | width is -1.0; expected a finite number > 0",
                "{\"name\":\"x\",\"parts\":[{\"width\":\"NaN\"}]}| parts[0].width | is 'NaN'; expected a number",
                "{\"name\":\"x\",\"parts\":[{\"width\":NaN}]} | 'parts[0].width' | is NaN; expected a number",
                "{\"name\":\"x\",\"parts\":[{\"width\":-Infinity}]} | 'parts[0].width' | is -Infinity; expected a number",
                "{\"name\":\"x\",\"parts\":[{\"width\":1e400}]} | 'parts[0].width' | is '1e400'; expected a number",
                "{\"name\":\"x\",\"parts\":[{\"width\":1e-400}]} | 'parts[0].width' | is '1e-400'; expected a number",
                "{\"name\":\"x\",\"parts\":[{\"width\":\"1\"}]} | 'parts[0].width' | is '1'; expected a number",
                "{\"name\":\"x\",\"parts\":\"\"} | line 1: field 'parts' | is ''; expected a list",
                "{\"name\":\"x\",\"count\":\"\"} | line 1: field 'count' | is ''; expected a whole number",
                "{\"name\":\"x\",\"count\":\"1\"} | line 1: field 'count' | is '1'; expected a whole number",
                "{\"name\":\"x\",\"count\":true} | line 1: field 'count' | is 'true'; expected a whole number",
                "{\"name\":\"x\",\"count\":[]} | line 1: field 'count' | expected a whole number",
                "{\"name\":\"x\",\"parts\":[{\"width\":1,\"colour\":\"blue\"}]} | parts[0].colour | one of: red, green",
                "{\"name\":\"x\",\"parts\":3}                    | parts         | expected a list",
                "{\"name\":\"x\"                                 | not readable  | line 1",
                "{\"name\":\"x\",\"count\":1} trailing             | trailing      | not readable",
            })
    void saysInOneLineWhatIsWrong(String text, String first, String second) {
        UserError error = assertThrows(UserError.class, () -> Json.parse("file.json", text, Outer.class));
        assertTrue(error.getMessage().startsWith("file.json"), error.getMessage());
        assertTrue(error.getMessage().contains(first), error.getMessage());
        assertTrue(error.getMessage().contains(second), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    record Numbers(double[] some, float[][] rows, Double boxed, Float small, Integer whole, Boolean flag) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"some\": [1, \"NaN\"]}       | some[1]    | 'NaN'; expected a number",
                "{\"some\": [1, NaN]}             | some[1]    | NaN; expected a number",
                "{\"some\": [NaN]}                | some[0]    | NaN; expected a number",
                "{\"some\": [1, null]}            | some[1]    | expected a number",
                "{\"some\": \"\"}               | some       | ''; expected a list",
                "{\"some\": {}}                   | some       | expected a list",
                "{\"rows\": [[1], [2, \"INF\"]]} | rows[1][1] | 'INF'; expected a number",
                "{\"rows\": [[1], \"AAAA\"]}    | rows[1]    | 'AAAA'; expected a list",
                "{\"rows\": [[1e39]]}             | rows[0][0] | '1e39'; expected a number",
                "{\"rows\": \"\"}               | rows       | ''; expected a list",
                "{\"boxed\": \"\"}              | boxed      | ''; expected a number",
                "{\"boxed\": \"-Infinity\"}     | boxed      | '-Infinity'; expected a number",
                "{\"boxed\": []}                  | boxed      | expected a number",
                "{\"small\": \"NaN\"}           | small      | 'NaN'; expected a number",
                "{\"whole\": \"\"}              | whole      | ''; expected a whole number",
                "{\"whole\": 1.0}                 | whole      | '1.0'; expected a whole number",
                "{\"flag\": \"\"}               | flag       | ''; expected true or false",
                "{\"flag\": \"true\"}           | flag       | 'true'; expected true or false",
                "{\"flag\": 1}                    | flag       | '1'; expected true or false",
            })
    void noTextStandsForANumberNorAnythingForNothing(String text, String field, String reason) {
        for (int before = 0; before < 2; before++) {
            String padded = "\n".repeat(before) + text;
            UserError error = assertThrows(UserError.class, () -> Json.parse("f.json", padded, Numbers.class));
            String start = "f.json line " + (before + 1) + ": field '" + field + "' is ";
            assertTrue(error.getMessage().startsWith(start), error.getMessage());
            assertTrue(error.getMessage().endsWith(reason), error.getMessage());
        }
    }

    @Test
    void mistakesNameTheirLine() {
        String text = """
                {
                  "name": "x",
                  "parts": [
                    {"width": 1},
                    {
                      "colour": "green",
                      "width": -3
                    }
                  ]
                }
                """;
        String message = assertThrows(UserError.class, () -> Json.parse("f", text, Outer.class))
                .getMessage();
        assertEquals("f line 7: field 'parts[1]': width is -3.0; expected a finite number > 0", message);
        String unknown = text.replace("colour", "color").replace("-3", "3");
        assertEquals(
                "f line 6: unknown field 'parts[1].color' (did you mean 'colour'?); expected one of: colour, width",
                assertThrows(UserError.class, () -> Json.parse("f", unknown, Outer.class))
                        .getMessage());
        String missing = text.replace(",\n      \"width\": -3", "");
        assertEquals(
                "f line 5: field 'parts[1].width' is missing or of the wrong type; expected a number",
                assertThrows(UserError.class, () -> Json.parse("f", missing, Outer.class))
                        .getMessage());
    }

    @Test
    void numbersStayWhatTheyAre() {
        Numbers read = Json.parse(
                "f",
                "{\"some\":[1,-0.0,5e-324,0e-999],\"rows\":[[],[1e-60]],\"boxed\":7,\"small\":0.1}",
                Numbers.class);
        assertArrayEquals(new double[] {1, -0.0, Double.MIN_VALUE, 0}, read.some());
        assertArrayEquals(new float[][] {{}, {0}}, read.rows());
        assertEquals(7.0, read.boxed());
        assertEquals(0.1f, read.small());
    }

    @Test
    void refusesDeepNesting() {
        UserError error = assertThrows(UserError.class, () -> Json.parse("deep", "[".repeat(100_000), List.class));
        assertTrue(error.getMessage().contains("nesting"), error.getMessage());
    }

    @Test
    void namesMissingFilesAndDirectories() {
        Path missing = directory.resolve("missing.yaml");
        assertEquals(
                missing + ": no such file",
                assertThrows(UserError.class, () -> Json.readYaml(missing, Outer.class))
                        .getMessage());
        assertTrue(assertThrows(UserError.class, () -> Json.read(directory, Outer.class))
                .getMessage()
                .contains("is a directory"));
    }

    @Test
    void readsYamlStrictly() throws IOException {
        Path file = directory.resolve("c.yaml");
        Files.writeString(file, "name: x\ncount: 2\nparts:\n  - {width: 2, colour: green}\n");
        assertEquals(new Outer("x", 2, List.of(new Inner(2, Colour.GREEN))), Json.readYaml(file, Outer.class));
        Files.writeString(file, "name: x\ncount: 2\nprats: []\n");
        assertTrue(assertThrows(UserError.class, () -> Json.readYaml(file, Outer.class))
                .getMessage()
                .contains(": unknown field 'prats'"));
        Files.writeString(file, "");
        assertTrue(assertThrows(UserError.class, () -> Json.readYaml(file, Outer.class))
                .getMessage()
                .contains(file.toString()));
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = directory.resolve("d.txt");
        AtomicFiles.writeString(file, "old");
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFiles.write(file, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IllegalStateException("disk on fire");
                }));
        assertEquals("old", Files.readString(file));
        try (var entries = Files.list(directory)) {
            assertEquals(List.of(file), entries.toList());
        }
    }

    record OfDevice(double deadlineSeconds, String name) {}

    record OfFleet(String format, List<OfDevice> devices) {
        public static final String FORMAT = "qexit.outer/1";
    }

    /** What is missing is often what was mistyped: the mistyped one is told, in JSON as in YAML. */
    @Test
    void unknownFieldsAreToldBeforeMissingOnes() {
        String json = "{\"format\":\"qexit.outer/1\",\n\"devices\":[{\"deadlineSecond\":1,\"name\":\"a\"}]}";
        String yaml = "format: qexit.outer/1\ndevices: [{deadlineSecond: 1, name: a}]\n";
        for (UserError error : List.of(
                assertThrows(UserError.class, () -> Json.parse("f", json, OfFleet.class)),
                assertThrows(UserError.class, () -> Json.parseYaml("f", yaml, OfFleet.class)))) {
            assertEquals(
                    "f line 2: unknown field 'devices[0].deadlineSecond' (did you mean 'deadlineSeconds'?); expected one of:"
                            + " deadlineSeconds, name",
                    error.getMessage());
        }
        UserError missing = assertThrows(
                UserError.class,
                () -> Json.parse("f", "{\"format\":\"qexit.outer/1\",\"devices\":[{\"name\":\"a\"}]}", OfFleet.class));
        assertTrue(missing.getMessage().contains("'devices[0].deadlineSeconds' is missing"), missing.getMessage());
    }

    @Test
    void anotherFormatIsToldBeforeWhatThisOneMisses() {
        UserError error = assertThrows(
                UserError.class, () -> Json.parseYaml("f", "format: qexit.run/1\nmodel: {}\n", OfFleet.class));
        assertEquals("f line 1: format is 'qexit.run/1'; expected qexit.outer/1", error.getMessage());
    }

    @Test
    void textThatIsNoJsonIsToldWithoutTheParsersWords() {
        for (String text : List.of("# yaml", "PAR1", "{\"a\": /* x */ 1}")) {
            UserError error = assertThrows(UserError.class, () -> Json.parse("f", text, OfFleet.class));
            assertFalse(
                    error.getMessage().matches(".*(expecting|Feature|JSON String|code [0-9]).*"), error.getMessage());
        }
    }
}

package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
                "{\"name\":\"x\",\"parts\":[{\"width\":\"NaN\"}]}| parts[0]      | width is NaN",
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
}

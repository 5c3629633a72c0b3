package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans with numbers that no plan can have are refused by whoever reads them: one line with file, line, field and value. */
class ImpossiblePlansTest {
    private static final String FLEET = "src/test/resources/allocation/n4m2s1.json";

    private static String good;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private String good() throws IOException {
        if (good == null) {
            Path plan = folder.resolve("good.json");
            assertEquals(
                    0, run("optimize", FLEET, "--fairness-seconds", "0", "--out", plan.toString()), err.toString());
            good = Files.readString(plan);
            err.getBuffer().setLength(0);
            out.getBuffer().setLength(0);
        }
        return good;
    }

    private void assertRefused(String text, String message) throws IOException {
        Path plan = folder.resolve("plan.json");
        Files.writeString(plan, text);
        String[][] readers = {
            {"check", plan.toString(), FLEET},
            {"optimize", FLEET, "--from", plan.toString(), "--seconds", "2"},
        };
        for (String[] reader : readers) {
            err.getBuffer().setLength(0);
            assertEquals(2, run(reader), err.toString());
            String said = err.toString();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.matches("qexit: \\Q" + plan + "\\E( line \\d+)?: .*\\R"), said);
            assertTrue(said.contains(message), said);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lower | 0.95 | thresholds (0.95",
                "lower | -0.1 | thresholds (-0.1",
                "lower | 1.5 | thresholds (1.5",
                "lower | NaN | 'devices[0].lower' is NaN; expected a number",
                "lower | \"NaN\" | lower is 'NaN'; expected a number",
                "lower | 1e999 | lower is 'Infinity'; expected a number",
                "lower | null | lower is missing",
                "upper | -0.5 | upper is -0.5",
                "upper | 1.5 | upper is 1.5",
                "upper | 1e300 | upper is 1.0E300; expected 0 to 1",
                "upper | 1e999 | upper is",
                "upper | \"always\" | upper is 'always'",
                "upper | null | upper",
                "bandwidthHz | -100000 | bandwidthHz is -100000.0; expected a finite number > 0",
                "bandwidthHz | 0 | bandwidthHz is 0.0",
                "bandwidthHz | Infinity | is Infinity; expected a number",
                "bandwidthHz | \"\" | is ''; expected a number",
                "powerWatts | -0.2 | powerWatts is -0.2",
                "powerWatts | NaN | is NaN",
                "computeUnits | -5 | computeUnits is -5.0",
                "computeUnits | 1e400 | is '1e400'",
                "truePositives | -1 | truePositives is -1",
                "truePositives | 1.5 | is '1.5'; expected a whole number",
                "truePositives | 99999999999 | expected a whole number",
                "falsePositives | -3 | falsePositives is -3",
                "falsePositives | true | is 'true'; expected a whole number",
                "utility | 1.5 | utility is 1.5",
                "delaySeconds | -1 | delaySeconds is -1.0",
                "energyJoules | -1 | energyJoules is -1.0",
                "id | \"ue2\" | the id 'ue2' is listed twice",
                "id | \"\" | id is missing",
                "node | null | node is missing",
            })
    void oneImpossibleValueIsRefused(String field, String value, String message) throws IOException {
        String text = good().replaceFirst("\"" + field + "\" : [^,}\\n]+", "\"" + field + "\" : " + value);
        assertFalse(text.equals(good()));
        assertRefused(text, message);
    }

    @Test
    void nullsInListsAreRefused() throws IOException {
        String text = good();
        assertRefused(text.replaceFirst("\"devices\" : \\[", "\"devices\" : [null, "), "a list holds null");
        String violation = text.replaceFirst("\"violations\" : \\[ *\\]", "\"violations\" : [null]");
        assertFalse(violation.equals(text));
        assertRefused(violation, "a list holds null");
    }

    /** What only the fleet can tell is found by the check, which says so and ends with its own code. */
    @ParameterizedTest
    @ValueSource(strings = {"id", "node", "computeUnits"})
    void whatTheFleetDoesNotHaveIsFoundByTheCheck(String field) throws IOException {
        String value = field.equals("computeUnits") ? "1000" : "\"nowhere\"";
        Path plan = folder.resolve("plan.json");
        Files.writeString(plan, good().replaceFirst("\"" + field + "\" : [^,}\\n]+", "\"" + field + "\" : " + value));
        assertEquals(3, run("check", plan.toString(), FLEET), err.toString());
        assertTrue(out.toString().contains("VIOLATION device "), out.toString());
        assertTrue(out.toString().contains(value.replace("\"", "")), out.toString());
    }
}

package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;

class InferCommandTest {
    /** Σ = 2: σ(2) = 0.88, critical at exit 1. Σ = 0: σ(0) = 0.5, undecided; positive part 1: σ(2) at exit 2. Σ = -2: normal. */
    private static final String ROWS = "1,1,0,0\n1,0,0,0\noops!\n0,0,0,0\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private String bundle;

    @BeforeEach
    void writeBundle() throws IOException {
        TinyBundle tiny = new TinyBundle();
        tiny.device("ue1", "0.55", "0.8");
        bundle = tiny.directory(folder.resolve("bundle")).toString();
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private int stream(String text, String... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(args);
        } finally {
            System.setIn(before);
        }
    }

    private List<Map<?, ?>> lines() {
        return out.toString()
                .lines()
                .<Map<?, ?>>map(line -> Json.parse("line", line, Map.class))
                .toList();
    }

    private void checkEvents() {
        List<Map<?, ?>> lines = lines();
        assertEquals(4, lines.size());
        assertEquals(1, lines.get(0).get("decision"));
        assertEquals(1, lines.get(0).get("exit"));
        assertEquals(1, lines.get(1).get("decision"));
        assertEquals(2, lines.get(1).get("exit"));
        assertEquals(2, ((List<?>) lines.get(1).get("confidences")).size());
        assertEquals(3, lines.get(2).get("event"));
        assertEquals(0, lines.get(2).get("decision"));
        Map<?, ?> summary = (Map<?, ?>) lines.get(3).get("summary");
        assertEquals(3, summary.get("events"));
        assertEquals(2, summary.get("critical"));
        assertEquals(1, summary.get("skipped"));
        // Two events leave at exit 1 after 10 accesses, one at exit 2 after 25.
        assertEquals(15e-9, (double) summary.get("meanJoules"), 1e-18);
        assertEquals(2, ((Map<?, ?>) ((List<?>) summary.get("exits")).get(0)).get("events"));
        assertTrue(err.toString().contains("skipped: "), err.toString());
        assertTrue(err.toString().contains("line 3: 'oops!' is neither"), err.toString());
        assertTrue(err.toString().contains("1 of 4 events could not be used"), err.toString());
    }

    @Test
    void decidesTheEventsOfAFile() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.csv"), ROWS);
        int code = run(
                "infer",
                bundle,
                "--device",
                "ue1",
                "--input",
                rows.toString(),
                "--json",
                "--joules-per-access",
                "1e-9");
        assertEquals(2, code);
        checkEvents();
    }

    @Test
    void decidesAStream() {
        int code = stream(ROWS, "infer", bundle, "--device=ue1", "--input=-", "--json", "--joules-per-access=1e-9");
        assertEquals(2, code);
        checkEvents();
    }

    @Test
    void printsATable() {
        String good = ROWS.replace("oops!\n", "");
        assertEquals(0, stream(good, "infer", bundle, "--device", "ue1", "--input", "-"));
        assertEquals(3 + 1 + 1 + 2 + 1, out.toString().lines().count(), out.toString());
        assertTrue(out.toString().contains("3 events, 2 critical, 0 skipped"), out.toString());
        out.getBuffer().setLength(0);
        // Device ue2 never offloads; 0.5 is still undecided at exit 1.
        assertEquals(0, stream(good, "infer", bundle, "--device", "ue2", "--input", "-", "--quiet"));
        assertTrue(out.toString().startsWith("3 events, 0 critical"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, stream("", "infer", bundle, "--device", "ue2", "--input", "-", "--joules-per-access", "1e-9"));
        assertTrue(out.toString().startsWith("0 events"), out.toString());
    }

    /** Scaled values where levels are expected: told at the first event, and at the end, whose exit code is not 0. */
    @Test
    void scaledValuesWhereLevelsAreExpectedAreTold() {
        String scaled = "1,0,0,0\n0.5,0,0.25,1\n".repeat(20);
        assertEquals(2, stream(scaled, "infer", bundle, "--device=ue1", "--input=-", "--levels", "--json"));
        List<String> told = err.toString().lines().toList();
        assertEquals(2, told.size(), err.toString());
        assertTrue(told.get(0).startsWith("qexit: warning: 1 event: no value is larger than"), told.get(0));
        assertTrue(told.get(1).startsWith("qexit: 40 events: no value is larger than"), told.get(1));
        List<Map<?, ?>> lines = lines();
        List<?> warnings = (List<?>) lines.get(lines.size() - 1).get("warnings");
        assertEquals("values-0-to-1", ((Map<?, ?>) warnings.get(0)).get("id"));
        out.getBuffer().setLength(0);
        assertEquals(
                0, stream(scaled + "0,0,255,0\n", "infer", bundle, "--device=ue1", "--input=-", "--levels", "--json"));
        lines = lines();
        assertEquals(List.of(), lines.get(lines.size() - 1).get("warnings"));
    }

    @Test
    void timesEarlyExitAgainstAllStages() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.csv"), ROWS.replace("oops!\n", ""));
        assertEquals(
                0,
                run(
                        "bench",
                        "infer",
                        bundle,
                        "--device",
                        "ue1",
                        "--input",
                        rows.toString(),
                        "--repetitions",
                        "2",
                        "--json"));
        Map<?, ?> result = lines().get(0);
        assertEquals(3, result.get("events"));
        assertEquals(3, result.get("agreeing"));
        assertEquals(List.of(2, 1), result.get("exits"));
        assertTrue((double) result.get("meanSpeedup") > 0);
        assertEquals(0, run("bench", "infer", bundle, "--device", "ue1", "--input", rows.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none --device ue1 --input x.csv | no such bundle",
                "BUNDLE --device ue7 --input x.csv | no device 'ue7'; expected one of: ue1, ue2",
                "BUNDLE --device ue1 --input none.csv | none.csv: no such file",
                "BUNDLE --device ue1 --input - x.csv | - stands alone",
                "BUNDLE --device ue1 --input - --threads 0 | threads is 0",
                "BUNDLE --device ue1 --input - --ignore-column -2 | ignoredColumn is -2",
                "BUNDLE --device ue1 --input - --joules-per-access -1 | --joules-per-access is -1.0",
                "BUNDLE --device ue1 --input - --key none.pem | none.pem: not a key file",
            })
    void mistakesEndWithOneLine(String args, String expected) {
        assertEquals(2, stream("", ("infer " + args.replace("BUNDLE", bundle)).split(" ")));
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().strip().lines().count(), err.toString());
    }
}

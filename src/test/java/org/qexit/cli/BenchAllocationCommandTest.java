package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;

class BenchAllocationCommandTest {
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

    @Test
    void writtenFleetsCanBePlannedAndMeasured() {
        assertEquals(0, run("bench", "allocation", "--family", "geo", "--size", "5x2", "--write", folder.toString()));
        String fleet = folder.resolve("geo_5x2_s1.json").toString();
        assertEquals(0, run("bench", "allocation", fleet, "--method", "exact,random", "--json"), err.toString());
        List<?> rows = Json.parse("rows", out.toString(), List.class);
        assertEquals(2, rows.size());
        assertEquals("exact", ((Map<?, ?>) rows.get(0)).get("method"));
        assertEquals("optimal", ((Map<?, ?>) rows.get(0)).get("status"));
        assertEquals(List.of(), ((Map<?, ?>) rows.get(1)).get("violations"));
    }

    @ParameterizedTest
    @CsvSource({
        "--size, 5by2, devices x nodes",
        "--family, flat, 'geo, mid, tight or scarce'",
        "--method, magic, unknown",
        "--seconds, 0, number > 0",
        "--seeds, 0, at least 1",
        "--without, luck, 'smoothing, columns, labels, early-branching, repair, dives, exchanges'",
    })
    void mistakesAreNamed(String option, String value, String expected) {
        assertEquals(2, run("bench", "allocation", "--family", "geo", option, value));
        assertTrue(err.toString().contains(value) && err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().strip().lines().count(), err.toString());
    }

    @Test
    void withoutPartsOfTheSearchTheOptimumIsTheSame() {
        double optimum = Double.NaN;
        for (String without : List.of("", "smoothing", "columns", "labels,early-branching", "repair,dives,exchanges")) {
            out.getBuffer().setLength(0);
            List<String> args = new ArrayList<>(
                    List.of("bench", "allocation", "--family", "scarce", "--size", "14x3", "--seed", "5", "--json"));
            if (!without.isEmpty()) {
                args.addAll(List.of("--without", without));
            }
            assertEquals(0, run(args.toArray(new String[0])), err.toString());
            Map<?, ?> row =
                    (Map<?, ?>) Json.parse("rows", out.toString(), List.class).get(0);
            assertEquals("optimal", row.get("status"), without);
            double objective = ((Number) row.get("objective")).doubleValue();
            optimum = Double.isNaN(optimum) ? objective : optimum;
            assertEquals(optimum, objective, 1e-8 * Math.abs(optimum), without);
        }
    }

    /** The whole study on the smallest fleets: every file is written, every picture has its points. */
    @Test
    void aStudyWritesItsResultsAndFigures() throws IOException {
        Path config = folder.resolve("study.yaml");
        Files.writeString(config, """
            seed: 1
            course: {families: [GEO], devices: 5, nodes: 2, methods: [exact], seconds: 5}
            scaling: {families: [GEO], shapes: [[4, 2], [6, 2]], seeds: 1, seconds: 5, gap: 0.01}
            methods: {families: [GEO], devices: 4, nodes: 2, seeds: 1, seconds: 5}
            load: {devices: 3, loads: [1, 2], seeds: 1, seconds: 5}
            levels: {devices: 3, loads: [2], levels: [1, 3], seeds: 1, seconds: 5}
            """);
        assertEquals(0, run("bench", "allocation", "--study", config.toString()), err.toString());
        List<String> rows = Files.readAllLines(folder.resolve("results.csv"));
        int columns = rows.get(0).split(",", -1).length;
        rows.forEach(row -> assertEquals(columns, row.split(",", -1).length, row));
        assertTrue(rows.size() > 15);
        for (String name : List.of("gap-over-time", "scaling", "methods", "fairness-load", "security-levels")) {
            String svg = Files.readString(folder.resolve(name + ".svg"));
            assertTrue(svg.contains("<circle") && svg.endsWith("</svg>\n") && !svg.contains("NaN"), name);
        }
    }
}

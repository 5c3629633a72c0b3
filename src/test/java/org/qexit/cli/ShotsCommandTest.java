package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;

class ShotsCommandTest {
    private static final String MODEL = "models/quickstart-hybrid";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    /** A configuration of one small device of the quickstart's data. */
    private String config() throws Exception {
        Path file = folder.resolve("small.yaml");
        Files.writeString(file, """
                format: qexit.train/1
                name: small
                seed: 8
                data:
                  dataset: fashion-mnist-12k
                  task: {critical: [2, 4, 6], criticalFraction: 0.10}
                streams: {count: 1, events: [200, 200], criticalFraction: [0.2, 0.2]}
                model:
                  name: hybrid
                  blocks: [{channels: 8}]
                  heads: [{kind: quantum, qubits: 4}]
                """);
        return file.toString();
    }

    @Test
    void measuresTheEventsOfAModel() throws Exception {
        Path csv = folder.resolve("shots.csv");
        String config = config();
        String[] args = {
            "shots",
            MODEL,
            config,
            "--budget",
            "0.2",
            "--max-shots",
            "1500",
            "--delta",
            "0.1",
            "--json",
            "--csv",
            csv.toString()
        };
        assertEquals(0, run(args), err.toString());
        Map<?, ?> result = Json.parse("out", out.toString(), Map.class);
        Map<?, ?> device = (Map<?, ?>) ((List<?>) result.get("devices")).get(0);
        List<String> lines = Files.readAllLines(csv);
        int events = (Integer) device.get("events");
        assertEquals(events + 1, lines.size());
        long shots = 0;
        int capped = 0;
        for (String line : lines.subList(1, lines.size())) {
            shots += Long.parseLong(line.split(",")[5]);
            capped += Integer.parseInt(line.split(",")[6]);
        }
        assertEquals((double) shots / events, (Double) device.get("shotsPerEvent"), 1e-9);
        assertEquals(capped, device.get("atCap"));
        assertTrue((Integer) device.get("wrongBeforeCap") <= 0.1 * events);
        assertTrue((Double) device.get("gatesPerEvent") > 30 * (Double) device.get("shotsPerEvent"));
        String first = out.toString();
        assertEquals(0, run(args));
        assertEquals(first, out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--delta 0|--delta is 0.0; expected more than 0 and less than 1",
                "--delta NaN|--delta is NaN; expected more than 0 and less than 1",
                "--max-shots 0|--max-shots is 0; expected 1 to",
                "--budget 2|--budget is 2.0; expected 0 to 1",
                "--bound hedge|--bound is 'hedge'; expected hoeffding",
                "--noise depolarising=2|--noise: depolarising is 2.0",
                "--lower 0.5|--lower, --upper and --budget: expected both thresholds, or a budget",
                "--lower 0.5 --upper 0.4|expected 0 <= lower <= upper <= 1",
                "--csv /|is a directory",
            })
    void mistakesEndInOneLine(String options, String said) throws Exception {
        String[] words = ("shots " + MODEL + " " + config() + " " + options).split(" ");
        assertEquals(2, run(words));
        assertTrue(err.toString().contains(said), err.toString());
        assertEquals(1, err.toString().strip().lines().count(), err.toString());
    }

    @Test
    void aModelWithoutCircuitsIsRefused() throws Exception {
        assertEquals(2, run("shots", "models/quickstart-classical", config()));
        assertTrue(err.toString().contains("has no quantum head"), err.toString());
    }
}

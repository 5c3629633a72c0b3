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
import org.qexit.experiment.bench.GradientVariance;
import picocli.CommandLine;

class BenchCommandTest {
    private String out;
    private String err;

    private int run(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(stdout)).setErr(new PrintWriter(stderr));
        int code = line.execute(args);
        out = stdout.toString();
        err = stderr.toString();
        return code;
    }

    @Test
    void trainPrintsTheRatioAndWhereTheTimeGoes() {
        String command = "bench train --channels 2,3 --qubits 2,3 --layers 1 --input 1,6,6 --batch 8"
                + " --warm-up 1 --rounds 10 --profile 200";
        assertEquals(0, run((command + " --json").split(" ")), err);
        Map<?, ?> result = Json.parse("output", out, Map.class);
        assertTrue((Double) result.get("ratio") > 0);
        Map<?, ?> steps = (Map<?, ?>) result.get("steps");
        assertEquals(3, ((List<?>) steps.get("times")).size());
        assertEquals(result.get("ratio"), ((Map<?, ?>) ((List<?>) steps.get("ratios")).get(0)).get("ratio"));
        assertTrue(result.containsKey("profile"));
        assertEquals(0, run(command.replace("--profile 200", "--profile 0").split(" ")), err);
        assertTrue(out.contains("hybrid / hybrid-matched: "), out);
    }

    @Test
    void gradientsGoToTableJsonCsvAndPlot(@TempDir Path folder) throws java.io.IOException {
        Path csv = folder.resolve("v.csv");
        Path plot = folder.resolve("v.svg");
        String command =
                "bench gradients --qubits 1,2,3 --layers 1,2 --samples 16 --entangler cz-ring --encoding rz-after-h";
        assertEquals(0, run((command + " --json --csv " + csv + " --plot " + plot).split(" ")), err);
        GradientVariance.Report report = Json.parse("output", out, GradientVariance.Report.class);
        assertEquals(2 * 2 * 2 * 3, report.cells().size());
        assertEquals(1 + report.cells().size(), Files.readAllLines(csv).size());
        assertTrue(Files.readString(plot).startsWith("<svg"));
        assertEquals(0, run(command.split(" ")), err);
        assertEquals(2 + 8, out.lines().count());
    }

    @ParameterizedTest
    @CsvSource({
        "bench gradients --entangler ring, expected cnot-ring",
        "bench gradients --qubits 30, qubits is 30",
        "bench gradients --samples 1, samples is 1",
        "bench train --qubits 4 --channels 8 --input 28, --input has 1 numbers",
        "bench train --qubits 4, heads has 1 entries",
        "bench train --rounds 3 --warm-up 0, rounds is 3",
    })
    void mistakesEndWithOneLine(String command, String expected) {
        assertEquals(2, run(command.split(" ")));
        assertTrue(err.contains(expected), err);
    }
}

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
import org.qexit.experiment.bench.SimulationBench;
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
        assertEquals(2 * 3, ((List<?>) steps.get("times")).size());
        assertEquals(3, ((List<?>) steps.get("engines")).size());
        assertEquals(result.get("ratio"), ((Map<?, ?>) ((List<?>) steps.get("ratios")).get(0)).get("ratio"));
        assertTrue(result.containsKey("profile"));
        assertEquals(0, run(command.replace("--profile 200", "--profile 0").split(" ")), err);
        assertTrue(out.contains("hybrid / hybrid-matched: "), out);
        assertTrue(out.contains("hybrid, qexit / dl4j: "), out);
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

    @Test
    void serveLoadsANodeInAllWays() {
        String command = "bench serve src/test/resources/bundles/edge-node.zip --clients 2";
        assertEquals(0, run((command + " --rounds 2 --seconds 0.05 --json").split(" ")), err);
        Map<?, ?> result = Json.parse("output", out, Map.class);
        assertEquals(3, ((List<?>) result.get("arms")).size());
        for (Object arm : (List<?>) result.get("arms")) {
            assertTrue((Integer) ((Map<?, ?>) arm).get("requests") > 0, out);
        }
        assertEquals(0, run((command + " --requests 100").split(" ")), err);
        assertTrue(out.startsWith("100 requests, "), out);
    }

    @Test
    void simulationComesNearToTheoryForAnyNumberOfThreads() {
        String command = "bench simulation --replications 8 --horizon 5000";
        assertEquals(0, run((command + " --json --threads 1").split(" ")), err);
        SimulationBench.Figures figures = Json.parse("output", out, SimulationBench.Figures.class);
        assertEquals(
                List.of("M/M/1", "M/M/4", "M/D/1", "M/G/1", "M/M/1/5"),
                figures.queues().stream()
                        .map(SimulationBench.QueueFigures::name)
                        .toList());
        for (SimulationBench.QueueFigures q : figures.queues()) {
            // 3.5 standard errors in Student's distribution of 7 degrees of freedom: 1 in 100.
            assertEquals(q.expectedSeconds(), q.meanWaitSeconds(), 3.5 * q.standardErrorSeconds(), q.name());
            assertTrue(q.standardErrorSeconds() < 0.1 * q.expectedSeconds(), q.name());
            assertTrue(q.littleGap() < 1e-11, q.name());
        }
        assertTrue(figures.eventsPerSecond() > 1e5);
        assertTrue(figures.manyPendingEventsPerSecond() > 1e5);
        assertEquals(0, run((command + " --json --threads 3").split(" ")), err);
        assertEquals(
                figures.queues(),
                Json.parse("output", out, SimulationBench.Figures.class).queues());
        assertEquals(0, run(command.split(" ")), err);
        assertEquals(2 + 5 + 1, out.lines().count());
    }

    @ParameterizedTest
    @CsvSource({
        "bench simulation --replications 1, replications is 1",
        "bench simulation --horizon 10, horizon is 10.0",
        "bench simulation --threads 0, threads is 0",
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

package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code qexit serve en} as a process, and what it says of mistakes. */
class ServeCommandTest {
    private static final String PLAN = """
            {"format": "qexit.plan/1", "instance": "hand", "status": "feasible", "devices": [
              {"id": "ue1", "node": "en1", "lower": 0.2, "upper": 0.8, "bandwidthHz": 1e6, "powerWatts": 0.1, "computeUnits": 5,
               "truePositives": 1, "falsePositives": 0}]}
            """;

    @TempDir
    private Path folder;

    private Path plan;

    @BeforeEach
    void writePlan() throws Exception {
        plan = Files.writeString(folder.resolve("plan.json"), PLAN);
        Files.writeString(folder.resolve("none.json"), PLAN.replace("feasible", "infeasible"));
    }

    private List<String> words(String line) {
        String filled = line.replace("EN", "src/test/resources/bundles/edge-node.zip")
                .replace("UE", "models/bundle-hybrid")
                .replace("PLAN", plan.toString())
                .replace("DIR", folder.toString());
        return List.of(filled.split(" +"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EN --plan PLAN --node en1 | neither --tls nor --plain",
                "EN --plan PLAN --node en1 --plain --tls DIR | several of --tls",
                "EN --plan PLAN --node en7 --plain | no node 'en7'; expected one of: en1",
                "EN --plan DIR/none.json --node en1 --plain | field 'status' is infeasible",
                "EN --plan DIR/missing.json --node en1 --plain | no such file",
                "UE --plan PLAN --node en1 --plain --http-port 0 --state DIR/s | is a device's bundle",
                "EN --plan PLAN --node en1 --plain --http-port 70000 | --http-port is 70000",
                "EN --plan PLAN --node en1 --plain --http-port 0 --host 0.0.0.0 --state DIR/s | for this machine alone",
                "EN --plan PLAN --node en1 --plain --http-port BUSY --state DIR/s | cannot serve at 127.0.0.1",
                "EN --plan PLAN --node en1 --plain --period-seconds 0 | periodSeconds is 0.0",
                "EN --plan PLAN --node en1 --plain --max-batch 0 | maxBatch is 0",
                "EN --plan PLAN --node en1 --plain --drain-seconds -1 | --drain-seconds is -1.0",
                "EN --plan PLAN --node en1 --plain --units-per-event 0 | --units-per-event is 0.0",
                "EN --plan PLAN --node en1 --plain --trust DIR/key | --control, which is missing",
                "EN --plan PLAN --node en1 --plain --control DIR | --trust is missing",
                "EN --plan PLAN --node en1 --plain --control DIR --trust DIR/key | --fleet is missing",
            })
    void mistakesAreOneLine(String line, String expected) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> words = new ArrayList<>(List.of("serve", "en"));
            words.addAll(words(line.replace("BUSY", "" + busy.getLocalPort())));
            StringWriter err = new StringWriter();
            CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
            assertEquals(2, command.execute(words.toArray(String[]::new)));
            List<String> lines = err.toString()
                    .lines()
                    .filter(text -> !text.startsWith("note: "))
                    .toList();
            assertEquals(1, lines.size(), err.toString());
            assertTrue(lines.get(0).contains(expected), err.toString());
        }
    }

    /** Serves until SIGTERM, which lets it end with 143; two of one state do not run at a time. */
    @Test
    void servesUntilItIsToldToEnd() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.qexit.cli.Main",
                "serve",
                "en"));
        command.addAll(words("EN --plan PLAN --node en1 --plain --http-port 0 --grpc-port 0 --state DIR/state"));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("log").toFile())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String ready = String.valueOf(out.readLine());
            assertTrue(
                    ready.matches("ready: http://127\\.0\\.0\\.1:\\d+ grpc \\d+ node en1 model edge-node"),
                    ready + Files.readString(folder.resolve("log")));
            HttpResponse<String> health = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(ready.split(" ")[1] + "/v2/health/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(200, health.statusCode());
            StringWriter err = new StringWriter();
            List<String> second = new ArrayList<>(List.of("serve", "en"));
            second.addAll(words("EN --plan PLAN --node en1 --plain --http-port 0 --state DIR/state"));
            assertEquals(
                    2,
                    Main.commandLine().setErr(new PrintWriter(err)).execute(second.toArray(String[]::new)),
                    err.toString());
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(143, process.exitValue(), Files.readString(folder.resolve("log")));
        } finally {
            process.destroyForcibly();
        }
    }
}

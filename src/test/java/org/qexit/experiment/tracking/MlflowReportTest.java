package org.qexit.experiment.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.RunSummary;

/** Against a server on loopback that answers the calls of MLflow's REST interface 2.0 as documented, and keeps them. */
class MlflowReportTest {
    record Call(String method, String path, Map<?, ?> body, String authorization) {}

    private final List<Call> calls = new ArrayList<>();
    private boolean knowsExperiment;
    private int status = 200;
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/2.0/mlflow/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring("/api/2.0/mlflow/".length());
            calls.add(new Call(
                    exchange.getRequestMethod(),
                    path,
                    body.length == 0
                            ? Map.of()
                            : Json.parse("body", new String(body, StandardCharsets.UTF_8), Map.class),
                    exchange.getRequestHeaders().getFirst("Authorization")));
            int code = path.startsWith("experiments/get-by-name") && !knowsExperiment ? 404 : status;
            String answer = switch (path) {
                case "experiments/get-by-name" ->
                    knowsExperiment
                            ? "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"qexit\"}}"
                            : "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"none\"}";
                case "experiments/create" -> "{\"experiment_id\":\"8\"}";
                case "runs/create" -> "{\"run\":{\"info\":{\"run_id\":\"r" + calls.size() + "\"}}}";
                default -> "{}";
            };
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private RunSummary summary(int epochs) throws IOException {
        Path model = Files.createDirectories(folder.resolve("models/hybrid"));
        Files.writeString(
                model.resolve("model.json"),
                "{\"model\":{\"name\":\"hybrid\",\"heads\":[1,2]},\"training\":{\"epochs\":" + epochs
                        + ",\"patience\":null}}");
        StringBuilder metrics = new StringBuilder("epoch,loss,held-out/tpr\n");
        for (int epoch = 1; epoch <= epochs; epoch++) {
            metrics.append(epoch)
                    .append(",0.5,")
                    .append(epoch == 1 ? "" : "0.25")
                    .append('\n');
        }
        Files.writeString(model.resolve("metrics.csv"), metrics.toString());
        Interval rate = new Interval(0.75, 0.7, 0.8);
        RunSummary.Row row = new RunSummary.Row(
                "hybrid", "exact", "optimal", -1.5, 0.0, rate, rate, rate, new Interval(null, null, null), 0.5, null);
        RunSummary.Row missing = new RunSummary.Row(
                "hybrid", "nearest", "infeasible", null, null, null, null, null, null, null, List.of("no node"));
        return new RunSummary(folder, List.of(row, missing), List.of(), null, null, List.of(), 12.5, null);
    }

    @Test
    void everyModelBecomesARunWithItsEpochsAndRates() throws Exception {
        MlflowServer mlflow = MlflowServer.at(address(), Map.of("MLFLOW_TRACKING_TOKEN", "secret"));
        String experiment = mlflow.experiment("qexit");
        assertEquals("8", experiment);
        MlflowReport.send(mlflow, experiment, "small", summary(2));
        assertEquals(
                List.of(
                        "GET experiments/get-by-name",
                        "POST experiments/create",
                        "POST runs/create",
                        "POST runs/log-batch",
                        "POST runs/log-batch",
                        "POST runs/update"),
                calls.stream().map(call -> call.method() + " " + call.path()).toList());
        assertTrue(calls.stream().allMatch(call -> "Bearer secret".equals(call.authorization())));
        assertEquals("small/hybrid", calls.get(2).body().get("run_name"));
        assertEquals("8", calls.get(2).body().get("experiment_id"));
        List<?> parameters = (List<?>) calls.get(3).body().get("params");
        assertTrue(parameters.contains(Map.of("key", "training.epochs", "value", "2")), parameters.toString());
        assertTrue(parameters.contains(Map.of("key", "model.heads", "value", "[1,2]")), parameters.toString());
        assertTrue(
                calls.stream().skip(3).allMatch(call -> "r3".equals(call.body().get("run_id"))));
        List<?> metrics = (List<?>) calls.get(4).body().get("metrics");
        List<String> keys = metrics.stream()
                .map(metric -> ((Map<?, ?>) metric).get("key") + "@" + ((Map<?, ?>) metric).get("step"))
                .toList();
        assertEquals(
                List.of(
                        "loss@1",
                        "loss@2",
                        "held-out/tpr@2",
                        "test/exact/tpr@0",
                        "test/exact/fpr@0",
                        "test/exact/accuracy@0",
                        "test/exact/objective@0"),
                keys);
        assertEquals("FINISHED", calls.get(5).body().get("status"));
    }

    @Test
    void longHistoriesGoInPartsAndTheExperimentIsFound() throws Exception {
        knowsExperiment = true;
        MlflowServer mlflow = MlflowServer.at(address(), Map.of());
        assertEquals("7", mlflow.experiment("qexit"));
        MlflowReport.send(mlflow, "7", "long", summary(600));
        List<Integer> sizes = calls.stream()
                .map(call -> call.body().get("metrics"))
                .filter(List.class::isInstance)
                .map(list -> ((List<?>) list).size())
                .toList();
        assertEquals(List.of(1000, 203), sizes);
        assertTrue(calls.stream().allMatch(call -> call.authorization() == null));
    }

    @Test
    void aServerThatRefusesIsToldInOneLine() {
        status = 500;
        knowsExperiment = true;
        UserError error = assertThrows(
                UserError.class, () -> MlflowServer.at(address(), Map.of()).experiment("qexit"));
        assertTrue(error.getMessage().contains("refuses with status 500"), error.getMessage());
        server.stop(0);
        UserError gone = assertThrows(
                UserError.class, () -> MlflowServer.at(address(), Map.of()).experiment("qexit"));
        assertTrue(gone.getMessage().contains("cannot be reached"), gone.getMessage());
        assertEquals(1, gone.getMessage().lines().count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:5000",
                "ftp://localhost",
                "",
                "http://",
                "http://u:p@localhost",
                "http://[",
                "file:///x"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThrows(UserError.class, () -> MlflowServer.at(address, Map.of()));
    }
}

package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** The cloud hears of every event that was answered, also where it was away, or the node was. */
class CloudTellingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, JsonNode> records = new ConcurrentHashMap<>();
    private final AtomicInteger beats = new AtomicInteger();

    @TempDir
    private Path folder;

    private GoldenNode golden;
    private HttpServer cloud;
    private volatile boolean away = true;

    @BeforeEach
    void listen() throws IOException {
        golden = GoldenNode.read();
        cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud.createContext("/v1/", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            boolean beat = exchange.getRequestURI().getPath().endsWith("heartbeats");
            if (!away && beat) {
                beats.incrementAndGet();
            } else if (!away) {
                body.get("records")
                        .forEach(one -> records.put(
                                one.get("device").asText() + "/"
                                        + one.get("event").asText(),
                                one));
            }
            byte[] answer = "{}".getBytes();
            exchange.sendResponseHeaders(away && !beat ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        cloud.start();
    }

    @AfterEach
    void stop() {
        cloud.stop(0);
    }

    private NodeServer serve() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(1e6, 1));
        URI address = URI.create("http://127.0.0.1:" + cloud.getAddress().getPort());
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(plan, "en1", 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        null,
                        folder.resolve("state"),
                        HttpLimits.standard(),
                        new NodeService.Settings(null, 600, 8, 2, 10),
                        null,
                        Map.of(),
                        ReportSettings.of(new CloudReports(address, new Identity("north", Role.NODE, "en1", 1))),
                        line -> {}));
    }

    private void send(NodeServer server, int event) throws Exception {
        String rest = "\"id\":\"00000000000000dd-" + (event + 1) + "\",\"parameters\":{\"device\":\"ue1\"},";
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/v2/models/edge-node/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(golden.json("FP32", event, event + 1, rest)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    void everyAnswerIsToldAlsoLater() throws Exception {
        try (NodeServer server = serve()) {
            for (int k = 0; k < 20; k++) {
                send(server, k);
            }
        }
        assertEquals(0, records.size());
        away = false;
        try (NodeServer server = serve()) {
            send(server, 3);
            for (int k = 20; k < golden.events(); k++) {
                send(server, k);
            }
            await(() -> records.size() == golden.events() && beats.get() > 0);
        }
        for (int k = 0; k < golden.events(); k++) {
            JsonNode one = records.get("ue1/00000000000000dd-" + (k + 1));
            assertEquals(golden.classes[k], one.get("answer").asInt());
            assertEquals(golden.exits[k], one.get("exit").asInt());
            byte[] payload = Base64.getDecoder().decode(one.get("payload").asText());
            if (payload.length == GoldenNode.SIZE) {
                assertEquals((int) golden.inputs[k][300], payload[300] & 0xFF);
            } else {
                assertEquals(4 * GoldenNode.SIZE, payload.length);
            }
        }
    }
}

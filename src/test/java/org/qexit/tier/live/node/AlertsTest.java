package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.tier.live.http.HttpLimits;

/** An event of certain classes is told once: whatever is sent again, whoever is not there at first, and across restarts. */
class AlertsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private GoldenNode golden;
    private HttpServer receiver;
    private volatile int status = 204;

    @BeforeEach
    void receive() throws IOException {
        golden = GoldenNode.read();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/alerts", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes());
            if (status < 300) {
                bodies.add(body);
                keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private URI receiverAddress() {
        return URI.create(
                "http://user:secret@127.0.0.1:" + receiver.getAddress().getPort() + "/alerts");
    }

    private NodeServer serve(Map<String, URI> alerts) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(1e6, 1));
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
                        alerts,
                        null,
                        log::add));
    }

    private void send(NodeServer server, int number, int from, int to) throws Exception {
        String rest = "\"id\":\"00000000000000cc-" + number + "\",\"parameters\":{\"device\":\"ue1\"},";
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/v2/models/edge-node/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(golden.json("UINT8", from, to, rest)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private int first(int classId) {
        for (int k = 0; k < golden.events(); k++) {
            if (golden.classes[k] == classId) {
                return k;
            }
        }
        throw new AssertionError("no event of class " + classId);
    }

    @Test
    void everyEventOfTheClassIsToldOnce() throws Exception {
        int coats = 0;
        try (NodeServer server = serve(Map.of("Coat", receiverAddress()))) {
            for (int from = 0; from < golden.events(); from += 8) {
                send(server, from + 1, from, from + 8);
                send(server, from + 1, from, from + 8);
                for (int k = from; k < from + 8; k++) {
                    coats += golden.classes[k] == 4 ? 1 : 0;
                }
            }
            int expected = coats;
            assertTrue(expected > 1);
            await(() -> bodies.size() == expected);
        }
        try (NodeServer again = serve(Map.of("Coat", receiverAddress()))) {
            send(again, 1, 0, 8);
            send(again, 1000, first(4), first(4) + 1);
            int expected = coats + 1;
            await(() -> bodies.size() == expected);
        }
        assertEquals(coats + 1, keys.stream().distinct().count());
        JsonNode last = JSON.readTree(bodies.get(coats));
        assertEquals("Coat", last.get("class").asText());
        assertEquals("ue1", last.get("device").asText());
        assertEquals("00000000000000cc-1000", last.get("event").asText());
        assertEquals("en1", last.get("node").asText());
    }

    @Test
    void aReceiverThatIsAwayIsToldLater() throws Exception {
        int coat = first(4);
        status = 503;
        try (NodeServer server = serve(Map.of("Coat", receiverAddress()))) {
            send(server, 1, coat, coat + 1);
            await(() -> log.stream().anyMatch(line -> line.contains("says 503; it is tried again")));
        }
        status = 200;
        try (NodeServer server = serve(Map.of("Coat", receiverAddress()))) {
            await(() -> bodies.size() == 1);
            status = 400;
            send(server, 2, coat, coat + 1);
            await(() -> log.stream().anyMatch(line -> line.contains("is given up")));
        }
        assertEquals(1, bodies.size());
        assertTrue(log.stream().noneMatch(line -> line.contains("secret")), log.toString());
    }

    @Test
    void aClassThatIsNoneIsRefused() {
        UserError error = assertThrows(UserError.class, () -> serve(Map.of("Cat", receiverAddress())));
        assertTrue(error.getMessage().contains("no class 'Cat'; expected one of: T-shirt/top"), error.getMessage());
    }
}

package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.journal.SmallDisk;

/** An event that is sent again gets the answer it had, and is counted and admitted once. */
class ExactlyOnceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EPOCH = "00c0ffee00c0ffee-";

    private final HttpClient client = HttpClient.newHttpClient();

    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private GoldenNode golden;
    private NodeServer server;

    @BeforeEach
    void start() throws IOException {
        golden = GoldenNode.read();
        server = start(3);
    }

    private NodeServer start(double grant) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(grant, 1));
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(plan, "en1", 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        folder.resolve("state"),
                        HttpLimits.standard(),
                        new NodeService.Settings(null, 600, 8, 2, 10),
                        null,
                        log::add));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest request(String id, int event, String more) {
        String rest = "\"id\":\"" + id + "\",\"parameters\":{\"device\":\"ue1\"" + more + "},";
        return HttpRequest.newBuilder(URI.create(server.address() + "/v2/models/edge-node/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(golden.json("UINT8", event, event + 1, rest)))
                .build();
    }

    private HttpResponse<String> send(String id, int event, String more) throws Exception {
        return client.send(request(id, event, more), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode withoutMark(String body, boolean duplicate) throws IOException {
        JsonNode answer = JSON.readTree(body);
        ObjectNode parameters = (ObjectNode) answer.get("parameters");
        assertEquals(duplicate, parameters.remove("duplicate").asBoolean());
        return answer;
    }

    private String metrics() throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(server.address() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theSameAgainAlsoAfterARestart() throws Exception {
        JsonNode first = withoutMark(send(EPOCH + 1, 0, "").body(), false);
        assertEquals(first, withoutMark(send(EPOCH + 1, 0, "").body(), true));
        // By its id alone, whatever is sent with it.
        assertEquals(first, withoutMark(send(EPOCH + 1, 5, "").body(), true));
        assertEquals(200, send(EPOCH + 2, 1, "").statusCode());
        assertEquals(200, send(EPOCH + 3, 2, "").statusCode());
        assertEquals(429, send(EPOCH + 4, 3, "").statusCode());
        String metrics = metrics();
        assertTrue(metrics.contains("{admission=\"admitted\",device=\"ue1\"} 3.0"), metrics);
        assertTrue(metrics.contains("{admission=\"duplicate\",device=\"ue1\"} 2.0"), metrics);
        server.close();
        server = start(3);
        assertEquals(first, withoutMark(send(EPOCH + 1, 0, "").body(), true));
        // What was refused was not answered.
        withoutMark(send(EPOCH + 4, 3, "").body(), false);
    }

    @Test
    void whatIsSettledIsForgotten() throws Exception {
        assertEquals(200, send(EPOCH + 1, 0, "").statusCode());
        assertEquals(200, send(EPOCH + 2, 1, ",\"settled\":2").statusCode());
        HttpResponse<String> stale = send(EPOCH + 1, 0, "");
        assertEquals(409, stale.statusCode());
        assertTrue(stale.body().contains("settled"), stale.body());
        assertEquals(400, send(EPOCH + 3, 1, ",\"settled\":-1").statusCode());
        assertEquals(400, send("with a space", 1, "").statusCode());
    }

    /** The protocol leaves ids to clients, and some always give one. */
    @Test
    void whatIsNoEventsIdNamesTheRequestAlone() throws Exception {
        for (String id : List.of("5e0f0c51-8d4c-4a6e-9a39-0d6a6f1f8a11", "17", EPOCH + "0")) {
            HttpResponse<String> answer = send(id, 1, "");
            assertEquals(200, answer.statusCode(), answer.body());
            JsonNode body = JSON.readTree(answer.body());
            assertEquals(id, body.get("id").asText());
            assertFalse(body.get("parameters").has("duplicate"), answer.body());
        }
        // Each is another request.
        assertEquals(429, send("17", 1, "").statusCode());
    }

    /** Else a device would have to wait for the plan's next period once there is room. */
    @Test
    void aFullDiskTakesNothingOfWhatThePlanGrantsAndIsToldOnce() throws Exception {
        server.close();
        try (SmallDisk disk = SmallDisk.of(folder.resolve("state"), 256)) {
            server = start(20);
            disk.fill();
            // What is left of the last block is soon used up.
            int refused = 0;
            int granted = 0;
            for (int i = 1; i <= 19 && refused < 5; i++) {
                int status = send(EPOCH + i, 0, "").statusCode();
                refused += status == 503 ? 1 : 0;
                granted += status == 200 ? 1 : 0;
            }
            assertEquals(5, refused, log.toString());
            disk.empty();
            for (; granted < 20; granted++) {
                assertEquals(200, send(EPOCH + (100 + granted), 0, "").statusCode());
            }
            assertEquals(429, send(EPOCH + 200, 0, "").statusCode());
            assertEquals(
                    1,
                    log.stream()
                            .filter(line -> line.contains("devices are told 503"))
                            .count(),
                    log.toString());
            assertTrue(log.contains("journal: is written again"), log.toString());
            assertTrue(metrics().contains("{admission=\"admitted\",device=\"ue1\"} 20.0"));
            server.close();
        }
    }

    @Test
    void manyOfTheSameAtATimeAreOne() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            answers.add(client.sendAsync(request(EPOCH + 1, 0, ""), HttpResponse.BodyHandlers.ofString()));
        }
        int fresh = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertEquals(200, answer.join().statusCode(), answer.join().body());
            JsonNode body = JSON.readTree(answer.join().body());
            fresh += body.get("parameters").get("duplicate").asBoolean() ? 0 : 1;
            assertEquals(
                    golden.classes[0],
                    body.get("outputs").get(0).get("data").get(0).asInt());
        }
        assertEquals(1, fresh);
        assertTrue(metrics().contains("{admission=\"admitted\",device=\"ue1\"} 1.0"));
    }
}

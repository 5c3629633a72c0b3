package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private Path plan() throws IOException {
        return Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(1e6, 1));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + cloud.getAddress().getPort());
    }

    private NodeServer serve() throws IOException {
        return NodeMain.start(plan(), folder.resolve("state"), address());
    }

    private void send(NodeServer server, int event) throws Exception {
        assertEquals(200, status(server.address(), event, event));
    }

    private int status(String server, int seq, int event) throws IOException, InterruptedException {
        String rest = "\"id\":\"00000000000000dd-" + (seq + 1) + "\",\"parameters\":{\"device\":\"ue1\"},";
        return client.send(
                        HttpRequest.newBuilder(URI.create(server + "/v2/models/edge-node/infer"))
                                .POST(HttpRequest.BodyPublishers.ofString(golden.json("FP32", event, event + 1, rest)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
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

    private Process spawn() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        plan().toString(),
                        folder.resolve("state").toString(),
                        address().toString())
                .redirectError(folder.resolve("node.log").toFile())
                .start();
    }

    /** Kills the node itself while it answers three requests at a time; {@code away} at every other start. */
    private void campaign(int kills, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Integer> answered = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        for (int kill = 0; kill < kills; kill++) {
            away = kill % 2 == 0;
            int enough = answered.size() + 10 + random.nextInt(60);
            Process process = spawn();
            try (BufferedReader out = process.inputReader()) {
                String server = String.valueOf(out.readLine()).replace("ready: ", "");
                List<Thread> senders = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    senders.add(new Thread(() -> sendUntilKilled(server, next, answered)));
                }
                senders.forEach(Thread::start);
                while (answered.size() < enough && process.isAlive()) {
                    Thread.onSpinWait();
                }
                process.toHandle().destroyForcibly();
                for (Thread sender : senders) {
                    sender.join();
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertTrue(answered.size() >= enough, Files.readString(folder.resolve("node.log")));
        }
        away = false;
        try (NodeServer server = serve()) {
            assertTrue(server.address().startsWith("http:"), server.address());
            await(() -> answered.stream().allMatch(k -> records.containsKey("ue1/00000000000000dd-" + (k + 1))));
        }
    }

    private void sendUntilKilled(String server, AtomicInteger next, Set<Integer> answered) {
        try {
            while (true) {
                int seq = next.getAndIncrement();
                if (status(server, seq, seq % golden.events()) == 200) {
                    answered.add(seq);
                }
            }
        } catch (IOException e) {
            // Killed.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noAnswerIsUntoldThoughTheNodeIsKilled() throws Exception {
        campaign(3, 1);
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void soItIsThroughThirtyKills() throws Exception {
        campaign(30, 2);
    }
}

package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlPublisher;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.DirectoryControl;
import org.qexit.tier.live.http.HttpLimits;

/** A node follows what is published: models without a request dropped, plans; and nothing that is old, broken or another's. */
class NodeFollowerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private GoldenNode golden;
    private KeyPair keys;
    private ControlPublisher publisher;
    private NodeServer server;

    @BeforeEach
    void start() throws Exception {
        golden = GoldenNode.read();
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        publisher = new ControlPublisher(folder.resolve("control"), keys.getPrivate());
        server = serve();
    }

    private NodeServer serve() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(1e6, 2));
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
                        new NodeFollower.Settings(
                                new DirectoryControl(folder.resolve("control")),
                                new ControlTrust("north", keys.getPublic()),
                                0.05,
                                1),
                        log::add));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The frozen bundle with other texts in some files, hashed and signed anew. */
    private Path bundle(String name, Map<String, String> changes) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(GoldenNode.BUNDLE.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        ObjectNode manifest = (ObjectNode) JSON.readTree(files.get("manifest.json"));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (change.getKey().equals("name")) {
                manifest.put("name", change.getValue());
                continue;
            }
            byte[] bytes = change.getValue().getBytes(StandardCharsets.UTF_8);
            files.put(change.getKey(), bytes);
            for (JsonNode file : manifest.get("files")) {
                if (file.get("path").asText().equals(change.getKey())) {
                    ((ObjectNode) file).put("bytes", bytes.length);
                    ((ObjectNode) file)
                            .put(
                                    "sha256",
                                    HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(bytes)));
                }
            }
        }
        byte[] text = JSON.writeValueAsBytes(manifest);
        files.put("manifest.json", text);
        files.put("manifest.sig", BundleSignature.sign(text, keys.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        Path zip = folder.resolve(name + ".zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return zip;
    }

    private HttpResponse<String> infer(String rest) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/v2/models/edge-node/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(golden.json("UINT8", 0, 1, rest)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String digest() {
        try {
            return JSON.readTree(infer("").body())
                    .get("parameters")
                    .get("model_digest")
                    .asText();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean logged(String part) {
        return log.stream().anyMatch(line -> line.contains(part));
    }

    private void rollBack(int status) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/v1/models/edge-node/rollback"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), answer.body());
    }

    @Test
    void aNewModelIsServedWithoutDroppingARequestAndRolledBack() throws Exception {
        String first = digest();
        String event = "\"id\":\"00000000000000bb-1\",\"parameters\":{\"device\":\"ue1\"},";
        assertEquals(200, infer(event).statusCode());
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    try {
                        HttpResponse<String> answer = infer("");
                        assertEquals(200, answer.statusCode(), answer.body());
                        answered.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        for (int version = 2; version < 5; version++) {
            String before = digest();
            publisher.publishModel(
                    "north", "en1", bundle("v" + version, Map.of("model-card.md", "version " + version)));
            await(() -> !digest().equals(before));
        }
        stop.set(true);
        clients.forEach(CompletableFuture::join);
        assertTrue(answered.get() > 0);
        String last = digest();
        assertNotEquals(first, last);
        // What was answered by the old model is answered as it was.
        JsonNode again = JSON.readTree(infer(event).body()).get("parameters");
        assertEquals(first, again.get("model_digest").asText());
        assertTrue(again.get("duplicate").asBoolean());
        rollBack(200);
        String back = digest();
        assertNotEquals(last, back);
        assertTrue(logged("rolled back to model " + back), log.toString());
        server.close();
        server = serve();
        // What was rolled back does not come back by itself; where it was rolled back to is gone with the process.
        assertEquals(first, digest());
        rollBack(409);
        publisher.publishModel("north", "en1", folder.resolve("v4.zip"));
        await(() -> digest().equals(last));
    }

    @Test
    void whatIsOldBrokenOrAnothersIsNotFollowed() throws Exception {
        String first = digest();
        publisher.publishModel("north", "en1", bundle("other", Map.of("name", "other")));
        await(() -> logged("expected 'edge-node'"));
        String wrong;
        try (ZipFile zip = new ZipFile(GoldenNode.BUNDLE.toFile())) {
            wrong = new String(
                            zip.getInputStream(zip.getEntry("golden/golden.json"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8)
                    .replaceFirst("\"exits\" : \\[ \\d", "\"exits\" : [ 9");
        }
        publisher.publishModel("north", "en1", bundle("wrong", Map.of("golden/golden.json", wrong)));
        await(() -> logged("version 2 is not followed"));
        Path present = folder.resolve("control").resolve("model-en1.json");
        byte[] old = Files.readAllBytes(present);
        publisher.publishModel("north", "en1", bundle("good", Map.of("model-card.md", "good")));
        await(() -> !digest().equals(first));
        String good = digest();
        Files.write(present, old);
        await(() -> logged("is older than version 3"));
        Files.writeString(present, "{}");
        await(() -> log.stream().filter(line -> line.contains("refused")).count() >= 2);
        assertEquals(good, digest());
        String metrics = client.send(
                        HttpRequest.newBuilder(URI.create(server.address() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertTrue(metrics.contains("qexit_model_swaps_total 1.0"), metrics);
    }

    @Test
    void aNewPlanIsKept() throws Exception {
        String ue2 = "\"parameters\":{\"device\":\"ue2\"},";
        assertEquals(403, infer(ue2).statusCode());
        Map<String, Object> moved =
                JSON.convertValue(JSON.readTree(GoldenNode.plan(5, 5).replace("en2", "en1")), new MapType());
        publisher.publish("north", ControlKind.PLAN, "*", moved);
        await(() -> logged("follows the plan for *, version 1"));
        assertEquals(200, infer(ue2).statusCode());
        Map<String, Object> away =
                JSON.convertValue(JSON.readTree(GoldenNode.plan(5, 5).replace("en2", "en9")), new MapType());
        publisher.publish("north", ControlKind.PLAN, "en1", away);
        await(() -> logged("follows the plan for en1, version 1"));
        assertTrue(infer(ue2).body().contains("planned at en9"));
        // What is for this node prevails.
        publisher.publish("north", ControlKind.PLAN, "*", moved);
        server.close();
        server = serve();
        assertEquals(403, infer(ue2).statusCode());
    }

    /** For maps of any values. */
    private static final class MapType extends com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>> {}
}

package org.qexit.tier.live.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.SignedBundle;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

class ControlTest {
    private static KeyPair keys;
    private static KeyPair others;

    @TempDir
    private Path folder;

    private Path published;
    private ControlPublisher publisher;
    private ControlSource source;
    private ControlInbox inbox;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        others = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @BeforeEach
    void places() {
        published = folder.resolve("control");
        publisher = new ControlPublisher(published, keys.getPrivate());
        source = new DirectoryControl(published);
        inbox = inbox();
    }

    private ControlInbox inbox() {
        return new ControlInbox(new ControlTrust("f", keys.getPublic()), folder.resolve("inbox"));
    }

    private static Map<String, Object> body(int value) {
        return Map.of("value", value);
    }

    private Path file(String name) {
        return published.resolve(name);
    }

    /** An envelope made without our classes. */
    private static byte[] envelope(String payload, KeyPair pair) throws Exception {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(bytes);
        Base64.Encoder text = Base64.getEncoder();
        return ("{\"format\":\"qexit.signed/1\",\"payload\":\"" + text.encodeToString(bytes) + "\",\"signature\":\""
                        + text.encodeToString(signature.sign()) + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String payload(String fleet, String kind, String subject, String version) {
        return "{\"format\":\"qexit.control/1\",\"fleet\":\"" + fleet + "\",\"kind\":\"" + kind + "\",\"subject\":\""
                + subject + "\",\"version\":" + version
                + ",\"issued\":\"2026-01-31T12:00:00Z\",\"body\":{\"value\":1}}";
    }

    private ControlInbox.Verdict poll() throws IOException {
        return inbox.poll(source, ControlKind.PLAN, "*");
    }

    private String refused(byte[] envelope) {
        return assertInstanceOf(ControlInbox.Refused.class, inbox.judge(ControlKind.PLAN, "ue1", envelope))
                .reason();
    }

    @Test
    void versionsCountUpAndAreFollowed() throws IOException {
        assertInstanceOf(ControlInbox.NothingNew.class, poll());
        assertEquals(1, publisher.publish("f", ControlKind.PLAN, "*", body(1)).version());
        assertEquals(
                1, publisher.publish(null, ControlKind.PLAN, "ue1", body(9)).version());
        ControlInbox.Taken first = assertInstanceOf(ControlInbox.Taken.class, poll());
        assertEquals(Map.of("value", 1), first.document().body());
        assertInstanceOf(ControlInbox.NothingNew.class, poll());
        assertEquals(2, publisher.publish(null, ControlKind.PLAN, "*", body(2)).version());
        assertEquals(3, publisher.publish("f", ControlKind.PLAN, "*", body(3)).version());
        assertEquals(
                3, assertInstanceOf(ControlInbox.Taken.class, poll()).document().version());
        // After a restart it is in force still.
        inbox = inbox();
        assertEquals(3, inbox.current(ControlKind.PLAN, "*").orElseThrow().version());
        assertTrue(inbox.current(ControlKind.MODEL, "*").isEmpty());
        assertInstanceOf(ControlInbox.NothingNew.class, poll());
        assertEquals(
                List.of("plan for *, version 3", "plan for ue1, version 1"),
                ControlListing.documents(published).stream()
                        .map(ControlDocument::title)
                        .toList());
    }

    @Test
    void anOldOneIsAReplay() throws Exception {
        publisher.publish("f", ControlKind.PLAN, "*", body(1));
        publisher.publish("f", ControlKind.PLAN, "*", body(2));
        assertInstanceOf(ControlInbox.Taken.class, poll());
        Files.copy(
                file("history/plan-_all.1.json"),
                file("plan-_all.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String reason = assertInstanceOf(ControlInbox.Refused.class, poll()).reason();
        assertTrue(reason.contains("version 1: is older than version 2"), reason);
        // Told once.
        assertInstanceOf(ControlInbox.NothingNew.class, poll());
        inbox = inbox();
        assertInstanceOf(ControlInbox.Refused.class, poll());
        assertEquals(2, inbox.current(ControlKind.PLAN, "*").orElseThrow().version());
        // The same version with another content, by the right key.
        String twin = payload("f", "plan", "*", "2");
        ControlInbox.Verdict verdict = inbox.judge(ControlKind.PLAN, "*", envelope(twin, keys));
        assertTrue(
                assertInstanceOf(ControlInbox.Refused.class, verdict).reason().contains("another one"));
        // The publisher is not led astray: what it publishes next is newer than all before.
        assertEquals(3, publisher.publish("f", ControlKind.PLAN, "*", body(3)).version());
        assertInstanceOf(ControlInbox.Taken.class, poll());
    }

    @Test
    void handMadeEnvelopesAreTakenIfTheyFit() throws Exception {
        byte[] good = envelope(payload("f", "plan", "ue1", "7"), keys);
        assertInstanceOf(ControlInbox.Taken.class, inbox.judge(ControlKind.PLAN, "ue1", good));
        assertArrayEquals(good, Files.readAllBytes(folder.resolve("inbox/plan-ue1.json")));
    }

    @Test
    void whatIsForOthersIsRefused() throws Exception {
        assertTrue(refused(envelope(payload("f", "plan", "ue1", "1"), others)).contains("signature"));
        assertTrue(refused(envelope(payload("g", "plan", "ue1", "1"), keys)).contains("fleet"));
        assertTrue(refused(envelope(payload("f", "plan", "ue2", "1"), keys)).contains("subject"));
        assertTrue(refused(envelope(payload("f", "plan", "*", "1"), keys)).contains("subject"));
        assertTrue(refused(envelope(payload("f", "model", "ue1", "1"), keys)).contains("kind"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"version\":1|\"version\":0",
                "\"version\":1|\"version\":-1",
                "\"version\":1|\"version\":1.5",
                "\"version\":1|\"version\":\"1\"",
                "\"version\":1|\"version\":9223372036854775808",
                "\"version\":1|\"version\":null",
                "\"version\":1|\"version\":1,\"version\":2",
                "\"version\":1|\"version\":1,\"more\":2",
                "\"issued\"|\"isued\"",
                "2026-01-31T12:00:00Z|yesterday",
                "control/1|control/2",
                "plan|king",
                "\"body\":{\"value\":1}|\"body\":[]",
                "\"body\":{\"value\":1}|\"body\":null",
                "}}|}} x",
                "{|{\u0000",
            })
    void signedNonsenseIsRefused(String change) throws Exception {
        String[] parts = change.split("\\|");
        String good = payload("f", "plan", "ue1", "1");
        String bad = good.replace(parts[0], parts[1]);
        assertFalse(bad.equals(good));
        assertEquals(1, refused(envelope(bad, keys)).lines().count());
        assertTrue(inbox.current(ControlKind.PLAN, "ue1").isEmpty());
    }

    @Test
    void noSpoiltBytePasses() throws Exception {
        byte[] good = envelope(payload("f", "plan", "ue1", "1"), keys);
        for (int i = 0; i < good.length; i++) {
            for (int bit : new int[] {1, 32}) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) bit;
                refused(bad);
            }
        }
        for (int length : new int[] {0, 1, good.length - 1}) {
            refused(java.util.Arrays.copyOf(good, length));
        }
        refused((new String(good, StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII));
        assertInstanceOf(ControlInbox.Taken.class, inbox.judge(ControlKind.PLAN, "ue1", good));
    }

    /** Each by its own signature over the very bytes: what is spoilt after signing and what was signed so. */
    @Test
    void hugeAndDeepInputsEnd() throws Exception {
        refused(new byte[SignedEnvelope.MAX_BYTES + 1]);
        refused("[".repeat(1 << 21).getBytes(StandardCharsets.US_ASCII));
        refused(envelope("[".repeat(1 << 20), keys));
        refused(envelope("{\"a\":".repeat(1 << 18), keys));
        refused(envelope("9".repeat(1 << 20), keys));
        Files.createDirectories(published);
        Files.write(file("plan-_all.json"), new byte[SignedEnvelope.MAX_BYTES + 1]);
        assertInstanceOf(ControlInbox.Refused.class, poll());
        assertThrows(
                UserError.class,
                () -> publisher.publish("f", ControlKind.PLAN, "ue1", Map.of("long", "x".repeat(1 << 22))));
    }

    @Test
    void anotherKeyKeepsVersionsButNotDocuments() throws Exception {
        inbox.judge(ControlKind.PLAN, "ue1", envelope(payload("f", "plan", "ue1", "5"), keys));
        ControlInbox later = new ControlInbox(new ControlTrust("f", others.getPublic()), folder.resolve("inbox"));
        assertTrue(later.current(ControlKind.PLAN, "ue1").isEmpty());
        assertInstanceOf(
                ControlInbox.Refused.class,
                later.judge(ControlKind.PLAN, "ue1", envelope(payload("f", "plan", "ue1", "4"), others)));
        assertInstanceOf(
                ControlInbox.Taken.class,
                later.judge(ControlKind.PLAN, "ue1", envelope(payload("f", "plan", "ue1", "6"), others)));
    }

    @Test
    void aSpoiltInboxIsToldAndNotForgotten() throws Exception {
        inbox.judge(ControlKind.PLAN, "ue1", envelope(payload("f", "plan", "ue1", "5"), keys));
        Files.writeString(folder.resolve("inbox/plan-ue1.json"), "?");
        byte[] older = envelope(payload("f", "plan", "ue1", "4"), keys);
        String reason = assertThrows(UserError.class, () -> inbox.judge(ControlKind.PLAN, "ue1", older))
                .getMessage();
        assertTrue(reason.contains("Maybe delete it"), reason);
    }

    @Test
    void publishersBuildOnTheirOwnDocumentsOnly() throws Exception {
        assertThrows(UserError.class, () -> publisher.publish(null, ControlKind.PLAN, "*", body(1)));
        assertThrows(IllegalArgumentException.class, () -> publisher.publish("f", ControlKind.PLAN, "a/b", body(1)));
        assertThrows(IllegalArgumentException.class, () -> publisher.publish("f", ControlKind.PLAN, "_all", body(1)));
        publisher.publish("f", ControlKind.PLAN, "*", body(1));
        assertThrows(UserError.class, () -> publisher.publish("g", ControlKind.PLAN, "*", body(1)));
        ControlPublisher stranger = new ControlPublisher(published, others.getPrivate());
        assertThrows(UserError.class, () -> stranger.publish("f", ControlKind.PLAN, "*", body(1)));
        ControlTrust trust = new ControlTrust("f", keys.getPublic());
        assertEquals(1, ControlListing.verified(published, trust).size());
        Files.move(file("plan-_all.json"), file("plan-ue1.json"));
        assertThrows(UserError.class, () -> ControlListing.verified(published, trust));
    }

    /** A bundle signed by the key, or by nobody. */
    private Path bundle(String name, KeyPair signer) throws IOException {
        return SignedBundle.zip(folder.resolve(name + ".zip"), "0.3", signer == null ? null : signer.getPrivate());
    }

    @Test
    void modelsComeWithTheirBundle() throws IOException {
        Path zip = bundle("good", keys);
        assertThrows(UserError.class, () -> publisher.publishModel("f", "*", bundle("unsigned", null)));
        assertThrows(UserError.class, () -> publisher.publishModel("f", "*", bundle("foreign", others)));
        publisher.publishModel("f", "*", zip);
        ControlInbox.Taken taken =
                assertInstanceOf(ControlInbox.Taken.class, inbox.poll(source, ControlKind.MODEL, "*"));
        ModelRelease release = taken.document().body(ModelRelease.class);
        assertEquals(ModelRelease.of("tiny", "ue", Hashing.sha256Hex(zip), Files.size(zip)), release);
        Path fetched = source.fetch(release, folder.resolve("models"));
        assertEquals(-1, Files.mismatch(zip, fetched));
        Bundle.open(fetched).verifySignature(keys.getPublic());
        ControlTrust trust = new ControlTrust("f", keys.getPublic());
        assertEquals(1, ControlListing.verified(published, trust).size());
        // Other bytes of the same length.
        byte[] bytes = Files.readAllBytes(zip);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(release.path()), bytes);
        assertThrows(UserError.class, () -> ControlListing.verified(published, trust));
        assertThrows(IOException.class, () -> source.fetch(release, folder.resolve("again")));
        assertFalse(Files.exists(folder.resolve("again")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.zip", "bundles/x.zip", "/etc/passwd", ""})
    void releasesNameNoOtherFile(String path) {
        String sha = Hashing.sha256Hex(new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> new ModelRelease("m", "ue", sha, 1, path));
        assertThrows(IllegalArgumentException.class, () -> ModelRelease.of("m", "king", sha, 1));
        assertThrows(IllegalArgumentException.class, () -> ModelRelease.of("m", "ue", "../../x", 1));
        assertThrows(IllegalArgumentException.class, () -> ModelRelease.of("m", "ue", sha, 1L << 40));
    }

    private record Seen(String path, String tag) {}

    /** A server that knows nothing of ours: what it has, what it was asked. */
    private static final class Server implements AutoCloseable {
        private final HttpServer server;
        private final List<Seen> seen = new ArrayList<>();
        private final AtomicReference<byte[]> content = new AtomicReference<>();
        private int status = 200;

        Server() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String tag = exchange.getRequestHeaders().getFirst("If-None-Match");
                seen.add(new Seen(exchange.getRequestURI().toString(), tag));
                byte[] bytes = content.get();
                String own = bytes == null ? "" : "\"" + Hashing.sha256Hex(bytes) + "\"";
                if (bytes == null) {
                    exchange.sendResponseHeaders(404, -1);
                } else if (own.equals(tag)) {
                    exchange.sendResponseHeaders(304, -1);
                } else {
                    exchange.getResponseHeaders().set("ETag", own);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
                exchange.close();
            });
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        void stop() {
            server.stop(0);
        }

        @Override
        public void close() {
            stop();
        }
    }

    @Test
    void httpSendsOnlyWhatHasChanged() throws Exception {
        try (Server server = new Server()) {
            source = new HttpControl(server.uri(), null);
            assertInstanceOf(ControlInbox.NothingNew.class, poll());
            byte[] first = envelope(payload("f", "plan", "*", "1"), keys);
            server.content.set(first);
            assertInstanceOf(ControlInbox.Taken.class, poll());
            assertInstanceOf(ControlInbox.NothingNew.class, poll());
            assertArrayEquals(first, source.poll(ControlKind.PLAN, "*").orElseThrow());
            server.content.set(envelope(payload("f", "plan", "*", "2"), keys));
            assertInstanceOf(ControlInbox.Taken.class, poll());
            assertEquals("/v1/control/plan/_all", server.seen.get(0).path());
            assertEquals(null, server.seen.get(1).tag());
            assertEquals(
                    "\"" + Hashing.sha256Hex(first) + "\"", server.seen.get(2).tag());
            server.status = 500;
            server.content.set(first);
            assertThrows(IOException.class, this::poll);
            server.status = 301;
            assertThrows(IOException.class, this::poll);
            server.status = 200;
            server.content.set(new byte[SignedEnvelope.MAX_BYTES + 1]);
            assertThrows(IOException.class, this::poll);
            byte[] bundle = new byte[100_000];
            server.content.set(bundle);
            ModelRelease release = ModelRelease.of("m", "ue", Hashing.sha256Hex(bundle), bundle.length);
            Path fetched = source.fetch(release, folder.resolve("models"));
            assertArrayEquals(bundle, Files.readAllBytes(fetched));
            int asked = server.seen.size();
            source.fetch(release, folder.resolve("models"));
            assertEquals(asked, server.seen.size());
            ModelRelease longer = ModelRelease.of("m", "ue", Hashing.sha256Hex(new byte[99_999]), 99_999);
            assertThrows(IOException.class, () -> source.fetch(longer, folder.resolve("models")));
            server.stop();
            assertThrows(IOException.class, this::poll);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1:1",
                "http://example.org",
                "http://10.0.0.1:8080",
                "http://127.0.0.1:1/x",
                "http://u@127.0.0.1:1",
                "http://127.0.0.1:1/?a",
                "ftp://127.0.0.1",
                "x",
            })
    void plainHttpStaysOnThisMachine(String uri) {
        assertThrows(UserError.class, () -> new HttpControl(URI.create(uri), null));
    }
}

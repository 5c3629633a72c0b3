package org.qexit.tier.live.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Who may ask what of a node of level 2, by real handshakes. */
class NodeIdentityTest {
    @TempDir
    private static Path folder;

    private static GoldenNode golden;
    private static CertificateAuthority authority;
    private static Credentials node;
    private static NodeServer server;

    @BeforeAll
    static void start() throws IOException {
        golden = GoldenNode.read();
        authority = CertificateAuthority.init(folder.resolve("ca"), "f");
        Path files = issue(authority, Role.NODE, "en1", 2);
        // The list as the authority has it, renewed by every revocation.
        node = Credentials.read(
                files.resolve("cert.pem"),
                files.resolve("key.pem"),
                files.resolve("ca.pem"),
                folder.resolve("ca").resolve("crl.pem"));
        server = start(node, "en1");
    }

    private static NodeServer start(Credentials credentials, String id) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), GoldenNode.plan(100, 100));
        return NodeServer.start(
                Bundle.open(GoldenNode.BUNDLE),
                NodePlan.read(plan, id, 1),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        credentials,
                        null,
                        HttpLimits.standard(),
                        new NodeService.Settings(2, 600, 8, 2, 10),
                        null,
                        line -> {}));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Path issue(CertificateAuthority by, Role role, String id, Integer level) {
        return by.issue(CertificateRequest.of(new Identity(by.fleet(), role, id, level), Validity.days(30)));
    }

    private static Credentials device(String id, int level) {
        return Credentials.read(issue(authority, Role.DEVICE, id, level));
    }

    private static HttpClient client(SSLContext context, String... protocols) {
        SSLParameters parameters = new SSLParameters();
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .sslParameters(parameters)
                .build();
    }

    private static HttpResponse<String> infer(HttpClient client, String named) throws Exception {
        String parameters = named == null ? "" : "\"parameters\":{\"device\":\"" + named + "\"},";
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + "/v2/models/edge-node/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(golden.json("UINT8", 0, 1, parameters)))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int statusOfModel(HttpClient client) throws Exception {
        return get(client, "/v2/models/edge-node").statusCode();
    }

    private static HttpResponse<String> get(HttpClient client, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.address() + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aDeviceOfThePlanIsAnswered() throws Exception {
        HttpClient client = client(device("ue1", 2).context());
        HttpResponse<String> answer = infer(client, null);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body()
                .contains("\"name\":\"class\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[" + golden.classes[0]
                        + "]"));
        assertEquals(200, infer(client, "ue1").statusCode());
        assertEquals(200, statusOfModel(client));
    }

    @Test
    void othersAreRefused() throws Exception {
        HttpClient ue1 = client(device("ue1", 2).context());
        assertEquals(403, infer(ue1, "ue3").statusCode());
        HttpResponse<String> level = infer(client(device("ue3", 1).context()), null);
        assertEquals(403, level.statusCode());
        assertTrue(level.body().contains("level 1"), level.body());
        HttpResponse<String> elsewhere = infer(client(device("ue2", 3).context()), null);
        assertEquals(403, elsewhere.statusCode());
        assertTrue(elsewhere.body().contains("planned at en2"), elsewhere.body());
        assertEquals(403, infer(client(device("stranger", 3).context()), null).statusCode());
        HttpClient operator = client(
                Credentials.read(issue(authority, Role.OPERATOR, "ada", null)).context());
        assertEquals(403, infer(operator, null).statusCode());
        assertEquals(200, statusOfModel(operator));
    }

    @Test
    void whoIsNotOfTheDeploymentDoesNotConnect() throws Exception {
        CertificateAuthority other = CertificateAuthority.init(folder.resolve("other"), "f");
        SSLContext none = SSLContext.getInstance("TLS");
        none.init(null, new TrustManager[] {device("ue1", 2).trustManager()}, new SecureRandom());
        assertThrows(IOException.class, () -> infer(client(none), null));
        SSLContext foreign = SSLContext.getInstance("TLS");
        foreign.init(
                new javax.net.ssl.KeyManager[] {
                    Credentials.read(issue(other, Role.DEVICE, "ue1", 2)).keyManager()
                },
                new TrustManager[] {node.trustManager()},
                new SecureRandom());
        assertThrows(IOException.class, () -> infer(client(foreign), null));
        Credentials ue1 = device("ue1", 2);
        SSLContext old = SSLContext.getInstance("TLS");
        old.init(
                new javax.net.ssl.KeyManager[] {ue1.keyManager()},
                new TrustManager[] {ue1.trustManager()},
                new SecureRandom());
        assertThrows(IOException.class, () -> infer(client(old, "TLSv1.2"), null));
        assertEquals(200, infer(client(old, "TLSv1.3"), null).statusCode());
    }

    @Test
    void anExpiredCertificateDoesNotConnect() throws Exception {
        Instant now = Instant.now();
        Identity identity = new Identity("f", Role.DEVICE, "ue5", 2);
        Path files = authority.issue(
                CertificateRequest.of(identity, new Validity(now.minus(Duration.ofDays(2)), now.plusSeconds(2))));
        Credentials soon = Credentials.read(files);
        HttpClient client = client(soon.context());
        assertEquals(200, infer(client, null).statusCode());
        while (Instant.now().isBefore(now.plusSeconds(3))) {
            Thread.sleep(50);
        }
        // On the connection that is there, and on a new one.
        assertEquals(403, infer(client, null).statusCode());
        assertThrows(IOException.class, () -> infer(client(soon.context()), null));
    }

    @Test
    void aRevokedDeviceIsToldSoAndDoesNotComeBack() throws Exception {
        Credentials ue4 = device("ue4", 2);
        HttpClient client = client(ue4.context());
        assertEquals(200, infer(client, null).statusCode());
        authority.revoke(Role.DEVICE, "ue4");
        int status = 200;
        for (int i = 0; i < 200 && status == 200; i++) {
            Thread.sleep(25);
            status = infer(client, null).statusCode();
        }
        assertEquals(403, status);
        for (String path : List.of("/v2", "/v2/models/edge-node", "/v2/health/ready", "/metrics")) {
            assertEquals(403, get(client, path).statusCode(), path);
        }
        assertThrows(IOException.class, () -> infer(client(ue4.context()), null));
    }

    @Test
    void aNodeServesUnderItsOwnNameOnly() {
        UserError refused = assertThrows(UserError.class, () -> start(node, "en2"));
        assertTrue(refused.getMessage().contains("en2"), refused.getMessage());
        assertThrows(UserError.class, () -> start(device("ue1", 2), "en1"));
    }
}

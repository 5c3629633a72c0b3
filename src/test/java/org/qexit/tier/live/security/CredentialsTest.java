package org.qexit.tier.live.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.UserError;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;

/** Real handshakes over loopback with the JDK's server and client. */
class CredentialsTest {
    private static final Identity DEVICE = new Identity("f", Role.DEVICE, "ue1", 2);
    private static final Identity NODE = new Identity("f", Role.NODE, "en1", 1);

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private CertificateAuthority authority;
    private Path device;
    private Path node;

    @BeforeAll
    static void otherAuthority() {
        CertificateAuthority other = CertificateAuthority.init(made.resolve("other"), "f");
        other.issue(CertificateRequest.of(DEVICE, Validity.days(2)));
        other.issue(CertificateRequest.of(NODE, Validity.days(2)));
    }

    @BeforeEach
    void issue() {
        authority = CertificateAuthority.init(folder.resolve("ca"), "f");
        device = authority.issue(CertificateRequest.of(DEVICE, Validity.days(90)));
        node = authority.issue(CertificateRequest.of(NODE, Validity.days(90)));
    }

    @Test
    void bothSidesKnowEachOther() throws IOException {
        Credentials client = Credentials.read(device);
        assertEquals(DEVICE, client.identity());
        assertEquals(List.of(), client.warnings());
        try (Handshakes server = new Handshakes(Credentials.read(node).context())) {
            assertEquals(DEVICE.toUri(), server.say(client.context()));
            assertEquals(DEVICE.toUri(), server.say(client.context(), "127.0.0.1"));
            assertEquals(NODE.toUri(), server.say(Credentials.read(node).context()));
        }
    }

    @Test
    void strangersAreRefused() throws IOException {
        Path other = made.resolve("other");
        SSLContext strange = Credentials.read(other.resolve("device-ue1")).context();
        try (Handshakes server = new Handshakes(Credentials.read(node).context())) {
            assertThrows(IOException.class, () -> server.say(strange));
        }
        // The server is the stranger.
        SSLContext known = Credentials.read(device).context();
        try (Handshakes server =
                new Handshakes(Credentials.read(other.resolve("node-en1")).context())) {
            assertThrows(IOException.class, () -> server.say(known));
        }
    }

    @Test
    void aRevokedClientIsRefusedWithoutRestart() throws IOException {
        Credentials serving = Credentials.read(node);
        SSLContext client = Credentials.read(device).context();
        X509Certificate certificate = PemFiles.certificate(device.resolve(Credentials.CERTIFICATE));
        try (Handshakes server = new Handshakes(serving.context())) {
            assertEquals(DEVICE.toUri(), server.say(client));
            assertFalse(serving.revoked(certificate));
            assertTrue(serving.current(certificate));
            authority.revoke(Role.DEVICE, "ue1");
            // A session that could be resumed would let it in.
            assertThrows(IOException.class, () -> server.say(client));
            assertTrue(serving.revoked(certificate));
            assertFalse(serving.current(certificate));
            // Others still come in.
            assertEquals(NODE.toUri(), server.say(Credentials.read(node).context()));
        }
    }

    @Test
    void aRevokedServerIsRefused() throws IOException {
        SSLContext client = Credentials.read(device).context();
        try (Handshakes server = new Handshakes(Credentials.read(node).context())) {
            server.say(client);
            authority.revoke(Role.NODE, "en1");
            assertThrows(IOException.class, () -> server.say(client));
        }
    }

    @Test
    void aListThatIsOutOfDateClearsNobody() throws IOException {
        SSLContext client = Credentials.read(device).context();
        Credentials serving = Credentials.read(node);
        Instant now = Instant.now();
        try (Handshakes server = new Handshakes(serving.context())) {
            authority.renewList(new Validity(now.minusSeconds(7200), now.minusSeconds(3600)));
            assertThrows(IOException.class, () -> server.say(client));
            assertEquals(
                    List.of("revocation-list-ends-soon"),
                    serving.warnings().stream().map(w -> w.id()).toList());
            authority.renewList();
            assertEquals(DEVICE.toUri(), server.say(client));
        }
    }

    @Test
    void spoiltFilesLeaveWhatWasReadBefore() throws IOException {
        SSLContext client = Credentials.read(device).context();
        List<String> log = new ArrayList<>();
        try (Handshakes server = new Handshakes(Credentials.read(node, log::add).context())) {
            server.say(client);
            Files.writeString(node.resolve(Credentials.REVOCATIONS), "half");
            Files.delete(node.resolve(Credentials.CERTIFICATE));
            assertEquals(DEVICE.toUri(), server.say(client));
            // Once each, whatever the number of handshakes.
            server.say(client);
            assertEquals(2, log.size(), log.toString());
        }
    }

    @Test
    void aRenewedCertificateIsServedWithoutRestart() throws IOException {
        List<String> log = new ArrayList<>();
        Credentials serving = Credentials.read(node, log::add);
        SSLContext client = Credentials.read(device).context();
        try (Handshakes server = new Handshakes(serving.context())) {
            server.say(client);
            authority.revoke(Role.NODE, "en1");
            assertThrows(IOException.class, () -> server.say(client));
            authority.issue(CertificateRequest.of(NODE, Validity.days(3)));
            assertEquals(DEVICE.toUri(), server.say(client));
            // Another process's does not take its place.
            Path cloud =
                    authority.issue(CertificateRequest.of(new Identity("f", Role.CLOUD, "cs", null), Validity.days(3)));
            for (String file : List.of(Credentials.CERTIFICATE, Credentials.KEY)) {
                Files.copy(cloud.resolve(file), node.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            assertEquals(DEVICE.toUri(), server.say(client));
            assertTrue(log.get(log.size() - 1).contains("expected " + NODE), log.toString());
        }
    }

    /** Whoever calls past the files' check at start. */
    private SSLContext unchecked(Path from) {
        Path chain = from.resolve(Credentials.CERTIFICATE);
        List<X509Certificate> certificates = PemFiles.certificates(chain);
        OwnKey own =
                new OwnKey(certificates, PemFiles.key(from.resolve(Credentials.KEY)), Identity.of(certificates.get(0)));
        Trust trust = Trust.read(from.resolve(Credentials.AUTHORITY), null);
        return StrictTls.context(OwnKey.keyManager(() -> own), new PeerCheck(() -> trust, "f"));
    }

    @Test
    void expiredCertificatesAreRefusedByBothSides() throws IOException {
        Instant now = Instant.now();
        Validity past = new Validity(now.minus(Duration.ofDays(3)), now.minus(Duration.ofMinutes(1)));
        Validity future = new Validity(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));
        SSLContext good = Credentials.read(device).context();
        for (Validity validity : List.of(past, future)) {
            Path late = authority.issue(CertificateRequest.of(new Identity("f", Role.DEVICE, "late", 1), validity));
            Path lateNode = authority.issue(CertificateRequest.of(new Identity("f", Role.NODE, "late", 1), validity));
            String reason =
                    assertThrows(UserError.class, () -> Credentials.read(late)).getMessage();
            assertTrue(reason.contains(validity == past ? "expired at" : "is valid from"), reason);
            try (Handshakes server = new Handshakes(Credentials.read(node).context())) {
                assertThrows(IOException.class, () -> server.say(unchecked(late)));
            }
            try (Handshakes server = new Handshakes(unchecked(lateNode))) {
                assertThrows(IOException.class, () -> server.say(good));
            }
        }
    }

    @Test
    void hostNamesAreChecked() throws IOException {
        Path elsewhere = authority.issue(new CertificateRequest(
                new Identity("f", Role.NODE, "en2", 1), Validity.days(1), List.of("node.example.org", "::1")));
        SSLContext client = Credentials.read(device).context();
        try (Handshakes server = new Handshakes(Credentials.read(elsewhere).context())) {
            assertThrows(IOException.class, () -> server.say(client));
            assertThrows(IOException.class, () -> server.say(client, "127.0.0.1"));
        }
        // A client that forgets to check them gets nowhere.
        try (Handshakes server = new Handshakes(Credentials.read(node).context());
                SSLSocket careless = (SSLSocket) client.getSocketFactory().createSocket("localhost", server.port());
                SSLSocket careful = (SSLSocket) client.getSocketFactory().createSocket("localhost", server.port())) {
            assertThrows(IOException.class, careless::startHandshake);
            careful.setSSLParameters(Credentials.read(device).clientParameters());
            careful.startHandshake();
            assertEquals(NODE, Credentials.read(device).peer(careful.getSession()));
        }
    }

    @Test
    void devicesServeNobody() throws IOException {
        try (Handshakes server = new Handshakes(Credentials.read(device).context())) {
            SSLContext client = Credentials.read(node).context();
            assertThrows(IOException.class, () -> server.say(client));
        }
    }

    @Test
    void onlyTls13WithACertificate() throws Exception {
        Credentials serving = Credentials.read(node);
        SSLEngine engine = serving.context().createSSLEngine();
        engine.setUseClientMode(false);
        assertEquals(List.of("TLSv1.3"), List.of(engine.getEnabledProtocols()));
        assertTrue(engine.getNeedClientAuth());
        Trust trust = Trust.read(device.resolve(Credentials.AUTHORITY), null);
        try (Handshakes server = new Handshakes(serving.context())) {
            // TLS 1.2 with a good certificate.
            SSLContext old = SSLContext.getInstance("TLSv1.2");
            Credentials mine = Credentials.read(device);
            old.init(
                    new javax.net.ssl.KeyManager[] {mine.keyManager()},
                    new javax.net.ssl.TrustManager[] {mine.trustManager()},
                    null);
            assertThrows(IOException.class, () -> server.say(old));
            // No certificate.
            SSLContext nobody = SSLContext.getInstance("TLSv1.3");
            nobody.init(null, new javax.net.ssl.TrustManager[] {new PeerCheck(() -> trust, "f")}, null);
            assertThrows(IOException.class, () -> server.say(nobody));
            // No TLS.
            try (Socket plain = new Socket("localhost", server.port())) {
                plain.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
                byte[] answer = plain.getInputStream().readAllBytes();
                assertFalse(new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1).contains("qexit://"));
            }
        }
        SSLParameters parameters = serving.clientParameters();
        assertEquals("HTTPS", parameters.getEndpointIdentificationAlgorithm());
    }

    @Test
    void hostileFilesAreRefusedInOneLine() throws IOException {
        Path key = device.resolve(Credentials.KEY);
        Path chain = device.resolve(Credentials.CERTIFICATE);
        Path ca = device.resolve(Credentials.AUTHORITY);
        String pem = Files.readString(chain);
        refused("is not the key of", () -> Credentials.read(chain, node.resolve(Credentials.KEY), ca, null));
        refused("no such file", () -> Credentials.read(folder.resolve("x"), key, ca, null));
        refused("is a directory", () -> Credentials.read(folder, key, ca, null));
        refused("expected 'PRIVATE KEY'", () -> Credentials.read(chain, chain, ca, null));
        refused("expected 'CERTIFICATE'", () -> Credentials.read(key, key, ca, null));
        refused("no authority's", () -> Credentials.read(chain, key, chain, null));
        refused("an authority's", () -> Credentials.read(ca, folder.resolve("ca/ca.key.pem"), ca, null));
        refused("by no authority", () -> Credentials.read(chain, key, ca, made.resolve("other/crl.pem")));
        refused("expected 'X509 CRL'", () -> Credentials.read(chain, key, ca, ca));
        refused("not issued by the next", () -> Credentials.read(text(pem + pem), key, ca, null));
        refused("not readable as PEM", () -> Credentials.read(text(pem + "x"), key, ca, null));
        refused("not readable as PEM", () -> Credentials.read(text("x" + pem), key, ca, null));
        refused("not readable as PEM", () -> Credentials.read(text(pem.replace("END", "FIN")), key, ca, null));
        refused("not readable as PEM", () -> Credentials.read(text(pem.replace("MII", "M\u0000I")), key, ca, null));
        refused("no readable X.509", () -> Credentials.read(text(pem.replace("MII", "MIJ")), key, ca, null));
        refused("no '-----BEGIN", () -> Credentials.read(text(""), key, ca, null));
        refused("longer than", () -> Credentials.read(text("\n".repeat(1 << 18)), key, ca, null));
        refused("more than 16", () -> Credentials.read(text(pem.repeat(17)), key, ca, null));
        refused(
                "openssl pkcs8",
                () -> Credentials.read(chain, text(Files.readString(key).replace("PRIVATE", "EC PRIVATE")), ca, null));
    }

    private void refused(String part, org.junit.jupiter.api.function.Executable reading) {
        String reason = assertThrows(UserError.class, reading).getMessage();
        assertTrue(reason.contains(part), reason);
        assertFalse(reason.contains("MIG"), reason);
    }

    private Path text(String text) throws IOException {
        return Files.writeString(folder.resolve("hostile.pem"), text);
    }

    /** Any one spoilt character of a certificate: refused, or the signature is. */
    @Test
    void noSpoiltCertificatePasses() throws IOException {
        Path chain = device.resolve(Credentials.CERTIFICATE);
        String pem = Files.readString(chain);
        X509Certificate ca = PemFiles.certificate(device.resolve(Credentials.AUTHORITY));
        X509Certificate good = PemFiles.certificate(chain);
        for (int i = 0; i < pem.length(); i += 7) {
            char other = pem.charAt(i) == 'B' ? 'C' : 'B';
            Path spoilt = text(pem.substring(0, i) + other + pem.substring(i + 1));
            try {
                X509Certificate read = PemFiles.certificate(spoilt);
                assertTrue(read.equals(good) || !OwnKey.issued(ca, read), "at " + i);
            } catch (UserError e) {
                assertNotEquals("", e.getMessage());
            }
        }
    }

    @Test
    void aKeyThatOthersMayReadIsTold() throws IOException {
        Path key = device.resolve(Credentials.KEY);
        if (!Files.getFileStore(key).supportsFileAttributeView("posix")) {
            return;
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(
                List.of("key-file-mode"),
                Credentials.read(device).warnings().stream().map(w -> w.id()).toList());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
        assertEquals(List.of(), Credentials.read(device).warnings());
        Path soon = authority.issue(CertificateRequest.of(new Identity("f", Role.CLOUD, "cs", null), Validity.days(2)));
        assertEquals(
                List.of("certificate-ends-soon"),
                Credentials.read(soon).warnings().stream().map(w -> w.id()).toList());
    }
}

package org.qexit.tier.live.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** What is made is judged by the JDK's path validation and by openssl. */
class CertificateAuthorityTest {
    private static final Identity NODE = new Identity("f", Role.NODE, "en1", 1);
    private static final Identity DEVICE = new Identity("f", Role.DEVICE, "ue1", 2);
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    @TempDir
    private Path folder;

    private Path directory;
    private CertificateAuthority authority;

    @BeforeEach
    void init() {
        directory = folder.resolve("pki");
        authority = CertificateAuthority.init(directory, "f");
    }

    private static X509Certificate certificate(Path file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private X509CRL list() throws Exception {
        return (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(Files.readAllBytes(directory.resolve("crl.pem"))));
    }

    private void validate(X509Certificate leaf) throws Exception {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(certificate(directory.resolve("ca.pem")), null)));
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list()))));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    @Test
    void whatItMakesIsWhatWasAskedFor() throws Exception {
        Path node = authority.issue(
                new CertificateRequest(NODE, Validity.days(90), List.of("localhost", "127.0.0.1", "fe80::1")));
        X509Certificate leaf = certificate(node.resolve("cert.pem"));
        validate(leaf);
        assertEquals(-1, leaf.getBasicConstraints());
        assertEquals(List.of(SERVER, CLIENT), leaf.getExtendedKeyUsage());
        boolean[] usage = leaf.getKeyUsage();
        for (int i = 0; i < usage.length; i++) {
            assertEquals(i == 0, usage[i], "key usage " + i);
        }
        assertTrue(leaf.getCriticalExtensionOIDs().containsAll(Set.of("2.5.29.15", "2.5.29.19")));
        assertEquals(
                256, ((ECPublicKey) leaf.getPublicKey()).getParams().getOrder().bitLength());
        assertEquals("SHA256withECDSA", leaf.getSigAlgName());
        assertEquals("CN=en1,OU=node,O=f", leaf.getSubjectX500Principal().getName());
        List<String> names = leaf.getSubjectAlternativeNames().stream()
                .map(name -> name.get(0) + " " + name.get(1))
                .toList();
        assertEquals(
                List.of("6 qexit://f/node/en1?level=1", "2 localhost", "7 127.0.0.1", "7 fe80:0:0:0:0:0:0:1"), names);
        Duration length = Duration.between(
                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        assertEquals(Duration.ofDays(90).plusMinutes(5), length);

        Path device = authority.issue(CertificateRequest.of(DEVICE, Validity.days(1)));
        X509Certificate second = certificate(device.resolve("cert.pem"));
        validate(second);
        assertEquals(List.of(CLIENT), second.getExtendedKeyUsage());

        X509Certificate ca = certificate(directory.resolve("ca.pem"));
        assertEquals(0, ca.getBasicConstraints());
        assertTrue(ca.getKeyUsage()[5] && ca.getKeyUsage()[6] && !ca.getKeyUsage()[0]);
        assertTrue(ca.getNotAfter().toInstant().isAfter(Instant.now().plus(Duration.ofDays(3650))));
        ca.verify(ca.getPublicKey());
        for (Path key : List.of(directory.resolve("ca.key.pem"), node.resolve("key.pem"), device.resolve("key.pem"))) {
            if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            }
        }
    }

    @Test
    void serialNumbersAreLongAndDiffer() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertTrue(seen.add(CertificateMaker.serial().toString(16)));
            assertEquals(127, CertificateMaker.serial().bitLength());
        }
    }

    @Test
    void revokingIsListedAndRefused() throws Exception {
        Path device = authority.issue(CertificateRequest.of(DEVICE, Validity.days(1)));
        X509Certificate first = certificate(device.resolve("cert.pem"));
        authority.issue(CertificateRequest.of(DEVICE, Validity.days(2)));
        X509Certificate second = certificate(device.resolve("cert.pem"));
        Path node = authority.issue(CertificateRequest.of(NODE, Validity.days(1)));
        assertNotEquals(first.getSerialNumber(), second.getSerialNumber());
        assertEquals(null, list().getRevokedCertificates());
        authority.revoke(first.getSerialNumber().toString(16));
        assertThrows(CertPathValidatorException.class, () -> validate(first));
        validate(second);
        assertEquals(1, authority.revoke(Role.DEVICE, "ue1").size());
        assertThrows(CertPathValidatorException.class, () -> validate(second));
        validate(certificate(node.resolve("cert.pem")));
        assertEquals(2, list().getRevokedCertificates().size());
        assertTrue(list().getNextUpdate().toInstant().isAfter(Instant.now().plus(Duration.ofDays(89))));
        assertEquals(
                List.of("revoked", "revoked", "valid"),
                CertificateAuthority.open(directory).list().stream()
                        .map(Issued::state)
                        .toList());
        for (Path copy : List.of(device, node)) {
            assertEquals(-1, Files.mismatch(directory.resolve("crl.pem"), copy.resolve("crl.pem")));
        }
        assertThrows(UserError.class, () -> authority.revoke(Role.DEVICE, "ue1"));
        assertThrows(UserError.class, () -> authority.revoke(Role.CLOUD, "en1"));
        assertThrows(UserError.class, () -> authority.revoke("\nab"));
    }

    /** Killed between the index and the list: whoever opens it next ends what was begun. */
    @Test
    void aHalfDoneRevocationIsEnded() throws Exception {
        Path device = authority.issue(CertificateRequest.of(DEVICE, Validity.days(1)));
        byte[] before = Files.readAllBytes(directory.resolve("crl.pem"));
        authority.revoke(Role.DEVICE, "ue1");
        Files.write(directory.resolve("crl.pem"), before);
        Files.write(device.resolve("crl.pem"), before);
        CertificateAuthority.open(directory);
        assertEquals(1, list().getRevokedCertificates().size());
        assertEquals(-1, Files.mismatch(directory.resolve("crl.pem"), device.resolve("crl.pem")));
        Files.delete(directory.resolve("crl.pem"));
        CertificateAuthority.open(directory);
        assertEquals(1, list().getRevokedCertificates().size());
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        assertThrows(UserError.class, () -> CertificateAuthority.init(directory, "f"));
        assertThrows(UserError.class, () -> CertificateAuthority.open(folder.resolve("none")));
        assertThrows(IllegalArgumentException.class, () -> CertificateAuthority.init(folder.resolve("x"), "a b"));
        assertFalse(Files.exists(folder.resolve("x")));
        assertThrows(
                UserError.class,
                () -> authority.issue(
                        CertificateRequest.of(new Identity("g", Role.CLOUD, "cs", null), Validity.days(1))));
        assertThrows(IllegalArgumentException.class, () -> Validity.days(0));
        assertThrows(
                IllegalArgumentException.class, () -> new CertificateRequest(DEVICE, Validity.days(1), List.of("a")));
        assertThrows(IllegalArgumentException.class, () -> new CertificateRequest(NODE, Validity.days(1), List.of()));
        Path index = directory.resolve("index.json");
        authority.issue(CertificateRequest.of(DEVICE, Validity.days(1)));
        String good = Files.readString(index);
        for (String bad : List.of(
                good.replace("ue1", "u e"),
                good.replace("certificates/1", "certificates/2"),
                good.replaceFirst("(\"serial\" *: *\")", "$1zz"),
                good.replaceFirst("(\"to\" *: *\")", "$1two"),
                good.replace("\"fleet\"", "\"flea\""),
                "{}",
                "")) {
            assertNotEquals(good, bad);
            Files.writeString(index, bad);
            String reason = assertThrows(UserError.class, () -> CertificateAuthority.open(directory))
                    .getMessage();
            assertTrue(reason.startsWith(index.toString()), reason);
        }
        try (Stream<Path> files = Files.list(directory)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            assertEquals(Set.of("ca.pem", "ca.key.pem", "crl.pem", "index.json", "device-ue1"), names);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "en1.example.org",
                "127.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "a-b.c"
            })
    void hostsThatAre(String host) throws Exception {
        Path node = authority.issue(new CertificateRequest(NODE, Validity.days(1), List.of(host)));
        boolean address = host.contains(":") || Character.isDigit(host.charAt(host.length() - 1));
        assertEquals(
                2,
                certificate(node.resolve("cert.pem"))
                        .getSubjectAlternativeNames()
                        .size());
        assertEquals(address, CertificateRequest.isAddress(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.example.org",
                "En1",
                "-a",
                "a-",
                "a..b",
                "a_b",
                "256.1.1.1",
                "1.2.3",
                "1.2.3.4.5",
                "1:2",
                "1::2::3",
                ":::",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "a b",
                "a\n",
                "x/y",
                "1:2:3:4:5:6:7:8::1",
                ":1:2:3:4:5:6:7:8"
            })
    void hostsThatAreNone(String host) {
        assertThrows(
                IllegalArgumentException.class, () -> new CertificateRequest(NODE, Validity.days(1), List.of(host)));
    }

    @Test
    void opensslAgrees() throws Exception {
        Path node = authority.issue(CertificateRequest.of(NODE, Validity.days(1)));
        assumeTrue(openssl("version") == 0, "no openssl here");
        String ca = directory.resolve("ca.pem").toString();
        String crl = directory.resolve("crl.pem").toString();
        String leaf = node.resolve("cert.pem").toString();
        String[] verify = {
            "verify",
            "-x509_strict",
            "-purpose",
            "sslserver",
            "-verify_hostname",
            "localhost",
            "-crl_check",
            "-CRLfile",
            crl,
            "-CAfile",
            ca,
            leaf
        };
        assertEquals(0, openssl(verify));
        authority.revoke(Role.NODE, "en1");
        assertEquals(2, openssl(verify));
        assertEquals(0, openssl("crl", "-in", crl, "-CAfile", ca, "-noout"));
        assertEquals(0, openssl("pkey", "-in", node.resolve("key.pem").toString(), "-check", "-noout"));
    }

    private int openssl(String... words) throws InterruptedException {
        try {
            String[] command =
                    Stream.concat(Stream.of("openssl"), Stream.of(words)).toArray(String[]::new);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }
}

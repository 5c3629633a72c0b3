package org.qexit.tier.live.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of another maker: the JDK's keytool, with RSA keys and authorities between. */
class KeytoolCertificatesTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    @Test
    void chainsOfAnotherMakerWork() throws Exception {
        keytool("ca", "CN=root", "-keyalg", "EC", "-groupname", "secp384r1", "-ext", "bc:c");
        keytool(
                "mid",
                "CN=mid",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-signer",
                "ca",
                "-ext",
                "bc:c=ca:true,pathlen:0");
        keytool(
                "node",
                "CN=n",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-signer",
                "mid",
                "-ext",
                "san=uri:qexit://f/node/en1?level=1,dns:localhost");
        keytool(
                "device",
                "CN=d",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-signer",
                "ca",
                "-ext",
                "san=uri:qexit://f/device/ue1?level=3,uri:https://example.org/x");
        keytool(
                "foreign",
                "CN=d",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-signer",
                "ca",
                "-ext",
                "san=uri:qexit://g/device/ue1?level=3");
        keytool("nobody", "CN=d", "-keyalg", "EC", "-groupname", "secp256r1", "-signer", "ca");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path ca = Files.writeString(
                folder.resolve("ca.pem"),
                pem("CERTIFICATE", store.getCertificate("ca").getEncoded()));
        Credentials node = credentials(store, "node", 2, ca);
        Credentials device = credentials(store, "device", 1, ca);
        Credentials foreign = credentials(store, "foreign", 1, ca);
        assertEquals(new Identity("f", Role.NODE, "en1", 1), node.identity());
        assertEquals(new Identity("f", Role.DEVICE, "ue1", 3), device.identity());
        try (Handshakes server = new Handshakes(node.context())) {
            assertEquals("qexit://f/device/ue1?level=3", server.say(device.context()));
            assertThrows(IOException.class, () -> server.say(device.context(), "127.0.0.1"));
            // Vouched for by the same authority, of another fleet.
            assertThrows(IOException.class, () -> server.say(foreign.context()));
        }
        assertThrows(org.qexit.common.UserError.class, () -> credentials(store, "nobody", 1, ca));
    }

    private Credentials credentials(KeyStore store, String alias, int length, Path ca)
            throws GeneralSecurityException, IOException {
        StringBuilder chain = new StringBuilder();
        for (int i = 0; i < length; i++) {
            chain.append(pem("CERTIFICATE", store.getCertificateChain(alias)[i].getEncoded()));
        }
        Path key = folder.resolve(alias + ".key.pem");
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        return Credentials.read(Files.writeString(folder.resolve(alias + ".pem"), chain), key, ca, null);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private void keytool(String alias, String name, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keystore",
                folder.resolve("store.p12").toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                name,
                "-validity",
                "2"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        assertEquals(true, process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("log")));
    }
}

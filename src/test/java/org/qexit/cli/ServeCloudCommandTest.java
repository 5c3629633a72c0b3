package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.BundleSignature;
import org.qexit.tier.live.control.ControlInbox;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.security.Credentials;

/** The server as a process, over TLS, from its certificates to its end. */
class ServeCloudCommandTest {
    private static final String PLAN =
            "{\"format\":\"qexit.plan/1\",\"instance\":\"i\",\"method\":\"m\",\"status\":\"feasible\",\"devices\":[]}";

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String line) {
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(line.replace("IN/", folder + "/").split(" "));
    }

    private void refused(String line, String part) {
        assertEquals(2, run(line));
        assertEquals(
                1, err.toString().lines().filter(l -> !l.startsWith("note: ")).count(), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
    }

    @Test
    void servesUntilItIsTold() throws Exception {
        Files.writeString(folder.resolve("plan.json"), PLAN);
        assertEquals(0, run("certificates init IN/pki --fleet north"));
        assertEquals(0, run("certificates issue IN/pki --cloud cs"));
        assertEquals(0, run("certificates issue IN/pki --device ue1 --level 1"));
        assertEquals(0, run("export --new-key IN/k"));
        refused("serve cs IN/c --plain", "no such directory");
        assertEquals(0, run("control publish IN/c --fleet north --kind plan --file IN/plan.json --key IN/k.key.pem"));
        refused("serve cs IN/c", "neither --tls nor --plain");
        refused("serve cs IN/c --plain --tls IN/pki/cloud-cs", "several of");
        refused("serve cs IN/c --tls IN/pki/device-ue1 --http-port 0", "expected that of a cloud server");
        refused("serve cs IN/c --plain --host 0.0.0.0", "127.0.0.1");
        refused("serve cs IN/c --plain --labels IN/l.csv", "go with --model");
        refused("serve cs IN/c --plain --model IN/m", "--key is missing");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "org.qexit.cli.Main",
                        "serve",
                        "cs",
                        folder.resolve("c").toString(),
                        "--http-port",
                        "0",
                        "--tls",
                        folder.resolve("pki/cloud-cs").toString())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();
            assertTrue(
                    ready != null && ready.startsWith("ready: https://127.0.0.1:"),
                    Files.readString(folder.resolve("err")));
            HttpControl source = new HttpControl(
                    URI.create(ready.substring("ready: ".length())),
                    Credentials.read(folder.resolve("pki/device-ue1")));
            ControlInbox inbox = new ControlInbox(
                    new ControlTrust("north", BundleSignature.readPublicKey(folder.resolve("k.pub.pem"))),
                    folder.resolve("inbox"));
            assertTrue(inbox.poll(source, ControlKind.PLAN, "*") instanceof ControlInbox.Taken);
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(143, process.exitValue());
            assertEquals("", Files.readString(folder.resolve("err")));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void helpHasExamples() throws IOException {
        StringWriter out = new StringWriter();
        assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute("serve", "cs", "--help"));
        assertTrue(out.toString().contains("Examples:"), out.toString());
    }
}

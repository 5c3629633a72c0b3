package org.qexit.tier.live.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.TinyBundle;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.DirectoryControl;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Thresholds;

/** A device and documents that the test signs by itself, as the format says. */
class ControlFollowerTest {
    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private KeyPair keys;
    private InForce begun;

    @BeforeEach
    void begin() throws Exception {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        begun = InForce.of(Bundle.open(new TinyBundle().zip(folder.resolve("tiny.zip"))), "ue1");
    }

    private ControlFollower follower() {
        return new ControlFollower(
                new DirectoryControl(folder.resolve("control")),
                new ControlTrust("north", keys.getPublic()),
                folder.resolve("kept"),
                "ue1",
                said::add);
    }

    private byte[] publish(String kind, String subject, int version, String body, PrivateKey key) throws Exception {
        byte[] payload = ("{\"format\":\"qexit.control/1\",\"fleet\":\"north\",\"kind\":\"" + kind + "\",\"subject\":\""
                        + subject
                        + "\",\"version\":" + version + ",\"issued\":\"2026-01-01T00:00:0" + version + "Z\",\"body\":"
                        + body + "}")
                .getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(payload);
        Base64.Encoder text = Base64.getEncoder();
        byte[] envelope = ("{\"format\":\"qexit.signed/1\",\"payload\":\"" + text.encodeToString(payload)
                        + "\",\"signature\":\"" + text.encodeToString(signature.sign()) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        write(kind, subject, envelope);
        return envelope;
    }

    private void write(String kind, String subject, byte[] envelope) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("control"));
        Files.write(directory.resolve(kind + "-" + (subject.equals("*") ? "_all" : subject) + ".json"), envelope);
    }

    private static String plan(String lower, String node) {
        return "{\"format\":\"qexit.plan/1\",\"instance\":\"x\",\"devices\":[{\"id\":\"ue1\",\"node\":\"" + node
                + "\",\"lower\":" + lower + ",\"upper\":0.9,\"computeUnits\":1},{\"id\":\"ue2\",\"node\":\"en3\","
                + "\"lower\":0.1,\"upper\":\"never\"}]}";
    }

    @Test
    void theNewestWordIsInForceAlsoAfterARestart() throws Exception {
        ControlFollower follower = follower();
        assertEquals(false, follower.poll());
        assertEquals(begun.thresholds(), follower.inForce(begun).thresholds());
        byte[] old = publish("plan", "*", 1, plan("0.4", "en2"), keys.getPrivate());
        assertTrue(follower.poll());
        InForce first = follower.inForce(begun);
        assertEquals(new Thresholds(0.4f, 0.9f), first.thresholds());
        assertEquals("en2", first.node());
        assertEquals(Set.of("en2", "en3"), first.nodes());
        publish(
                "thresholds",
                "ue1",
                2,
                "{\"format\":\"qexit.thresholds/1\",\"devices\":[{\"id\":\"ue1\",\"lower\":0.5,\"upper\":0.7}]}",
                keys.getPrivate());
        assertTrue(follower.poll());
        assertEquals(new Thresholds(0.5f, 0.7f), follower.inForce(begun).thresholds());
        publish("plan", "*", 3, plan("0.45", "en1"), keys.getPrivate());
        assertTrue(follower.poll());
        assertEquals(new Thresholds(0.45f, 0.9f), follower.inForce(begun).thresholds());
        // Replayed, and by a stranger.
        write("plan", "*", old);
        assertEquals(false, follower.poll());
        assertTrue(
                said.get(said.size() - 1).contains("refused: ")
                        && said.get(said.size() - 1).contains("older"),
                said + "");
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        publish("plan", "*", 9, plan("0.1", "en9"), stranger.getPrivate());
        assertEquals(false, follower.poll());
        ControlFollower again = follower();
        assertEquals(false, again.poll());
        assertEquals("en1", again.inForce(begun).node());
        assertEquals(new Thresholds(0.45f, 0.9f), again.inForce(begun).thresholds());
    }

    @Test
    void thresholdsPerExitAreFollowedAndThoseOfOtherExitsAreNot() throws Exception {
        ControlFollower follower = follower();
        int exits = begun.bundle().manifest().exits();
        String rest = ", 0.25".repeat(exits - 1);
        String file = "{\"format\":\"qexit.thresholds/1\",\"devices\":[{\"id\":\"ue1\",\"rule\":\"per-exit\","
                + "\"lower\":[\"never\"" + rest + "],\"upper\":[\"never\"" + rest + "]}]}";
        publish("thresholds", "ue1", 1, file, keys.getPrivate());
        assertTrue(follower.poll());
        float[] quarter = new float[exits];
        float[] upper = new float[exits];
        Arrays.fill(quarter, 0.25f);
        Arrays.fill(upper, 0.25f);
        quarter[0] = ExitThresholds.BELOW_ALL;
        upper[0] = ExitThresholds.ABOVE_ALL;
        ExitThresholds expected = ExitThresholds.of(quarter, upper);
        assertEquals(expected, follower.inForce(begun).thresholds());
        publish(
                "plan",
                "*",
                2,
                plan("[0.1" + rest + "]", "en2").replace("0.9", "[0.9" + rest + "]"),
                keys.getPrivate());
        assertTrue(follower.poll());
        quarter[0] = 0.1f;
        upper[0] = 0.9f;
        assertEquals(ExitThresholds.of(quarter, upper), follower.inForce(begun).thresholds());
        publish("thresholds", "ue1", 3, file.replace("0.25]", "0.25, 0.25]"), keys.getPrivate());
        assertTrue(follower.poll());
        assertEquals(ExitThresholds.of(quarter, upper), follower.inForce(begun).thresholds());
        assertTrue(said.get(said.size() - 1).contains("is not followed"), said + "");
    }

    @Test
    void whatIsOfNoUseChangesNothing() throws Exception {
        ControlFollower follower = follower();
        publish("plan", "*", 1, "{\"format\":\"qexit.plan/1\",\"devices\":[]}", keys.getPrivate());
        publish("thresholds", "ue1", 1, "{\"format\":\"qexit.thresholds/1\",\"devices\":[]}", keys.getPrivate());
        assertTrue(follower.poll());
        InForce now = follower.inForce(begun);
        assertEquals(begun.thresholds(), now.thresholds());
        assertEquals(begun.node(), now.node());
        assertEquals(
                2,
                said.stream().filter(line -> line.contains("is not followed")).count(),
                said + "");
    }

    @Test
    void anotherModelIsTakenIfItsBundleIsSigned() throws Exception {
        TinyBundle other = new TinyBundle();
        other.device("ue1", "0.35", "0.75");
        byte[] manifest = other.manifest().getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(manifest);
        String signed = Base64.getEncoder().encodeToString(signature.sign()) + "\n";
        for (boolean sign : new boolean[] {false, true}) {
            Path zip = folder.resolve(sign + ".zip");
            if (sign) {
                Files.write(zip, Zips.with(other, "manifest.sig", signed));
            } else {
                other.zip(zip);
            }
            String sha256 = org.qexit.common.Hashing.sha256Hex(zip);
            Path bundles = Files.createDirectories(folder.resolve("control/bundles"));
            Files.copy(zip, bundles.resolve(sha256 + ".zip"));
            publish(
                    "model",
                    "*",
                    sign ? 2 : 1,
                    "{\"name\":\"tiny\",\"role\":\"ue\",\"sha256\":\"" + sha256 + "\",\"bytes\":" + Files.size(zip)
                            + ",\"path\":\"bundles/" + sha256 + ".zip\"}",
                    keys.getPrivate());
            ControlFollower follower = follower();
            assertTrue(follower.poll());
            InForce now = follower.inForce(begun);
            assertEquals(sign ? new Thresholds(0.35f, 0.75f) : begun.thresholds(), now.thresholds(), said + "");
        }
        assertTrue(said.stream().anyMatch(line -> line.contains("is not signed")), said + "");
    }
}

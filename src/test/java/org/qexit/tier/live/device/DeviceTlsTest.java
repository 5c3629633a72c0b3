package org.qexit.tier.live.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.NodeSettings;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** A device and the real node by real handshakes: who sends nothing to whom, and who is refused. */
class DeviceTlsTest {
    private static final Path DEVICE = Path.of("models/bundle-hybrid");
    private static final Path NODE = Path.of("src/test/resources/bundles/edge-node.zip");
    private static final int EVENTS = 12;

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private CertificateAuthority authority;
    private int runs;

    @BeforeEach
    void init() {
        authority = CertificateAuthority.init(folder.resolve("ca"), "f");
    }

    private static Credentials issue(CertificateAuthority by, Role role, String id, int level) {
        return Credentials.read(
                by.issue(CertificateRequest.of(new Identity(by.fleet(), role, id, level), Validity.days(30))));
    }

    private NodeServer node(Credentials credentials, Map<String, Double> grants) {
        return NodeServer.start(
                Bundle.open(NODE),
                new NodePlan(credentials.identity().id(), grants, Map.of()),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        credentials,
                        folder.resolve("node-" + runs++),
                        HttpLimits.standard(),
                        new NodeService.Settings(credentials.identity().level(), 1, 8, 2, 10),
                        null,
                        line -> {}));
    }

    /** Every event is critical for a device that offloads everything. */
    private DeviceSummary run(Credentials credentials, String address, double deadlineSeconds) {
        said.clear();
        Bundle bundle = Bundle.open(DEVICE);
        BundleManifest.Input input = bundle.manifest().input();
        InForce begun = InForce.of(bundle, "ue1").withThresholds(new org.qexit.trace.Thresholds(0, 0));
        NodeSettings settings = Bundle.open(NODE).node();
        DeviceOptions options = new DeviceOptions(
                "ue1",
                List.of(NodeAddress.parse(address, false)),
                PayloadFormat.of("edge-node", settings, input),
                "numbers",
                folder.resolve("outbox-" + runs++),
                null,
                deadlineSeconds,
                2,
                1,
                credentials,
                credentials.identity().level(),
                null,
                10,
                said::add);
        DeviceProcess device = DeviceProcess.start(begun, options);
        int[] next = {0};
        try (device) {
            device.run(
                    () -> next[0]++ < EVENTS
                            ? Optional.of(new EventFeed.Item(image(next[0], input.size()), null))
                            : Optional.empty(),
                    Pace.asFastAsPossible(),
                    () -> false);
        }
        DeviceSummary summary = device.summary();
        assertEquals(EVENTS, summary.offloaded() + summary.dropped());
        assertTrue(summary.offloaded() >= EVENTS / 2, summary.toString());
        return summary;
    }

    private static float[] image(int seed, int size) {
        float[] image = new float[size];
        for (int i = 0; i < size; i++) {
            image[i] = (i * 31 + seed * 97) % 256;
        }
        return image;
    }

    private void assertSaid(String text) {
        assertTrue(said.stream().anyMatch(line -> line.contains(text)), said.toString());
    }

    @Test
    void theRightDeviceIsAnsweredAndOthersAreNot() throws IOException {
        try (NodeServer server = node(issue(authority, Role.NODE, "en1", 2), Map.of("ue1", 1e6))) {
            String address = server.address().toString();
            DeviceSummary good = run(issue(authority, Role.DEVICE, "ue1", 2), "en1=" + address, 60);
            assertEquals(good.offloaded(), good.classified() + good.rejected(), good.toString());
            // A node of level 2 does not reach a device of level 1: nothing is sent to it.
            DeviceSummary secret = run(issue(authority, Role.DEVICE, "ue1", 1), "en1=" + address, 1);
            assertEquals(secret.offloaded(), secret.missed());
            assertEquals(0, secret.refused());
            assertSaid("security level 2");
            // Another node than the one that was named.
            DeviceSummary other = run(
                    issue(authority, Role.DEVICE, "ue1", 3), "en1=" + address.replace("127.0.0.1", "localhost"), 60);
            assertEquals(other.offloaded(), other.classified() + other.rejected());
        }
        try (NodeServer wrong = node(issue(authority, Role.NODE, "en7", 1), Map.of("ue1", 1e6))) {
            DeviceSummary summary = run(issue(authority, Role.DEVICE, "ue1", 2), "en1=" + wrong.address(), 1);
            assertEquals(summary.offloaded(), summary.missed());
            assertEquals(0, summary.refused());
            assertSaid("expected node en1");
        }
    }

    @Test
    void aDeviceThatThePlanDoesNotHaveIsRefusedForGood() throws IOException {
        try (NodeServer server = node(issue(authority, Role.NODE, "en1", 1), Map.of("ue2", 1e6))) {
            DeviceSummary summary = run(issue(authority, Role.DEVICE, "ue1", 2), "en1=" + server.address(), 60);
            assertEquals(summary.offloaded(), summary.refused());
            assertEquals(summary.offloaded(), summary.missed());
            assertSaid("403: device 'ue1' is not in the plan");
        }
    }

    @Test
    void aStrangersNodeGetsNothing() throws IOException {
        CertificateAuthority stranger = CertificateAuthority.init(folder.resolve("stranger"), "f");
        try (NodeServer server = node(issue(stranger, Role.NODE, "en1", 1), Map.of("ue1", 1e6))) {
            DeviceSummary summary = run(issue(authority, Role.DEVICE, "ue1", 2), "en1=" + server.address(), 1);
            assertEquals(summary.offloaded(), summary.missed());
            assertEquals(0, summary.late() + summary.refused());
        }
    }

    /** The plan grants six events a second and the device has more: it is told when to come again, and none is lost. */
    @Test
    void aDeviceBeyondItsGrantWaits() throws IOException {
        try (NodeServer server = node(issue(authority, Role.NODE, "en1", 1), Map.of("ue1", 6.0))) {
            DeviceSummary summary = run(issue(authority, Role.DEVICE, "ue1", 2), "en1=" + server.address(), 60);
            assertEquals(summary.offloaded(), summary.classified() + summary.rejected());
            assertTrue(summary.offloaded() <= 6 || summary.retries() > 0, summary.toString());
        }
    }
}

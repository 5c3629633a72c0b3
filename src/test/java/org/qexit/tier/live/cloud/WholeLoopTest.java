package org.qexit.tier.live.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.allocation.Plan;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Json;
import org.qexit.data.formats.Idx;
import org.qexit.tier.cloud.AcceptanceRules;
import org.qexit.tier.cloud.CloudRules;
import org.qexit.tier.cloud.ReplayLimits;
import org.qexit.tier.cloud.TriggerRules;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.device.DeviceOptions;
import org.qexit.tier.live.device.DeviceProcess;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.device.EventFeed;
import org.qexit.tier.live.device.InForce;
import org.qexit.tier.live.device.NodeAddress;
import org.qexit.tier.live.device.Pace;
import org.qexit.tier.live.device.PayloadFormat;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Devices, a node and the cloud over loopback: what devices send and the node answers arrives in the cloud, once, also where that is away. */
@SuppressWarnings("try") // servers that only have to run
class WholeLoopTest {
    private static final Path DEVICE = Path.of("models/bundle-hybrid");
    private static final Path NODE = Path.of("src/test/resources/bundles/edge-node.zip");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private byte[][] images;
    private PrivateKey key;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        images = Idx.read(Path.of("datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz"))
                .rows();
        key = BundleSignature.readPrivateKey(BundleKeys.create(folder.resolve("k"))[0]);
        Files.createDirectory(folder.resolve("control"));
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    private CloudService cloud() {
        CloudRules rules = new CloudRules(
                new ReplayLimits(400, 10, 0.5),
                new TriggerRules(60, true, null, 20, 0),
                new AcceptanceRules(0.05, 0, 0.5, Map.of()),
                0.4,
                20,
                List.of(1),
                7);
        return CloudService.start(
                new CloudService.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        null,
                        HttpLimits.standard(),
                        folder.resolve("control"),
                        log::add),
                new CloudService.Learning(
                        new CloudSettings(rules, 28 * 28, 1_000, List.of("*"), 0.05),
                        folder.resolve("state"),
                        new FakeModel(200),
                        FakeModel::read,
                        key,
                        "tiny",
                        "f",
                        LabelSource.NONE,
                        0.05));
    }

    private ReportSettings reports(Role role, String id) {
        return ReportSettings.of(
                        new CloudReports(URI.create("http://127.0.0.1:" + port), new Identity("f", role, id, 1)))
                .withHeartbeatSeconds(1);
    }

    private NodeServer node() {
        Plan plan = Json.read(DEVICE.resolve("plan.json"), Plan.class);
        return NodeServer.start(
                Bundle.open(NODE),
                NodePlan.of("plan", plan, "en1", 1e-6),
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        null,
                        folder.resolve("node"),
                        HttpLimits.standard(),
                        new NodeService.Settings(null, 1, 8, 2, 10),
                        null,
                        Map.of(),
                        reports(Role.NODE, "en1"),
                        log::add));
    }

    /** Runs up to an event; from {@code darkFrom} on images are blank. */
    private DeviceSummary device(String id, NodeServer node, int upTo, int darkFrom) {
        Bundle bundle = Bundle.open(NODE);
        DeviceProcess process = DeviceProcess.start(
                InForce.of(Bundle.open(DEVICE), id),
                new DeviceOptions(
                        id,
                        List.of(NodeAddress.parse("en1=" + node.address(), true)),
                        PayloadFormat.of(
                                bundle.manifest().name(),
                                bundle.node(),
                                bundle.manifest().input()),
                        "images",
                        folder.resolve(id),
                        null,
                        600,
                        4,
                        5,
                        null,
                        1,
                        null,
                        10,
                        reports(Role.DEVICE, id),
                        log::add));
        try (process) {
            int[] next = {0};
            process.run(
                    () -> next[0] == upTo
                            ? Optional.empty()
                            : Optional.of(new EventFeed.Item(image(next[0]++, darkFrom), null)),
                    Pace.asFastAsPossible(),
                    () -> false);
        }
        return process.summary();
    }

    private float[] image(int k, int darkFrom) {
        float[] values = new float[images[k].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = k >= darkFrom ? 0 : images[k][i] & 0xff;
        }
        return values;
    }

    private String get(String path) {
        try {
            return CLIENT.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "{}";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object events() {
        return Json.parse("status", get("/v1/status"), Map.class).get("events");
    }

    private static int answered(DeviceSummary... devices) {
        int sum = 0;
        for (DeviceSummary device : devices) {
            sum += (int) (device.classified() + device.rejected() + device.late());
        }
        return sum;
    }

    @Test
    void whatIsAnsweredArrivesOnceThoughTheCloudIsAway() throws Exception {
        try (NodeServer node = node()) {
            try (CloudService cloud = cloud()) {
                int first = answered(device("ue1", node, 60, Integer.MAX_VALUE));
                assertTrue(first > 5, first + "");
                await(() -> events().equals(first));
                await(() -> get("/v1/fleet").contains("qexit://f/node/en1?level=1"));
                String fleet = get("/v1/fleet");
                assertTrue(fleet.contains("\"offloaded\":" + first), fleet);
                assertTrue(fleet.contains("qexit://f/device/ue1?level=1"), fleet);
            }
            // Nobody waits for the cloud.
            DeviceSummary one = device("ue1", node, 120, Integer.MAX_VALUE);
            DeviceSummary two = device("ue5", node, 60, Integer.MAX_VALUE);
            assertEquals(0, one.missed() + one.waiting() + two.missed() + two.waiting());
            try (CloudService cloud = cloud()) {
                await(() -> events().equals(answered(one, two)));
                assertEquals(answered(one, two), one.offloaded() + two.offloaded());
            }
        }
        try (NodeServer node = node();
                CloudService cloud = cloud()) {
            DeviceSummary three = device("ue1", node, 130, Integer.MAX_VALUE);
            DeviceSummary two = device("ue5", node, 60, Integer.MAX_VALUE);
            await(() -> events().equals(answered(three, two)));
        }
    }

    /** Blank images behind 300 of the usual ones. */
    @Test
    void driftThatADeviceNoticesIsAnAlarmInTheCloud() throws Exception {
        try (NodeServer node = node();
                CloudService cloud = cloud()) {
            device("ue5", node, 300, 300);
            assertTrue(log.stream().noneMatch(line -> line.contains("drifted")), log.toString());
        }
        try (NodeServer node = node();
                CloudService cloud = cloud()) {
            // What is normal is known from the run before.
            device("ue5", node, 450, 300);
            await(() -> log.stream()
                    .anyMatch(line -> line.startsWith("alarm of qexit://f/device/ue5?level=1: conformal-")));
            assertTrue(get("/v1/fleet").contains("\"alarms\":1"), get("/v1/fleet"));
            Files.writeString(folder.resolve("ue5-drift.json"), "{\"model\":3}");
            device("ue5", node, 460, 300);
            assertTrue(log.stream().anyMatch(line -> line.contains("drift is watched anew")), log.toString());
        }
    }
}

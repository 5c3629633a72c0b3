package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.allocation.Plan;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.data.formats.Idx;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.device.FakeNode;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;

/** The device's command: against a node of a few lines, and against the real one on frozen bundles. */
class DeviceCommandTest {
    private static final Path DEVICE = Path.of("models/bundle-hybrid");
    private static final Path NODE = Path.of("src/test/resources/bundles/edge-node.zip");

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String tiny;

    @BeforeEach
    void writeBundle() throws IOException {
        tiny = new TinyBundle().zip(folder.resolve("tiny.zip")).toString();
    }

    private int run(String... words) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    @Test
    void repliesAreCountedAndTheSameCommandGoesOn() throws IOException {
        StringBuilder rows = new StringBuilder();
        SplittableRandom random = new SplittableRandom(5);
        int classified = 0;
        int rejected = 0;
        try (EdgeRuntime runtime = EdgeRuntime.open(Path.of(tiny), "ue1")) {
            for (int k = 0; k < 60; k++) {
                float[] event = new float[4];
                for (int i = 0; i < 4; i++) {
                    event[i] = random.nextInt(9) * 0.061f;
                    rows.append(event[i]).append(i < 3 ? "," : "\n");
                }
                if (runtime.classify(event).critical()) {
                    classified += FakeNode.answer(event) >= 0 ? 1 : 0;
                    rejected += FakeNode.answer(event) < 0 ? 1 : 0;
                }
            }
        }
        Path csv = Files.writeString(folder.resolve("rows.csv"), rows + "oops,1\n");
        try (FakeNode node = new FakeNode(0, FakeNode::classified)) {
            String[] words = {
                "device",
                tiny,
                "--id",
                "ue1",
                "--events",
                csv.toString(),
                "--en",
                node.url(),
                "--en-model",
                "tiny-node",
                "--plain",
                "--state",
                folder.resolve("state").toString(),
                "--rate",
                "2000",
                "--json"
            };
            for (int round = 0; round < 2; round++) {
                out.getBuffer().setLength(0);
                assertEquals(0, run(words), err.toString());
                Map<?, ?> summary = Json.parse("summary", out.toString(), Map.class);
                assertEquals(60, summary.get("events"));
                assertEquals(1, summary.get("unreadable"));
                assertEquals(classified, summary.get("classified"));
                assertEquals(rejected, summary.get("rejected"));
                assertEquals(60 - classified - rejected, summary.get("dropped"));
                assertEquals(0, summary.get("missed"));
            }
            assertTrue(classified > 10 && rejected > 3, classified + " and " + rejected);
            assertTrue(err.toString().contains("rows.csv line 61"), err.toString());
        }
    }

    /** The device's own decision, what is sent, and the node's: as the two runtimes say of the same images. */
    @Test
    void withTheRealNodeEveryEventComesToWhatTheRuntimesSay() throws IOException {
        byte[][] images = Idx.read(Path.of("datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz"))
                .rows();
        int events = 150;
        StringBuilder rows = new StringBuilder();
        for (int k = 0; k < events; k++) {
            for (int i = 0; i < images[k].length; i++) {
                rows.append(i == 0 ? "" : ",").append(images[k][i] & 0xff);
            }
            rows.append('\n');
        }
        Path csv = Files.writeString(folder.resolve("rows.csv"), rows);
        Plan plan = Json.read(DEVICE.resolve("plan.json"), Plan.class);
        NodeServer.Options options = new NodeServer.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                null,
                folder.resolve("node"),
                HttpLimits.standard(),
                new NodeService.Settings(null, 1, 8, 2, 10),
                null,
                line -> {});
        List<String> log;
        try (NodeServer node = NodeServer.start(Bundle.open(NODE), NodePlan.of("plan", plan, "en1", 1e-6), options)) {
            assertEquals(
                    0,
                    run(
                            "device",
                            DEVICE.toString(),
                            "--id",
                            "ue1",
                            "--events",
                            csv.toString(),
                            "--en",
                            "en1=" + node.address(),
                            "--en-bundle",
                            NODE.toString(),
                            "--plain",
                            "--state",
                            folder.resolve("state").toString(),
                            "--deadline-seconds",
                            "60",
                            "--log",
                            folder.resolve("log").toString()),
                    err.toString());
            log = Files.readAllLines(folder.resolve("log"));
        }
        Map<Integer, List<Object>> found = new TreeMap<>();
        for (String text : log) {
            Map<?, ?> line = Json.parse("line", text, Map.class);
            List<Object> what = new ArrayList<>(List.of(line.get("end"), line.get("exit")));
            if (line.containsKey("class")) {
                what.addAll(List.of(line.get("class"), line.get("nodeExit")));
            }
            found.put((Integer) line.get("event"), what);
        }
        int answered = 0;
        try (EdgeRuntime device = EdgeRuntime.open(DEVICE, "ue1");
                NodeRuntime node = NodeRuntime.open(NODE)) {
            for (int k = 0; k < events; k++) {
                float[] image = new float[images[k].length];
                for (int i = 0; i < image.length; i++) {
                    image[i] = images[k][i] & 0xff;
                }
                EdgeRuntime.Result own = device.classify(image);
                List<Object> expected = new ArrayList<>();
                if (own.critical()) {
                    NodeRuntime.Result far = node.classify(image);
                    expected.addAll(List.of(
                            far.falseAlarm() ? "rejected" : "classified", own.exit(), far.classId(), far.exit()));
                    answered++;
                } else {
                    expected.addAll(List.of("dropped", own.exit()));
                }
                assertEquals(expected, found.get(k + 1), "event " + (k + 1));
            }
        }
        assertEquals(events, found.size());
        assertTrue(answered > 20, answered + " answered");
        assertTrue(out.toString().contains("missed      0"), out.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --en-model m --en-bundle m   | both of --en-bundle and --en-model given; expected one of the two
                    --plain                      | neither --en-bundle nor --en-model given; expected one of the two
                    --en-model m                 | neither --tls nor --plain is given
                    --en-model m --plain --rate 0| --rate is 0.0; expected above 0
                    --en-model m --plain --rate 1 --times t | --rate and --times are both given
                    --en-model m --plain --speed 2 | --speed is for --times
                    --en-model m --plain --deadline-seconds 0 | --deadline-seconds is 0.0; expected 0.001
                    --en-model m --plain --senders 0 | --senders is 0; expected 1 to 256
                    --en-model m --plain --en https://127.0.0.1:1 | --en is 'https://127.0.0.1:1'; expected [ID=]http://HOST
                    --en-model m --plain --en http://10.0.0.1:1 | --plain is for this machine alone
                    --en-model m --plain --trust k | --trust and --fleet go with --control, which is missing
                    --en-model m --plain --control c | --trust is missing; expected the public key
                    --en-model m --plain --control c --trust k | --fleet is missing; expected it with --control and --plain
                    --en-model m --plain --id ue9 | no device 'ue9'; expected one of: ue1, ue2
                    """)
    void mistakesAreTold(String words, String told) throws IOException {
        List<String> all = new ArrayList<>(List.of("device", tiny));
        all.addAll(List.of(words.split(" ")));
        Path csv = Files.writeString(folder.resolve("rows.csv"), "1,1,1,1\n");
        if (!words.contains("--id")) {
            all.addAll(List.of("--id", "ue1"));
        }
        all.addAll(List.of(
                "--events", csv.toString(), "--state", folder.resolve("s").toString()));
        if (!words.contains("--en ")) {
            all.addAll(List.of("--en", "http://127.0.0.1:1"));
        }
        assertEquals(2, run(all.toArray(String[]::new)), err.toString());
        assertTrue(err.toString().contains(told), err.toString());
        assertEquals("", out.toString());
    }
}

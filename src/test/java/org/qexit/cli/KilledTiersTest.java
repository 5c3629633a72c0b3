package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.allocation.Plan;
import org.qexit.common.Json;
import org.qexit.data.formats.Idx;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.journal.NodeJournal;

/**
 * The commands {@code serve en} and {@code device}, killed at thirty random moments while 2,000 events run: every event comes to the end that the
 * two runtimes say, once, and both sides count the same.
 */
@Tag("slow")
class KilledTiersTest {
    private static final Path DEVICE = Path.of("models/bundle-hybrid");
    private static final Path NODE = Path.of("src/test/resources/bundles/edge-node.zip");
    private static final int EVENTS = 2000;
    private static final int KILLS = 30;
    private static final long LONGEST_MILLIS = 6000;

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String log, String words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words.replace("DIR", folder.toString()).split(" ")));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(log + ".err").toFile()))
                .redirectOutput(folder.resolve(log + ".out").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private byte[][] images() throws IOException {
        byte[][] rows = Idx.read(Path.of("datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz"))
                .rows();
        try (DataOutputStream out = new DataOutputStream(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("events-idx3-ubyte.gz"))))) {
            for (int header : new int[] {0x803, EVENTS, 28, 28}) {
                out.writeInt(header);
            }
            for (int k = 0; k < EVENTS; k++) {
                out.write(rows[k]);
            }
        }
        return rows;
    }

    /** The device's plan with room for all events. */
    private void writePlan() throws IOException {
        String plan = Files.readString(DEVICE.resolve("plan.json"))
                .replaceAll("\"computeUnits\" : [0-9.]+", "\"computeUnits\" : 1000000.0");
        Files.writeString(folder.resolve("plan.json"), plan);
        Json.read(folder.resolve("plan.json"), Plan.class);
    }

    @Test
    @Timeout(1200)
    void everyEventEndsOnce() throws Exception {
        byte[][] images = images();
        writePlan();
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String serve =
                "serve en " + NODE + " --plan DIR/plan.json --node en1 --plain --state DIR/node --http-port " + port;
        String run =
                "device " + DEVICE + " --id ue1 --events DIR/events-idx3-ubyte.gz --en-model edge-node --plain --state"
                        + " DIR/device --log DIR/events.jsonl --rate 40 --deadline-seconds 900 --json --en http://127.0.0.1:"
                        + port;
        SplittableRandom random = new SplittableRandom(9);
        Process node = start("node", serve);
        Process device = start("device", run);
        for (int kill = 0; kill < KILLS; kill++) {
            device.waitFor(random.nextLong(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
            if (random.nextBoolean()) {
                device.destroyForcibly().waitFor();
                device = start("device", run);
            } else {
                node.destroyForcibly().waitFor();
                node = start("node", serve);
            }
        }
        assertTrue(device.waitFor(10, TimeUnit.MINUTES), "still running");
        assertEquals(0, device.exitValue(), Files.readString(folder.resolve("device.err")));
        node.destroyForcibly().waitFor();
        check(images, Json.read(folder.resolve("device.out"), Map.class));
    }

    private void check(byte[][] images, Map<?, ?> summary) throws IOException {
        Map<Integer, Map<?, ?>> lines = new TreeMap<>();
        for (String text : Files.readAllLines(folder.resolve("events.jsonl"))) {
            Map<?, ?> line = Json.parse("line", text, Map.class);
            assertEquals(null, lines.put((Integer) line.get("event"), line), "twice: " + text);
        }
        assertEquals(EVENTS, lines.size());
        Map<String, Integer> counts = new TreeMap<>();
        try (EdgeRuntime device = EdgeRuntime.open(DEVICE, "ue1");
                NodeRuntime node = NodeRuntime.open(NODE)) {
            for (int k = 0; k < EVENTS; k++) {
                float[] image = new float[images[k].length];
                for (int i = 0; i < image.length; i++) {
                    image[i] = images[k][i] & 0xff;
                }
                Map<?, ?> line = lines.get(k + 1);
                String expected = "dropped";
                if (device.classify(image).critical()) {
                    NodeRuntime.Result far = node.classify(image);
                    expected = far.falseAlarm() ? "rejected" : "classified";
                    assertEquals(far.classId(), line.get("class"), line.toString());
                }
                assertEquals(expected, line.get("end"), line.toString());
                counts.merge(expected, 1, Integer::sum);
            }
        }
        for (String end : List.of("dropped", "classified", "rejected")) {
            assertEquals(counts.get(end), summary.get(end), summary.toString());
        }
        assertEquals(0, summary.get("missed"));
        try (NodeJournal journal = NodeJournal.open(folder.resolve("node/journal"))) {
            assertEquals(Map.of("ue1", (long) (counts.get("classified") + counts.get("rejected"))), journal.answered());
        }
    }
}

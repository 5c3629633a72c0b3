package org.qexit.tier.live.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Kills the cloud server while records come in. What it acknowledged is never sent again, and must all be there in the end. */
class KilledCloudTest {
    private static final Identity NODE = new Identity("f", Role.NODE, "en1", 1);
    private static final int BATCH = 3;
    private static final int PER_DEVICE = 200;

    @TempDir
    private Path folder;

    private static EventRecord record(int number) {
        return EventRecord.of(
                "ue" + number / PER_DEVICE,
                "0123456789abcdef-" + (number % PER_DEVICE + 1),
                Hashing.sha256Hex(new byte[0]),
                0,
                1,
                new byte[] {(byte) number});
    }

    private Process spawn() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CloudProcess.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "process.log"))
                .start();
    }

    private String address(Process process) throws IOException, InterruptedException {
        Path file = folder.resolve("address");
        for (int i = 0; i < 6_000 && process.isAlive() && !Files.exists(file); i++) {
            Thread.sleep(10);
        }
        assertTrue(Files.exists(file), Files.readString(folder.resolve("process.log")));
        return Files.readString(file);
    }

    private void campaign(int kills, int most, long seed) throws Exception {
        Path[] keys = BundleKeys.create(folder.resolve("k"));
        Files.createDirectory(folder.resolve("control"));
        SplittableRandom random = new SplittableRandom(seed);
        int next = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process process = spawn();
            try {
                CloudReports reports = new CloudReports(URI.create(address(process)), NODE);
                // The kill comes while a batch is under way: from a thread of its own, some microseconds after one is
                // sent.
                int last = next + BATCH * (1 + random.nextInt(most));
                long pause = random.nextInt(3_000_000);
                while (next < last + BATCH * most) {
                    if (next >= last && process.isAlive()) {
                        Thread killer = new Thread(() -> {
                            long end = System.nanoTime() + pause;
                            while (System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                            process.destroyForcibly();
                        });
                        killer.start();
                    }
                    List<EventRecord> batch = new ArrayList<>();
                    for (int i = 0; i < BATCH; i++) {
                        batch.add(record(next + i));
                    }
                    if (reports.records(batch)) {
                        next += BATCH;
                    }
                }
            } catch (IOException e) {
                // Killed: the batch that was not acknowledged is sent again, and no other.
            } finally {
                process.destroyForcibly().waitFor();
                Files.deleteIfExists(folder.resolve("address"));
            }
        }
        assertTrue(next >= BATCH * kills, next + "");
        List<String> log = new ArrayList<>();
        try (CloudService service = CloudProcess.start(folder, null, BundleSignature.readPrivateKey(keys[0]), log)) {
            List<EventRecord> unacknowledged = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                unacknowledged.add(record(next + i));
            }
            assertTrue(new CloudReports(URI.create(service.address()), NODE).records(unacknowledged));
            HttpResponse<String> status = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(service.address() + "/v1/status"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(
                    next + BATCH,
                    Json.parse("status", status.body(), Map.class).get("events"),
                    log + Files.readString(folder.resolve("process.log")));
        }
    }

    @Test
    void whatWasAcknowledgedIsThere() throws Exception {
        campaign(3, 30, 1);
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void soItIsThroughThirtyKills() throws Exception {
        campaign(30, 60, 2);
    }
}

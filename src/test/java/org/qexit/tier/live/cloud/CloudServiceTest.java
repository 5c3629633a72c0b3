package org.qexit.tier.live.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.authority.CertificateAuthority;
import org.qexit.tier.live.authority.CertificateRequest;
import org.qexit.tier.live.authority.Validity;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.ControlInbox;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.control.ModelRelease;
import org.qexit.tier.live.journal.SmallDisk;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** The cloud server over loopback, with a model of one number: truth is "critical from 100 on", the deployed model says 200. */
class CloudServiceTest {
    private static final Identity NODE = new Identity("f", Role.NODE, "en1", 1);
    private static final Identity DEVICE = new Identity("f", Role.DEVICE, "ue1", 1);

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final List<String> log = new ArrayList<>();
    private PrivateKey key;
    private PublicKey open;

    @BeforeEach
    void keys() throws IOException {
        Path[] files = BundleKeys.create(folder.resolve("k"));
        key = BundleSignature.readPrivateKey(files[0]);
        open = BundleSignature.readPublicKey(files[1]);
        Files.createDirectory(folder.resolve("control"));
    }

    private CloudService start() {
        return CloudProcess.start(folder, null, key, log);
    }

    private static EventRecord record(String device, int seq, int value) {
        return EventRecord.of(
                device, "0123456789abcdef-" + (seq + 1), Hashing.sha256Hex(new byte[0]), 0, 1, new byte[] {(byte) value
                });
    }

    /** Records whose sources differ as far as a byte can: 256 of them. */
    private static List<EventRecord> records(String device, int first, int count) {
        List<EventRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(device, first + i, (first + i) & 0xff));
        }
        return records;
    }

    private void label(List<EventRecord> records) throws IOException {
        StringBuilder text = new StringBuilder();
        Path file = folder.resolve("labels.csv");
        text.append(Files.exists(file) ? Files.readString(file) : "event,class\n");
        for (EventRecord record : records) {
            text.append(record.id())
                    .append(',')
                    .append((record.bytes()[0] & 0xff) >= 100 ? 1 : 0)
                    .append('\n');
        }
        Files.writeString(folder.resolve("labels.new"), text);
        Files.move(folder.resolve("labels.new"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<?, ?> get(String address, String path) {
        try {
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
            return Json.parse(path, answer.body(), Map.class);
        } catch (IOException e) {
            return Map.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ControlInbox.Verdict followed(String address, String inbox) throws IOException {
        return new ControlInbox(new ControlTrust("f", open), folder.resolve(inbox))
                .poll(new HttpControl(URI.create(address), null), ControlKind.MODEL, "*");
    }

    @Test
    void whatIsLearntIsTestedSignedAndPublished() throws Exception {
        String address;
        try (CloudService service = start()) {
            address = service.address();
            CloudReports reports = new CloudReports(URI.create(address), NODE);
            assertInstanceOf(ControlInbox.NothingNew.class, followed(address, "before"));
            List<EventRecord> all = records("ue1", 0, 256);
            assertTrue(reports.records(all));
            assertTrue(reports.records(all.subList(0, 10)));
            assertEquals(256, get(address, "/v1/status").get("events"));
            label(all);
            String now = address;
            await(() ->
                    get(now, "/v1/status").get("version").equals(1) && Files.exists(folder.resolve("state/published")));
            ControlInbox.Taken taken = assertInstanceOf(ControlInbox.Taken.class, followed(address, "inbox"));
            ModelRelease release = taken.document().body(ModelRelease.class);
            assertEquals("tiny", release.name());
            Path bundle = new HttpControl(URI.create(address), null).fetch(release, folder.resolve("fetched"));
            org.qexit.bundle.Bundle.open(bundle).verifySignature(open);
            FakeModel learnt = FakeModel.read(folder.resolve("state/candidates/1/model"));
            // All but the few values around 100 that were held out are known.
            assertTrue(Math.abs(learnt.from() - 100) <= 10, learnt.toString());
            assertTrue(Files.readString(folder.resolve("state/candidates/1/evidence.json"))
                    .contains("\"better\""));
        }
        // What is in force stays so, and is not published twice.
        try (CloudService service = start()) {
            assertEquals(1, get(service.address(), "/v1/status").get("version"));
            assertEquals(
                    1,
                    assertInstanceOf(ControlInbox.Taken.class, followed(service.address(), "again"))
                            .document()
                            .version());
        }
        // With another model at the beginning the state has no meaning.
        Files.delete(folder.resolve("state/candidates/1/model/from"));
        Files.writeString(folder.resolve("state/candidates/1/model/from"), "7");
        assertThrows(UserError.class, this::start);
    }

    @Test
    void onlyNodesBringRecordsAndNobodyFloods() throws Exception {
        CertificateAuthority authority = CertificateAuthority.init(folder.resolve("pki"), "f");
        Credentials cloud = issue(authority, new Identity("f", Role.CLOUD, "cs", null));
        Credentials node = issue(authority, NODE);
        Credentials device = issue(authority, DEVICE);
        assertThrows(UserError.class, () -> CloudProcess.start(folder, node, key, log));
        try (CloudService service = CloudProcess.start(folder, cloud, key, log)) {
            URI uri = URI.create(service.address());
            CloudReports nodes = new CloudReports(uri, node);
            CloudReports devices = new CloudReports(uri, device);
            assertTrue(nodes.records(records("ue1", 0, 5)));
            String refused = assertThrows(IOException.class, () -> devices.records(records("ue1", 5, 5)))
                    .getMessage();
            assertTrue(refused.contains("403"), refused);
            assertThrows(
                    IOException.class,
                    () -> nodes.records(List.of(EventRecord.of(
                            "ue1", "0123456789abcdef-9", Hashing.sha256Hex(new byte[0]), 0, 1, new byte[2]))));
            assertThrows(
                    IOException.class,
                    () -> nodes.records(List.of(EventRecord.of(
                            "ue1", "0123456789abcdef-9", Hashing.sha256Hex(new byte[0]), 2, 1, new byte[1]))));
            // A device's share: 300 of its events, whatever node brings them.
            assertTrue(nodes.records(records("ue2", 0, 1_000)));
            assertTrue(nodes.records(records("ue2", 1_000, 1_000)));
            assertTrue(nodes.records(records("ue3", 0, 10)));
            assertTrue(log.stream().anyMatch(line -> line.contains("ue2 has its 300 events")), log.toString());

            assertTrue(devices.heartbeat(Heartbeat.of(Map.of("plan", 3L), Map.of("seen", 12L))));
            int taken = 0;
            for (int i = 0; i < 20; i++) {
                taken += devices.alarm(Alarm.of("rate", 4.2, "more than usual")) ? 1 : 0;
            }
            assertEquals(5, taken);
            assertTrue(nodes.alarm(Alarm.of("rate", 4.2, "")));
            // A device reads what is for it or for all, and looks at nothing else.
            HttpControl reader = new HttpControl(uri, device);
            assertTrue(reader.poll(ControlKind.PLAN, "ue1").isEmpty());
            assertThrows(IOException.class, () -> reader.poll(ControlKind.PLAN, "ue2"));
            authority.revoke(Role.DEVICE, "ue1");
            assertThrows(IOException.class, () -> reader.poll(ControlKind.PLAN, "ue1"));
            assertThrows(IOException.class, () -> devices.heartbeat(Heartbeat.of(Map.of(), Map.of())));
        }
        try (CloudService service = start()) {
            assertEquals(315, get(service.address(), "/v1/status").get("events"));
        }
    }

    private static Credentials issue(CertificateAuthority authority, Identity identity) {
        return Credentials.read(authority.issue(CertificateRequest.of(identity, Validity.days(1))));
    }

    private static String figures(String address) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(address + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aFullDiskRefusesAndLosesNothing() throws Exception {
        Path state = Files.createDirectory(folder.resolve("state"));
        List<EventRecord> all = records("ue1", 0, 256);
        try (SmallDisk disk = SmallDisk.of(state, 400);
                CloudService service = start()) {
            String address = service.address();
            CloudReports reports = new CloudReports(URI.create(address), NODE);
            assertTrue(reports.records(all.subList(0, 100)));
            disk.fill();
            int taken = 100;
            boolean refused = false;
            while (!refused && taken < 250) {
                refused = !reports.records(all.subList(taken, taken + 10));
                taken += refused ? 0 : 10;
            }
            assertTrue(refused);
            assertEquals(taken, get(address, "/v1/status").get("events"));
            label(all);
            disk.empty();
            await(() -> {
                try {
                    return reports.records(all);
                } catch (IOException e) {
                    return false;
                }
            });
            // What is kept shrinks as soon as something was learnt; what was taken is counted below.
            await(() -> Integer.valueOf(1).equals(get(address, "/v1/status").get("version")));
            String figures = figures(address);
            assertTrue(figures.contains("qexit_model_version 1.0"), figures);
            assertTrue(figures.contains("qexit_cloud_records_total{state=\"taken\"} 256.0"), figures);
            assertTrue(figures.contains("qexit_cloud_events{state=\"examples\"}"), figures);
            assertTrue(figures.contains("qexit_candidates{verdict=\"better\"} 1.0"), figures);
            assertTrue(figures.contains("qexit_requests_total{route=\"/v1/records\",status=\"503\"}"), figures);
        }
    }

    @Test
    void hostileMessagesAreRefusedInOneLine() throws Exception {
        try (CloudService service = start()) {
            String node = NODE.toUri();
            for (String body : new String[] {
                "",
                "{}",
                "[]",
                "{\"format\":\"qexit.records/1\",\"records\":[]}",
                "{\"format\":\"qexit.records/1\",\"records\":[null]}",
                "{\"format\":\"qexit.records/1\",\"records\":[{\"device\":\"../x\"}]}",
                "{\"format\":\"qexit.records/2\",\"records\":[]}",
                "[".repeat(100_000),
            }) {
                assertEquals(
                        400,
                        post(service, "/v1/records", node, "application/json", body),
                        body.substring(0, Math.min(60, body.length())));
            }
            assertEquals(400, post(service, "/v1/records", node, "text/plain", "{}"));
            assertEquals(403, post(service, "/v1/records", null, "application/json", "{}"));
            assertEquals(403, post(service, "/v1/records", "qexit://f/node/en1", "application/json", "{}"));
            assertEquals(403, post(service, "/v1/records", "x", "application/json", "{}"));
            assertEquals(413, post(service, "/v1/alarms", node, "application/json", " ".repeat(70_000)));
            assertEquals(
                    400,
                    post(
                            service,
                            "/v1/alarms",
                            node,
                            "application/json",
                            "{\"format\":\"qexit.alarm/1\",\"test\":\"rate\",\"statistic\":1e999,\"text\":\"\"}"));
            for (String path : new String[] {
                "/v1/control/king/ue1",
                "/v1/control/plan/a%2Fb",
                "/v1/control/plan/..",
                "/v1/control/plan/*",
                "/v1/bundles/x.zip",
                "/v1/bundles/..%2F..%2Fk.key.pem"
            }) {
                int status = status(service, path);
                assertTrue(status == 400 || status == 404, path + " " + status);
            }
        }
        synchronized (log) {
            assertFalse(log.stream().anyMatch(line -> line.contains("BEGIN")), log.toString());
        }
    }

    private static int post(CloudService service, String path, String who, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.address() + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (who != null) {
            request.header(CloudReports.IDENTITY, who);
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(1, Json.parse("answer", answer.body(), Map.class).size(), answer.body());
        return answer.statusCode();
    }

    private static int status(CloudService service, String path) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(service.address() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Whatever moment it is killed at, what was acknowledged is there afterwards, once; and it learns and publishes in the end. */
    @Test
    void killsLoseNothingThatWasAcknowledged() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        Set<String> acknowledged = new HashSet<>();
        List<EventRecord> all = records("ue1", 0, 256);
        int next = 0;
        for (int kill = 0; kill < 3; kill++) {
            Process process = spawn();
            try {
                CloudReports reports = new CloudReports(URI.create(address(process)), NODE);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(300));
                Thread killer = new Thread(() -> {
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    process.destroyForcibly();
                });
                killer.start();
                while (next < all.size()) {
                    List<EventRecord> batch = all.subList(next, Math.min(all.size(), next + 2));
                    if (reports.records(batch)) {
                        batch.forEach(record -> acknowledged.add(record.id()));
                        next += batch.size();
                        label(batch);
                    }
                }
                killer.join();
            } catch (IOException e) {
                // Killed under our hands: what was not acknowledged is sent again.
            } finally {
                process.destroyForcibly();
                process.waitFor();
                Files.deleteIfExists(folder.resolve("address"));
            }
        }
        try (CloudService service = start()) {
            CloudReports reports = new CloudReports(URI.create(service.address()), NODE);
            reports.records(all);
            label(all.subList(next, all.size()));
            await(() -> get(service.address(), "/v1/status").get("version").equals(1)
                    && Files.exists(folder.resolve("state/published")));
            Map<?, ?> status = get(service.address(), "/v1/status");
            assertTrue((int) status.get("events") <= 256, status.toString());
            assertInstanceOf(ControlInbox.Taken.class, followed(service.address(), "inbox"));
        }
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
        for (int i = 0; i < 3_000 && process.isAlive() && !Files.exists(file); i++) {
            Thread.sleep(10);
        }
        assertTrue(Files.exists(file), Files.readString(folder.resolve("process.log")));
        return Files.readString(file);
    }
}

package org.qexit.tier.live.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.tier.live.report.Eventually.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.SmallDisk;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Against a cloud server of a few lines, that is away, slow, or does not like a record. */
@SuppressWarnings("try") // a sender that only has to run
class RecordSenderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Identity NODE = new Identity("north", Role.NODE, "en1", 1);

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final List<String> came = Collections.synchronizedList(new ArrayList<>());
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private HttpServer cloud;
    private volatile Function<JsonNode, Integer> verdict = records -> 200;

    @BeforeEach
    void listen() throws IOException {
        cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud.createContext("/v1/", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            int status = verdict.apply(body);
            posts.add(exchange.getRequestURI().getPath() + " " + status);
            if (status == 200 && body.has("records")) {
                body.get("records")
                        .forEach(one -> came.add(one.get("event").asText().split("-")[1]));
            }
            byte[] answer = "{\"error\":\"no\"}".getBytes();
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        cloud.start();
    }

    @AfterEach
    void stop() {
        cloud.stop(0);
    }

    private ReportSettings settings(int most, long bytes) {
        CloudReports reports = new CloudReports(
                URI.create("http://127.0.0.1:" + cloud.getAddress().getPort()), NODE);
        return new ReportSettings(reports, 1, new RecordLog.Limits(most, bytes), 0.01);
    }

    private static EventRecord record(int seq) {
        return EventRecord.of("ue1", "0123456789abcdef-" + seq, "0".repeat(64), 1, 2, new byte[] {(byte) seq, 1, 2})
                .withConfidences(0.25f, 0.75f);
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private long lines(String part) {
        return log.stream().filter(line -> line.contains(part)).count();
    }

    @Test
    void whatTheCloudMissedItHearsLaterOnceAndInOrder() throws Exception {
        verdict = body -> 503;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            for (int i = 1; i <= 30; i++) {
                sender.add(record(i));
            }
            await(() -> posts.size() >= 2);
            assertEquals(30, sender.counts().get("recordsWaiting"));
        }
        assertEquals(1, lines("wait on disk"), log.toString());
        verdict = body -> 200;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            await(() -> came.size() == 30);
            sender.add(record(31));
            await(() -> sender.counts().get("recordsAcknowledged") == 31
                    && sender.counts().get("recordsWaiting") == 0);
        }
        // What was acknowledged is not told again.
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            sender.add(record(32));
            await(() -> came.size() == 32);
            assertEquals(0, sender.counts().get("recordsDropped"));
        }
        assertEquals(numbers(1, 32), came);
    }

    @Test
    void beyondTheBoundTheOldestGoAndAreCounted() throws Exception {
        verdict = body -> 503;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(10, 1 << 20), log::add)) {
            for (int i = 1; i <= 25; i++) {
                sender.add(record(i));
            }
            assertEquals(
                    Map.of(
                            "recordsAcknowledged",
                            0L,
                            "recordsDropped",
                            15L,
                            "recordsRefused",
                            0L,
                            "recordsWaiting",
                            10L),
                    sender.counts());
        }
        assertEquals(1, lines("oldest are given up"), log.toString());
        verdict = body -> 200;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(10, 1 << 20), log::add)) {
            await(() -> came.size() >= 10);
        }
        assertEquals(numbers(16, 25), came);
    }

    @Test
    void theLogOnDiskIsBoundedToo() throws Exception {
        int bytes = 0;
        try (RecordLog records = new RecordLog(
                folder.resolve("small"), new RecordLog.Limits(1_000, 2_000), new LogSettings(1_024, 1 << 16))) {
            for (int i = 1; i <= 300; i++) {
                records.add(record(i));
            }
            List<RecordLog.Numbered> left = records.oldest(1_000, 1 << 20);
            assertEquals(record(300), left.get(left.size() - 1).record());
            assertEquals(300, left.size() + records.dropped());
            assertTrue(left.size() >= 5 && left.size() < 20, left.size() + "");
            // The first alone may be larger than what is asked for.
            assertEquals(1, records.oldest(1_000, 1).size());
            try (Stream<Path> files = Files.list(folder.resolve("small"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".log")).toList()) {
                    bytes += (int) Files.size(file);
                }
            }
            assertTrue(bytes < 5_000, bytes + "");
        }
        try (RecordLog records = new RecordLog(
                folder.resolve("small"), new RecordLog.Limits(1_000, 1), new LogSettings(1_024, 1 << 16))) {
            assertEquals(record(300), records.oldest(5, 1).get(0).record());
            assertEquals(1, records.size());
        }
    }

    /** A record that the cloud finds wrong is given up; the others around it arrive. */
    @Test
    void aRecordThatWillNotDoDoesNotHoldUpTheOthers() throws Exception {
        verdict = body -> 503;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            for (int i = 1; i <= 40; i++) {
                sender.add(record(i));
            }
        }
        verdict = body -> {
            for (JsonNode one : body.get("records")) {
                if (one.get("event").asText().endsWith("-17")) {
                    return 400;
                }
            }
            return 200;
        };
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            await(() -> sender.counts().get("recordsWaiting") == 0);
            assertEquals(1, sender.counts().get("recordsRefused"));
        }
        List<String> expected = numbers(1, 40);
        expected.remove("17");
        assertEquals(expected, came);
        assertEquals(1, lines("ue1/0123456789abcdef-17 is given up"), log.toString());
    }

    /** Somebody else's refusal, such as of an identity, keeps what waits. */
    @Test
    void refusedIdentitiesLoseNothing() throws Exception {
        verdict = body -> 403;
        try (RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            sender.add(record(1));
            await(() -> posts.size() >= 2);
            verdict = body -> 200;
            await(() -> came.size() == 1);
            await(() -> lines("takes them again") == 1);
        }
        assertEquals(1, lines("refuses records"), log.toString());
    }

    @Test
    void alarmsAreToldWhenTheCloudIsBack() throws Exception {
        verdict = body -> body.has("test") ? 503 : 200;
        try (StatusReports reports = new StatusReports(
                settings(1, 1), () -> Heartbeat.of(Map.of("plan", 3L), Map.of("events", 7L)), log::add)) {
            reports.alarm(Alarm.of("conformal-decisions", 500, "drift"));
            await(() -> posts.contains("/v1/alarms 503") && posts.contains("/v1/heartbeats 200"));
            verdict = body -> 200;
            await(() -> reports.waiting() == 0);
        }
        assertEquals(1, posts.stream().filter("/v1/alarms 200"::equals).count());
        cloud.stop(0);
        try (StatusReports reports =
                new StatusReports(settings(1, 1), () -> Heartbeat.of(Map.of(), Map.of()), log::add)) {
            await(() -> lines("does not take them") == 1);
            assertEquals(0, reports.waiting());
        }
    }

    /** Nobody is refused an answer for it: what cannot be written is counted, and told once. */
    @Test
    void aFullDiskDelaysNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.of(folder, 256);
                RecordSender sender = new RecordSender(folder.resolve("records"), settings(100, 1 << 20), log::add)) {
            sender.add(record(1));
            await(() -> came.size() == 1 && sender.counts().get("recordsWaiting") == 0);
            disk.fill();
            for (int i = 2; i <= 50; i++) {
                sender.add(record(i));
            }
            assertTrue(sender.counts().get("recordsDropped") > 0, sender.counts() + "");
            assertEquals(1, lines("events are answered, and not told"), log.toString());
            disk.empty();
            sender.add(record(51));
            await(() -> came.contains("51"));
        }
    }
}

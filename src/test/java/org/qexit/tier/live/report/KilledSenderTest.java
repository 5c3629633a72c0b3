package org.qexit.tier.live.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.EventRecords;
import org.qexit.tier.live.journal.InMemory;

/** Kills a process that tells of what it answers, with a cloud that is there now and then: whatever was answered is told in the end. */
class KilledSenderTest {
    @TempDir(factory = InMemory.class)
    private Path folder;

    private final Set<Long> came = new ConcurrentSkipListSet<>();
    private volatile boolean away;

    private HttpServer cloud() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/records", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean takes = !away;
            if (takes) {
                Json.parse("records", body, EventRecords.class)
                        .records()
                        .forEach(
                                record -> came.add(Long.parseLong(record.event().split("-")[1])));
            }
            exchange.sendResponseHeaders(takes ? 200 : 503, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Numbers that a process told before it was killed. */
    private static TreeSet<Long> answered(Process process, int lines) throws IOException {
        TreeSet<Long> answered = new TreeSet<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = out.readLine();
            while (line != null) {
                if (line.length() == AnsweringProcess.DIGITS) {
                    answered.add(Long.parseLong(line) - AnsweringProcess.FIRST);
                }
                if (answered.size() == lines) {
                    // Not by the process itself, which would close what it has written, too.
                    process.toHandle().destroyForcibly();
                }
                line = out.readLine();
            }
        }
        return answered;
    }

    private void campaign(int kills, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        HttpServer cloud = cloud();
        try {
            String url = "http://127.0.0.1:" + cloud.getAddress().getPort();
            TreeSet<Long> answered = new TreeSet<>();
            for (int kill = 0; kill < kills; kill++) {
                away = kill % 3 == 1;
                long first = answered.isEmpty() ? 1 : answered.last() + 2;
                Process process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx200m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AnsweringProcess.class.getName(),
                                folder.resolve("records").toString(),
                                url,
                                Long.toString(first))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try {
                    answered.addAll(answered(process, 50 + random.nextInt(500)));
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }
            assertTrue(answered.size() >= 50 * kills, answered.size() + "");
            away = false;
            ReportSettings settings = ReportSettings.of(new CloudReports(URI.create(url), AnsweringProcess.NODE));
            try (RecordSender last = new RecordSender(folder.resolve("records"), settings, line -> {})) {
                for (int i = 0; i < 3_000 && last.counts().get("recordsWaiting") > 0; i++) {
                    Thread.sleep(10);
                }
                answered.removeAll(came);
                assertTrue(answered.isEmpty(), "lost: " + List.copyOf(answered));
            }
        } finally {
            cloud.stop(0);
        }
    }

    @Test
    void whatWasAnsweredIsToldThoughTheProcessIsKilled() throws Exception {
        campaign(3, 1);
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void soItIsThroughThirtyKills() throws Exception {
        campaign(30, 2);
    }
}

package org.qexit.tier.live.cloud;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.ControlKind;
import org.qexit.tier.live.control.ControlNames;
import org.qexit.tier.live.control.ControlSource;
import org.qexit.tier.live.control.DirectoryControl;
import org.qexit.tier.live.control.EventRecords;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.control.ModelRelease;
import org.qexit.tier.live.http.Endpoint;
import org.qexit.tier.live.http.HttpCall;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpWatch;
import org.qexit.tier.live.http.Route;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** What the cloud server answers to whom. */
final class CloudRoutes {
    private static final int MAX_RECORDS = 1 << 24;
    private static final int MAX_MESSAGE = 1 << 16;
    private static final int MOST_HEARTBEATS = 100_000;
    private static final double ALARMS_PER_SECOND = 1.0 / 60;
    private static final double ALARMS_AT_ONCE = 5;
    private static final double HEARTBEATS_PER_SECOND = 1;
    private static final double HEARTBEATS_AT_ONCE = 10;

    private final Path directory;
    private final ControlSource documents;
    /** Null where nothing is collected. */
    private final CloudData data;

    private final Callers callers;
    private final Consumer<String> log;
    private final CloudMetrics metrics;
    private final RateLimits alarms = new RateLimits(ALARMS_PER_SECOND, ALARMS_AT_ONCE, System::nanoTime);
    private final RateLimits heartbeats = new RateLimits(HEARTBEATS_PER_SECOND, HEARTBEATS_AT_ONCE, System::nanoTime);
    private final Map<String, Beat> fleet = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong alarmsTaken = new AtomicLong();
    private String cachedName;
    private byte[] cached;

    /** The last that was heard of somebody. */
    record Beat(double seconds, Heartbeat heartbeat) {}

    CloudRoutes(Path directory, CloudData data, Callers callers, Consumer<String> log) {
        this.directory = directory;
        this.documents = new DirectoryControl(directory);
        this.data = data;
        this.callers = callers;
        this.log = log;
        metrics = new CloudMetrics(data, log);
        metrics.watchFleet(this::reporting, this::alarms);
    }

    /** What counts the requests. */
    HttpWatch watch() {
        return metrics;
    }

    List<Route> all() {
        return List.of(
                Route.getAlways("/v1/health/ready", call -> HttpReply.json(200, Map.of("ready", true))),
                Route.getAlways("/metrics", guarded(this::figures)),
                Route.get("/v1/control/{kind}/{subject}", guarded(this::document)),
                Route.get("/v1/bundles/{name}", guarded(this::bundle)),
                Route.get("/v1/status", guarded(this::status)),
                Route.get("/v1/evidence", guarded(this::evidence)),
                Route.get("/v1/fleet", guarded(this::fleet)),
                Route.post("/v1/records", MAX_RECORDS, guarded(this::records)),
                Route.post("/v1/heartbeats", MAX_MESSAGE, guarded(this::heartbeat)),
                Route.post("/v1/alarms", MAX_MESSAGE, guarded(this::alarm)));
    }

    /** What may fail. */
    @FunctionalInterface
    private interface Answer {
        HttpReply to(HttpCall call) throws IOException;
    }

    private Endpoint guarded(Answer answer) {
        return call -> {
            try {
                return answer.to(call);
            } catch (Callers.Forbidden e) {
                return HttpReply.error(403, e.getMessage());
            } catch (UserError | IllegalArgumentException e) {
                return HttpReply.error(400, e.getMessage());
            } catch (IOException e) {
                log.accept(e.getMessage());
                return HttpReply.error(503, "the server's disk refuses").with("Retry-After", "10");
            }
        };
    }

    private HttpReply figures(HttpCall call) {
        callers.checkReader(call);
        return metrics.reply();
    }

    private HttpReply document(HttpCall call) throws IOException {
        ControlKind kind = ControlKind.of(call.variable("kind"));
        String subject = ControlNames.subject(call.variable("subject"));
        callers.checkReader(call, subject);
        Optional<byte[]> envelope = documents.poll(kind, subject);
        if (envelope.isEmpty()) {
            return HttpReply.error(404, "no such document");
        }
        String tag = "\"" + Hashing.sha256Hex(envelope.get()) + "\"";
        HttpReply reply = tag.equals(call.header("If-None-Match"))
                ? HttpReply.of(304, HttpReply.JSON, new byte[0])
                : HttpReply.of(200, HttpReply.JSON, envelope.get());
        return reply.with("ETag", tag).with("Cache-Control", "no-cache");
    }

    private HttpReply bundle(HttpCall call) throws IOException {
        callers.checkReader(call);
        String name = call.variable("name");
        if (!name.matches("[0-9a-f]{64}\\.zip")) {
            throw new IllegalArgumentException("expected SHA256.zip");
        }
        byte[] bytes = bundle(name);
        return bytes == null ? HttpReply.error(404, "no such bundle") : HttpReply.of(200, "application/zip", bytes);
    }

    /** One bundle at a time in memory, which all who ask for it share. */
    private synchronized byte[] bundle(String name) throws IOException {
        if (!name.equals(cachedName)) {
            Path file = directory.resolve("bundles").resolve(name);
            if (!Files.isRegularFile(file) || Files.size(file) > ModelRelease.MAX_BYTES) {
                return null;
            }
            cached = Files.readAllBytes(file);
            cachedName = name;
        }
        return cached;
    }

    private HttpReply records(HttpCall call) throws IOException {
        Identity who = callers.of(call);
        if (who.role() != Role.NODE) {
            throw new Callers.Forbidden("records are taken from nodes");
        }
        if (data == null) {
            return HttpReply.error(404, "nothing is collected here");
        }
        EventRecords batch = message(call, EventRecords.class);
        CloudData.Taken taken = data.take(batch.records(), CloudService.now());
        metrics.taken(taken);
        return HttpReply.json(200, taken);
    }

    private HttpReply heartbeat(HttpCall call) {
        Identity who = reporter(call);
        double wait = heartbeats.take(who.toUri());
        if (wait > 0) {
            return later(wait);
        }
        Heartbeat beat = message(call, Heartbeat.class);
        synchronized (fleet) {
            fleet.put(who.toUri(), new Beat(CloudService.now(), beat));
            if (fleet.size() > MOST_HEARTBEATS) {
                fleet.remove(fleet.keySet().iterator().next());
            }
        }
        return HttpReply.json(200, Map.of("taken", true));
    }

    private HttpReply alarm(HttpCall call) throws IOException {
        Identity who = reporter(call);
        double wait = alarms.take(who.toUri());
        if (wait > 0) {
            return later(wait);
        }
        Alarm alarm = message(call, Alarm.class);
        log.accept("alarm of " + who + ": " + alarm.test() + " " + alarm.statistic() + ": "
                + UserError.shown(alarm.text()));
        if (data != null) {
            data.alarm();
        }
        alarmsTaken.incrementAndGet();
        return HttpReply.json(200, Map.of("taken", true));
    }

    /** Alarms that were told since the start. */
    long alarms() {
        return alarmsTaken.get();
    }

    /** Devices and nodes of which there are heartbeats. */
    int reporting() {
        synchronized (fleet) {
            return fleet.size();
        }
    }

    private Identity reporter(HttpCall call) {
        Identity who = callers.of(call);
        if (who.role() != Role.DEVICE && who.role() != Role.NODE) {
            throw new Callers.Forbidden("this is for devices and nodes");
        }
        return who;
    }

    private static HttpReply later(double seconds) {
        return HttpReply.error(429, "too often; expected again in " + Math.ceil(seconds) + " s")
                .with("Retry-After", Long.toString((long) Math.ceil(seconds)));
    }

    private HttpReply status(HttpCall call) {
        callers.checkOverseer(call);
        return data == null ? HttpReply.error(404, "nothing is collected here") : HttpReply.json(200, data.status());
    }

    private HttpReply evidence(HttpCall call) {
        callers.checkOverseer(call);
        return HttpReply.json(200, data == null ? List.of() : data.evidence());
    }

    private HttpReply fleet(HttpCall call) {
        callers.checkOverseer(call);
        synchronized (fleet) {
            return HttpReply.json(200, new LinkedHashMap<>(fleet));
        }
    }

    private static <T> T message(HttpCall call, Class<T> type) {
        String sort = call.header("Content-Type");
        if (sort == null || !sort.split(";")[0].strip().equals(HttpReply.JSON)) {
            throw new IllegalArgumentException(
                    "Content-Type is '" + UserError.shown(String.valueOf(sort)) + "'; expected " + HttpReply.JSON);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(call.body()))
                    .toString();
            return Json.parse("body", text, type);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the body is not UTF-8 text", e);
        }
    }
}

package org.qexit.tier.live.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Refusal;

/**
 * Posts an alert for every event of certain classes, once: it is on disk before the event is answered, and posted until the receiver has
 * taken it or a day has gone by. Each has the header {@code Idempotency-Key}, so that a receiver can tell a repetition: where an answer of its
 * was lost there is one.
 */
final class Alerts implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long MOST_MILLIS = Duration.ofDays(1).toMillis();
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final int CLIENT_ERRORS = 400;
    private static final int SERVER_ERRORS = 500;

    /** Begins what a receiver says that will not take it later, either. */
    private static final String REFUSED = "refuses it";

    private final Map<String, URI> receivers;
    private final AlertLog waiting;
    private final Consumer<String> log;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(ANSWER)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Thread sender = new Thread(this::send, "alerts");
    private final Map<String, Pause> pauses = new HashMap<>();
    private boolean closed;

    /** A receiver that does not answer is left alone for a while. */
    private record Pause(long untilNanos, long millis) {}

    /**
     * Starts to post what waits.
     *
     * @param receivers by the names of classes
     */
    Alerts(Map<String, URI> receivers, Path directory, Consumer<String> log) {
        this.receivers = Map.copyOf(receivers);
        this.waiting = new AlertLog(directory);
        this.log = log;
        sender.setDaemon(true);
        sender.start();
    }

    /**
     * What happened at one place of a request.
     *
     * @param device whose event
     * @param id of the event
     * @param index in the batch
     * @param className that was decided
     * @param exit that decided, from 1
     */
    record Happened(String device, String id, int index, String className, int exit) {}

    /**
     * Takes alerts of events of the classes that have a receiver; they are on disk when it returns.
     *
     * @param facts that all have, such as the node
     * @throws Refusal if that cannot be had: the event is not to be answered then
     */
    void add(List<Happened> events, Map<String, Object> facts) {
        List<Alert> alerts = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (Happened event : events) {
            URI receiver = receivers.get(event.className());
            if (receiver != null) {
                alerts.add(new Alert(
                        event.device() + "/" + event.id() + "/" + event.index(),
                        receiver.toString(),
                        body(event, facts, now),
                        now));
            }
        }
        if (alerts.isEmpty()) {
            return;
        }
        try {
            if (!waiting.add(alerts)) {
                throw Refusal.of(Refusal.Reason.UNAVAILABLE, AlertLog.MOST + " alerts wait for their receivers", 1);
            }
        } catch (IOException e) {
            log.accept("alerts: " + UserError.shown(String.valueOf(e.getMessage())));
            throw Refusal.of(Refusal.Reason.UNAVAILABLE, "alerts cannot be written", 1);
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private static String body(Happened event, Map<String, Object> facts, long now) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("device", event.device());
        body.put("event", event.id());
        body.put("index", event.index());
        body.put("class", event.className());
        body.put("exit", event.exit());
        body.put("time", Instant.ofEpochMilli(now).toString());
        body.putAll(facts);
        return Json.compact(body);
    }

    private void send() {
        try {
            while (true) {
                for (Map.Entry<Long, Alert> one : waiting.waiting().entrySet()) {
                    if (isClosed()) {
                        return;
                    }
                    post(one.getKey(), one.getValue());
                }
                if (pauseEnds()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for alerts, or for a receiver to be tried again; true if it is over. */
    private synchronized boolean pauseEnds() throws InterruptedException {
        if (!closed) {
            wait(FIRST_PAUSE_MILLIS);
        }
        return closed;
    }

    private void post(long number, Alert alert) throws InterruptedException {
        Pause pause = pauses.get(alert.url());
        if (pause != null && System.nanoTime() - pause.untilNanos() < 0) {
            return;
        }
        String failure = attempt(alert);
        boolean late = System.currentTimeMillis() - alert.millis() > MOST_MILLIS;
        if (failure == null) {
            pauses.remove(alert.url());
        } else if (failure.startsWith(REFUSED) || late) {
            log.accept("alert " + alert.key() + " is given up: " + alert.receiver() + " " + failure);
        } else {
            long millis = pause == null ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, 2 * pause.millis());
            if (pause == null) {
                log.accept("alert " + alert.key() + ": " + alert.receiver() + " " + failure + "; it is tried again");
            }
            pauses.put(alert.url(), new Pause(System.nanoTime() + millis * 1_000_000, millis));
            return;
        }
        try {
            waiting.done(number);
        } catch (IOException e) {
            log.accept("alerts: " + UserError.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Null if the receiver has taken it, else why not. */
    private String attempt(Alert alert) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(alert.uri())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", alert.key())
                .POST(HttpRequest.BodyPublishers.ofString(alert.body()))
                .build();
        try {
            int status = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            if (status >= 200 && status < 300) {
                return null;
            }
            boolean later = status >= SERVER_ERRORS || status == 408 || status == 429 || status < CLIENT_ERRORS;
            return (later ? "says " : REFUSED + ": ") + status;
        } catch (ExecutionException | TimeoutException e) {
            return "does not answer";
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        sender.interrupt();
        try {
            sender.join(ANSWER.toMillis());
            waiting.close();
        } catch (IOException e) {
            log.accept("alerts: " + UserError.shown(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

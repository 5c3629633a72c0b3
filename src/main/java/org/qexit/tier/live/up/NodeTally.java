package org.qexit.tier.live.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node says of itself at {@code /metrics}, in turn. Not for several threads. */
final class NodeTally {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final double WINDOW_SECONDS = 10;
    private static final Pattern LINE =
            Pattern.compile("(qexit_[a-z_]+)(?:\\{([^}]*)})? ([0-9][0-9.eE+-]*)(?: [0-9]+)?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private final LiveFleet.Node node;
    private final URI metrics;
    private final HttpClient client;
    private final Deque<Sample> window = new ArrayDeque<>();
    private Map<String, Long> exits = new TreeMap<>();
    private long refused;
    private String model;
    private boolean away;

    private record Sample(double seconds, long decided, double modelSeconds) {}

    NodeTally(LiveFleet.Node node, String address, HttpClient client) {
        this.node = node;
        this.metrics = URI.create(address + "/metrics");
        this.client = client;
    }

    /** Asks the node. */
    void read(double nowSeconds) {
        HttpRequest request = HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            away = answer.statusCode() != 200;
            if (!away) {
                take(answer.body(), nowSeconds);
            }
        } catch (IOException e) {
            away = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            away = true;
        }
    }

    void take(String text, double nowSeconds) {
        Map<String, Long> byExit = new TreeMap<>();
        long over = 0;
        double modelSeconds = 0;
        for (String line : text.split("\n")) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            double value = Double.parseDouble(parts.group(3));
            Map<String, String> labels = labels(parts.group(2));
            switch (parts.group(1)) {
                case "qexit_events_total" -> byExit.merge(labels.get("exit"), (long) value, Long::sum);
                case "qexit_device_events_total" ->
                    over += "refused".equals(labels.get("admission")) ? (long) value : 0;
                case "qexit_model_info" -> model = labels.get("digest");
                case "qexit_inference_seconds_sum" -> modelSeconds = value;
                default -> {
                    // Other figures are not shown.
                }
            }
        }
        exits = byExit;
        refused = over;
        window.add(new Sample(nowSeconds, decided(), modelSeconds));
        while (window.size() > 2 && nowSeconds - window.peek().seconds() > WINDOW_SECONDS) {
            window.remove();
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            for (Matcher label = LABEL.matcher(text); label.find(); ) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return labels;
    }

    /** Events that the model has decided. */
    long decided() {
        return exits.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean away() {
        return away;
    }

    /** Digest of the bundle in use; null before the first figures. */
    String model() {
        return model;
    }

    /** @param classes events by what was said of them; version of the model or null */
    Figures.Node figures(int devices, double periodSeconds, Map<String, Long> classes, Long version) {
        Double load = null;
        Double busy = null;
        if (window.size() > 1) {
            Sample first = window.peek();
            Sample last = window.peekLast();
            double seconds = last.seconds() - first.seconds();
            double granted = node.grantedPerPeriod() * seconds / periodSeconds;
            load = granted > 0 ? (last.decided() - first.decided()) / granted : null;
            busy = (last.modelSeconds() - first.modelSeconds()) / seconds;
        }
        return new Figures.Node(
                node.id(),
                node.level(),
                devices,
                away,
                node.grantedPerPeriod(),
                decided(),
                load,
                busy,
                new TreeMap<>(exits),
                classes,
                refused,
                model,
                version);
    }
}

package org.qexit.tier.live.node;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.grpc.GrpcWatch;
import org.qexit.tier.live.http.HttpWatch;

/** A node's figures for Prometheus. Labels take few values: exits, routes, states, and devices of the plan. */
final class NodeMetrics implements HttpWatch, GrpcWatch {
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final java.util.function.Consumer<String> log;

    private final Counter requests = Counter.builder()
            .name("qexit_requests_total")
            .help("Requests answered, by route and status")
            .labelNames("route", "status")
            .register(registry);
    private final Histogram requestSeconds = Histogram.builder()
            .name("qexit_request_seconds")
            .help("From a request's head to its answer")
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Counter events = Counter.builder()
            .name("qexit_events_total")
            .help("Events decided, by the exit that decided and what it said")
            .labelNames("exit", "decision")
            .register(registry);
    private final LongAdder decided = new LongAdder();
    private final Histogram inferenceSeconds = Histogram.builder()
            .name("qexit_inference_seconds")
            .help("Time of the model on a request's events")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Counter deviceEvents = Counter.builder()
            .name("qexit_device_events_total")
            .help("Events of devices of the plan: admitted, over what the plan grants, or answered before")
            .labelNames("device", "admission")
            .register(registry);
    private final Gauge model = Gauge.builder()
            .name("qexit_model_info")
            .help("1 for the model in use")
            .labelNames("name", "digest")
            .register(registry);
    private final Counter swaps = Counter.builder()
            .name("qexit_model_swaps_total")
            .help("Changes of the model in use")
            .register(registry);

    private final Counter refusedControls = Counter.builder()
            .name("qexit_control_refused_total")
            .help("Control documents that were not followed: not signed, older, or of no use here")
            .register(registry);

    /** @param log takes a line on what should not happen */
    NodeMetrics(java.util.function.Consumer<String> log) {
        this.log = log;
        GaugeWithCallback.builder()
                .name("qexit_heap_bytes")
                .help("Java heap in use")
                .callback(callback -> {
                    Runtime runtime = Runtime.getRuntime();
                    callback.call(runtime.totalMemory() - runtime.freeMemory());
                })
                .register(registry);
        swaps.inc(0);
        refusedControls.inc(0);
    }

    /** Where the number of requests that are being answered comes from. */
    void watchRunning(java.util.function.IntSupplier running) {
        GaugeWithCallback.builder()
                .name("qexit_requests_running")
                .help("Requests being answered")
                .callback(callback -> callback.call(running.getAsInt()))
                .register(registry);
    }

    /** Where figures of the records for the cloud come from. */
    void watchRecords(java.util.function.Supplier<java.util.Map<String, Long>> counts) {
        GaugeWithCallback.builder()
                .name("qexit_records")
                .help(
                        "Records of answered events for the cloud since the start: acknowledged, dropped, refused; and waiting now")
                .labelNames("state")
                .callback(callback -> counts.get()
                        .forEach((name, count) -> callback.call(
                                count, name.replaceFirst("^records", "").toLowerCase(java.util.Locale.ROOT))))
                .register(registry);
    }

    @Override
    public void answered(String route, int status, double seconds) {
        answered(route, Integer.toString(status), seconds);
    }

    private void answered(String route, String status, double seconds) {
        requests.labelValues(route, status).inc();
        requestSeconds.labelValues(route).observe(seconds);
    }

    @Override
    public void called(String method, String code, double seconds) {
        answered("grpc/" + method, code, seconds);
    }

    @Override
    public void failed(String line) {
        log.accept(line);
    }

    /** Events decided. */
    long events() {
        return decided.sum();
    }

    void decided(List<NodeRuntime.Result> results, double seconds) {
        inferenceSeconds.observe(seconds);
        decided.add(results.size());
        for (NodeRuntime.Result result : results) {
            events.labelValues(Integer.toString(result.exit()), result.falseAlarm() ? "false_alarm" : "class")
                    .inc();
        }
    }

    void controlRefused() {
        refusedControls.inc();
    }

    /** @param admission "admitted", "refused" or "duplicate" */
    void device(String device, String admission, int count) {
        deviceEvents.labelValues(device, admission).inc(count);
    }

    void model(String name, String digest, boolean first) {
        model.clear();
        model.labelValues(name, digest).set(1);
        if (!first) {
            swaps.inc();
        }
    }

    /** What {@code Content-Type} says of {@link #text}. */
    String contentType() {
        return writer.getContentType();
    }

    /** All figures in Prometheus's text format. */
    byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 13);
        try {
            writer.write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}

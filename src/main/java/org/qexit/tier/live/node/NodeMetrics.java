package org.qexit.tier.live.node;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.grpc.GrpcWatch;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpWatch;
import org.qexit.tier.live.metrics.ServiceMetrics;

/** A node's figures for Prometheus. Labels take few values: exits, routes, states, and devices of the plan. */
final class NodeMetrics implements HttpWatch, GrpcWatch {
    private final ServiceMetrics service;
    private final LongAdder decided = new LongAdder();
    private final Counter events;
    private final Histogram inferenceSeconds;
    private final Counter deviceEvents;
    private final Gauge model;
    private final Counter swaps;
    private final Counter refusedControls;

    /** @param log takes a line on what should not happen */
    NodeMetrics(java.util.function.Consumer<String> log) {
        service = new ServiceMetrics(log);
        PrometheusRegistry registry = service.registry();
        events = Counter.builder()
                .name("qexit_events_total")
                .help("Events decided, by the exit that decided and what it said")
                .labelNames("exit", "decision")
                .register(registry);
        inferenceSeconds = service.seconds("qexit_inference_seconds", "Time of the model on a request's events");
        deviceEvents = Counter.builder()
                .name("qexit_device_events_total")
                .help("Events of devices of the plan: admitted, over what the plan grants, or answered before")
                .labelNames("device", "admission")
                .register(registry);
        model = Gauge.builder()
                .name("qexit_model_info")
                .help("1 for the model in use")
                .labelNames("name", "digest")
                .register(registry);
        swaps = Counter.builder()
                .name("qexit_model_swaps_total")
                .help("Changes of the model in use")
                .register(registry);
        refusedControls = Counter.builder()
                .name("qexit_control_refused_total")
                .help("Control documents that were not followed: not signed, older, or of no use here")
                .register(registry);
        swaps.inc(0);
        refusedControls.inc(0);
    }

    /** Where the number of requests that are being answered comes from. */
    void watchRunning(IntSupplier running) {
        service.gauge("qexit_requests_running", "Requests being answered", running::getAsInt);
    }

    /** Where figures of the records for the cloud come from. */
    void watchRecords(Supplier<Map<String, Long>> counts) {
        service.gauges(
                "qexit_records",
                "Records of answered events for the cloud since the start: acknowledged, dropped, refused; and waiting now",
                "state",
                () -> counts.get().entrySet().stream()
                        .collect(Collectors.toMap(
                                count -> count.getKey()
                                        .replaceFirst("^records", "")
                                        .toLowerCase(Locale.ROOT),
                                Map.Entry::getValue)));
    }

    @Override
    public void answered(String route, int status, double seconds) {
        service.answered(route, status, seconds);
    }

    @Override
    public void called(String method, String code, double seconds) {
        service.answered("grpc/" + method, code, seconds);
    }

    @Override
    public void failed(String line) {
        service.failed(line);
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

    /** All figures in Prometheus's text format. */
    HttpReply reply() {
        return service.reply();
    }
}

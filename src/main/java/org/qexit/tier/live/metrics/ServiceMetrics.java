package org.qexit.tier.live.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpWatch;

/** What every service tells Prometheus: its requests by route and status, their times, and its heap; each service adds its own. */
public final class ServiceMetrics implements HttpWatch {
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Consumer<String> log;
    private final Counter requests = Counter.builder()
            .name("qexit_requests_total")
            .help("Requests answered, by route and status")
            .labelNames("route", "status")
            .register(registry);
    private final Histogram requestSeconds =
            seconds("qexit_request_seconds", "From a request's head to its answer", "route");

    /** @param log takes a line on what should not happen */
    public ServiceMetrics(Consumer<String> log) {
        this.log = log;
        Runtime runtime = Runtime.getRuntime();
        gauge("qexit_heap_bytes", "Java heap in use", () -> runtime.totalMemory() - runtime.freeMemory());
    }

    /** Where a service's own figures go. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** Times [s] from 0.1 ms to 5 s. */
    public Histogram seconds(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /** A figure that is asked for when it is told. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Figures with one label each, asked for when they are told. */
    public void gauges(
            String name, String help, String label, Supplier<? extends Map<String, ? extends Number>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.get().forEach((key, value) -> callback.call(value.doubleValue(), key)))
                .register(registry);
    }

    @Override
    public void answered(String route, int status, double seconds) {
        answered(route, Integer.toString(status), seconds);
    }

    /** The same of a request whose status is a word. */
    public void answered(String route, String status, double seconds) {
        requests.labelValues(route, status).inc();
        requestSeconds.labelValues(route).observe(seconds);
    }

    @Override
    public void failed(String line) {
        log.accept(line);
    }

    /** All figures, 200. */
    public HttpReply reply() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 13);
        try {
            writer.write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HttpReply.of(200, writer.getContentType(), out.toByteArray());
    }
}

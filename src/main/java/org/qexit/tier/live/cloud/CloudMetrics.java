package org.qexit.tier.live.cloud;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpWatch;
import org.qexit.tier.live.metrics.ServiceMetrics;

/** A cloud server's figures for Prometheus. */
final class CloudMetrics implements HttpWatch {
    private final ServiceMetrics service;
    private final Counter records;

    /**
     * @param data what it has learnt from; null if it does not learn
     * @param log takes a line on what should not happen
     */
    CloudMetrics(CloudData data, Consumer<String> log) {
        service = new ServiceMetrics(log);
        records = data == null ? null : records();
        if (data == null) {
            return;
        }
        service.gauge(
                "qexit_model_version",
                "Version of the nodes' model in force",
                () -> data.status().version());
        service.gauges(
                "qexit_cloud_events",
                "Events here, labelled ones to learn from, and labelled ones that wait for a test",
                "state",
                () -> events(data.status()));
        service.gauge(
                "qexit_cloud_log_bytes", "Size of the log", () -> data.status().logBytes());
        service.gauges("qexit_candidates", "Candidates that were tested, by verdict", "verdict", () -> verdicts(data));
    }

    private Counter records() {
        Counter counter = Counter.builder()
                .name("qexit_cloud_records_total")
                .help("Records of nodes: taken, known before, or beyond their device's share")
                .labelNames("state")
                .register(service.registry());
        for (String state : new String[] {"taken", "known", "beyond_share"}) {
            counter.labelValues(state).inc(0);
        }
        return counter;
    }

    private static Map<String, Integer> events(CloudData.Status status) {
        return Map.of("kept", status.events(), "examples", status.examples(), "tests", status.waitingForTest());
    }

    private static Map<String, Integer> verdicts(CloudData data) {
        Map<String, Integer> counts = new HashMap<>();
        for (Evidence evidence : data.evidence()) {
            counts.merge(evidence.result().verdict().word().replace(' ', '_').replace('-', '_'), 1, Integer::sum);
        }
        return counts;
    }

    /** Where figures of the fleet come from: heartbeats that are remembered, and alarms since the start. */
    void watchFleet(IntSupplier reporting, LongSupplier alarms) {
        service.gauge("qexit_reporting", "Devices and nodes of which there is a heartbeat", reporting::getAsInt);
        service.gauge("qexit_alarms", "Alarms of drift since the start", alarms::getAsLong);
    }

    void taken(CloudData.Taken batch) {
        records.labelValues("taken").inc(batch.taken());
        records.labelValues("known").inc(batch.known());
        records.labelValues("beyond_share").inc(batch.beyondShare());
    }

    @Override
    public void answered(String route, int status, double seconds) {
        service.answered(route, status, seconds);
    }

    @Override
    public void failed(String line) {
        service.failed(line);
    }

    /** All figures in Prometheus's text format. */
    HttpReply reply() {
        return service.reply();
    }
}

package org.qexit.tier.live.device;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.qexit.common.RandomStreams;
import org.qexit.device.EdgeRuntime;
import org.qexit.tier.EmissionMonitor;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.report.StatusReports;

/**
 * Tells the cloud that the device is there, and when what it emits has drifted. The first events with a model and thresholds are what is
 * normal; after an alarm, or with another model or other thresholds, it begins anew. {@link #decided} is for one thread at a time.
 */
final class DeviceWatch implements AutoCloseable {
    /** Events of which what is normal is learnt. */
    private static final int LEARNING = 200;

    private final DeviceOptions options;
    private final SplittableRandom random;
    private final StatusReports reports;
    private EdgeRuntime watched;
    private EmissionMonitor monitor;
    private volatile long alarms;

    DeviceWatch(DeviceOptions options, long epoch, Supplier<DeviceSummary> summary) {
        this.options = options;
        this.random = RandomStreams.of(epoch).stream("drift");
        this.reports = new StatusReports(options.cloud(), () -> heartbeat(summary.get()), options.say());
    }

    private Heartbeat heartbeat(DeviceSummary summary) {
        Map<String, Long> counts = new TreeMap<>();
        counts.put("events", summary.events());
        counts.put("unreadable", summary.unreadable());
        counts.put("dropped", summary.dropped());
        counts.put("offloaded", summary.offloaded());
        counts.put("classified", summary.classified());
        counts.put("rejected", summary.rejected());
        counts.put("missed", summary.missed());
        counts.put("waiting", summary.waiting());
        counts.put("alarms", alarms);
        return Heartbeat.of(
                options.control() == null ? Map.of() : options.control().versions(), counts);
    }

    /** Takes what a model has decided. */
    void decided(EdgeRuntime model, EdgeRuntime.Result result) {
        if (model != watched || monitor.isOver()) {
            watched = model;
            monitor =
                    new EmissionMonitor(model.exits(), LEARNING, options.cloud().alpha(), random.split());
        }
        Optional<EmissionMonitor.Alarm> alarm = monitor.see(result.exit(), result.critical(), result.confidences());
        if (alarm.isPresent()) {
            alarms++;
            String text = String.format(
                    Locale.ROOT,
                    "events have drifted: %s, noticed after %d",
                    alarm.get().view(),
                    alarm.get().events());
            options.say().accept(text);
            reports.alarm(
                    Alarm.of("conformal-" + alarm.get().view(), alarm.get().wealth(), text));
        }
    }

    @Override
    public void close() {
        reports.close();
    }
}

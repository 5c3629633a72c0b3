package org.qexit.tier.live.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.EdgeRuntime;
import org.qexit.tier.EmissionMonitor;
import org.qexit.tier.live.control.Alarm;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.report.StatusReports;

/**
 * Tells the cloud that the device is there, and when what it emits has drifted. The first events with a model and thresholds are what is
 * normal; after an alarm, or with another model or other thresholds, it begins anew. What it has seen is kept beside the outbox. {@link #decided} is for one thread at a time.
 */
final class DeviceWatch implements AutoCloseable {
    /** Events of which what is normal is learnt. */
    private static final int LEARNING = 200;

    /** Events between two writings; a kill loses what was seen since. */
    private static final int KEEP_EVERY = 200;

    private final DeviceOptions options;
    private final Supplier<InForce> inForce;
    private final Path file;
    private final SplittableRandom random;
    private final StatusReports reports;
    private EdgeRuntime watched;
    private EmissionMonitor monitor;
    private volatile long alarms;
    private boolean told;

    /**
     * @param inForce what the device decides by now
     * @param random breaks ties; another one in every run
     */
    DeviceWatch(
            DeviceOptions options,
            SplittableRandom random,
            Supplier<DeviceSummary> summary,
            Supplier<InForce> inForce) {
        this.options = options;
        this.inForce = inForce;
        this.file = options.outbox().resolveSibling(options.outbox().getFileName() + "-drift.json");
        this.random = random;
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

    /** What is kept on disk. */
    private record Kept(String model, String thresholds, double alpha, EmissionMonitor.State state) {
        Kept {
            Checks.present("model", model);
            Checks.present("thresholds", thresholds);
            Checks.present("state", state);
        }

        boolean isOf(InForce now, double level) {
            return now.bundle().sha256().equals(model)
                    && now.thresholds().toString().equals(thresholds)
                    && alpha == level;
        }
    }

    /** Takes what a model has decided. */
    void decided(EdgeRuntime model, EdgeRuntime.Result result) {
        if (monitor == null) {
            monitor = kept(model);
        } else if (model != watched || monitor.isOver()) {
            monitor = fresh(model);
        }
        watched = model;
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
            monitor = fresh(model);
            keep();
        } else if (monitor.events() % KEEP_EVERY == 0) {
            keep();
        }
    }

    private EmissionMonitor fresh(EdgeRuntime model) {
        return new EmissionMonitor(model.exits(), LEARNING, options.cloud().alpha(), random.split());
    }

    /** That of an earlier run with the same model and thresholds, if there is one. */
    private EmissionMonitor kept(EdgeRuntime model) {
        if (!Files.exists(file)) {
            return fresh(model);
        }
        try {
            Kept kept = Json.read(file, Kept.class);
            return kept.isOf(inForce.get(), options.cloud().alpha())
                    ? EmissionMonitor.of(
                            kept.state(),
                            model.exits(),
                            LEARNING,
                            options.cloud().alpha(),
                            random.split())
                    : fresh(model);
        } catch (UserError | IllegalArgumentException e) {
            options.say().accept(file + ": drift is watched anew: " + UserError.shown(String.valueOf(e.getMessage())));
            return fresh(model);
        }
    }

    private void keep() {
        InForce now = inForce.get();
        Kept kept = new Kept(
                now.bundle().sha256(),
                now.thresholds().toString(),
                options.cloud().alpha(),
                monitor.state());
        try {
            AtomicFiles.writeString(file, Json.compact(kept));
        } catch (UserError e) {
            if (!told) {
                options.say().accept("what is normal is not kept: " + e.getMessage());
            }
            told = true;
        }
    }

    /** To be called when no more is decided. */
    @Override
    public void close() {
        if (monitor != null) {
            keep();
        }
        reports.close();
    }
}

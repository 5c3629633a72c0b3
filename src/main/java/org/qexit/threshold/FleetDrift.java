package org.qexit.threshold;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;

/** {@link DriftMonitor} for every device of two trace files that list their devices in the same, byte-wise order. */
public final class FleetDrift {
    private FleetDrift() {}

    /**
     * One device's comparison.
     *
     * @param id the device
     * @param drift the comparison, or null
     * @param problem why there is none, or null
     */
    public record DeviceDrift(String id, DriftMonitor.Drift drift, String problem) {}

    /**
     * Thresholds hold for the confidences of one model: those of another differ without any drift.
     *
     * @throws UserError if the traces have other exits, or say that they are of other models
     */
    public static void checkSameModel(TraceReader old, TraceReader fresh) {
        if (old.exits() != fresh.exits()) {
            throw new UserError(fresh.file() + ": has " + fresh.exits() + " exits; expected " + old.exits() + " as in "
                    + old.file());
        }
        Optional<String> before = old.metadata().map(TraceMetadata::modelSha256);
        Optional<String> now = fresh.metadata().map(TraceMetadata::modelSha256);
        if (before.isPresent() && now.isPresent() && !before.equals(now)) {
            throw new UserError(fresh.file() + ": is of the model " + named(fresh) + "; expected " + named(old)
                    + " as in " + old.file() + " (confidences of different models cannot be compared)");
        }
    }

    private static String named(TraceReader reader) {
        TraceMetadata metadata = reader.metadata().orElseThrow();
        return "'" + metadata.modelId() + "' with parameters of SHA-256 " + metadata.modelSha256();
    }

    /**
     * Chooses thresholds on {@code old} as {@code query} asks and compares with {@code fresh}. Both readers come from
     * {@link TraceReader#openByDevice}.
     *
     * @throws UserError if the traces are not of one model
     */
    public static void compare(
            TraceReader old, TraceReader fresh, ThresholdQuery query, double alpha, Consumer<DeviceDrift> sink) {
        checkSameModel(old, fresh);
        try (Progress progress = Progress.start("drift", old.devices())) {
            Optional<TraceReader.Reading> a = old.next();
            Optional<TraceReader.Reading> b = fresh.next();
            while (a.isPresent() || b.isPresent()) {
                int order = a.isEmpty()
                        ? 1
                        : b.isEmpty() ? -1 : compare(a.get().device(), b.get().device());
                if (order < 0) {
                    sink.accept(new DeviceDrift(a.get().device(), null, "has no new events"));
                } else if (order > 0) {
                    sink.accept(new DeviceDrift(b.get().device(), null, "is new: no thresholds were chosen for it"));
                } else {
                    sink.accept(compare(a.get(), b.get(), query, alpha));
                }
                if (order <= 0) {
                    a = old.next();
                    progress.step();
                }
                if (order >= 0) {
                    b = fresh.next();
                }
            }
        }
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static DeviceDrift compare(
            TraceReader.Reading old, TraceReader.Reading fresh, ThresholdQuery query, double alpha) {
        if (old.problem() != null || fresh.problem() != null) {
            return new DeviceDrift(
                    old.device(), null, (old.problem() != null ? old.problem() : fresh.problem()).getMessage());
        }
        return new DeviceDrift(old.device(), compare(old.trace(), fresh.trace(), query, alpha), null);
    }

    /** Chooses thresholds on a device's old events as {@code query} asks and compares with its new ones. */
    public static DriftMonitor.Drift compare(DeviceTrace old, DeviceTrace fresh, ThresholdQuery query, double alpha) {
        DeviceThresholds.Chosen chosen = DeviceThresholds.of(old, query).chosen();
        Thresholds pair = chosen.point().thresholds();
        double rate = query.budget() == null ? 1 : query.budget().rate(old.size());
        return DriftMonitor.compare(old, fresh, pair, rate, alpha);
    }
}

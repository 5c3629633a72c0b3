package org.qexit.experiment.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.DeviceSettings;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.data.LabelledSet;
import org.qexit.export.BundleSpec;
import org.qexit.export.ForeignReference;
import org.qexit.export.ForeignSpec;
import org.qexit.threshold.Budget;
import org.qexit.threshold.Frontier;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * A bundle of a foreign model: every device with its best pair of thresholds within a budget, on what the model says of its events.
 *
 * @param tracing what it says
 * @param budget of offloads, for every device
 */
public record ForeignDeployment(ForeignTracing tracing, Budget budget) {
    /** Events of one device that a bundle is verified and reported on. */
    private static final int MOST_EVENTS = 10_000;

    private static final String NO_NODE = "none";

    /** The first events of each device, as the graphs take them. */
    public List<BundleEvents> events() {
        List<BundleEvents> events = new ArrayList<>();
        tracing.events().devices().forEach((id, set) -> {
            int count = Math.min(set.size(), MOST_EVENTS);
            if (count > 0) {
                float[] values = ForeignEvents.of(set)
                        .values(0, count, tracing.run().input().size());
                events.add(new BundleEvents(id, Arrays.copyOf(set.labels(), count), values));
            }
        });
        return events;
    }

    public ForeignReference reference() {
        return new ForeignReference(tracing.run(), tracing.scores());
    }

    /**
     * All that a bundle holds.
     *
     * @param name of the bundle, or null for the model's file
     * @param device whose thresholds the whole graph holds, or null for the first
     * @param command what made it
     */
    public ForeignSpec spec(String name, String device, String command) {
        Path file = Path.of(tracing.run().graph().model().name()).getFileName();
        String own = name == null ? file.toString().replaceFirst("\\.onnx$", "") : name;
        List<DeviceSettings> devices =
                tracing.traces().stream().map(trace -> settings(own, trace)).toList();
        String graph = device == null ? devices.get(0).device() : device;
        return new ForeignSpec(
                own,
                reference(),
                tracing.events().maximum(),
                new BundleSpec.Settings(null, devices, graph),
                events(),
                facts(command),
                new Provenance(
                        Version.current(),
                        null,
                        null,
                        Map.of(
                                tracing.events().dataset().name(),
                                tracing.events().dataset().sha256())));
    }

    private DeviceSettings settings(String model, DeviceTrace trace) {
        Thresholds best = Frontier.of(trace).within(budget.of(trace.size())).thresholds();
        return DeviceSettings.of(trace.device(), model, best, new DeviceSettings.Placement(NO_NODE, 0, 0, 0), null);
    }

    private List<String> facts(String command) {
        LabelledSet any = tracing.events().devices().values().iterator().next();
        return List.of(
                "model: sha256 " + tracing.run().graph().model().sha256(),
                "events: " + tracing.events().dataset().name() + ", sha256 "
                        + tracing.events().dataset().sha256(),
                String.format(
                        Locale.ROOT,
                        "critical classes of the data: %s; of the model: %s, of %d",
                        tracing.events().critical(),
                        tracing.scores().critical(),
                        Math.max(2, tracing.scores().classes())),
                "offload budget: "
                        + (budget.fraction() == null
                                ? budget.events() + " events"
                                : budget.fraction() + " of the events")
                        + "; " + any.size() + " events of the first device",
                "made by `" + command + "`");
    }
}

package org.qexit.bundle;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/**
 * {@code thresholds.json}: the numbers that devices need, as in a run's {@code thresholds-*.json}, and which of them the whole graph holds.
 *
 * @param format {@value #FORMAT}
 * @param model name of the model
 * @param modelSha256 of its parameters
 * @param method the planning method, or null
 * @param graph the device whose thresholds {@code model.onnx} holds
 * @param devices one entry per device
 */
public record BundleThresholds(
        String format, String model, String modelSha256, String method, String graph, List<Device> devices) {
    public static final String PATH = "thresholds.json";
    static final String FORMAT = "qexit.thresholds/1";

    public BundleThresholds {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        devices = List.copyOf(Checks.present("devices", devices));
        Checks.notBlank("graph", graph);
    }

    /**
     * @param id the device
     * @param lower confidences at or below it are normal
     * @param upper confidences at or above it are critical; "never" if none is
     * @param node where critical events go
     */
    public record Device(String id, float lower, UpperThreshold upper, String node) {
        Thresholds thresholds() {
            return new Thresholds(lower, upper.value());
        }
    }

    public static BundleThresholds of(
            String model, String modelSha256, String method, String graph, List<DeviceSettings> devices) {
        return new BundleThresholds(
                FORMAT,
                model,
                modelSha256,
                method,
                graph,
                devices.stream()
                        .map(d -> new Device(d.device(), d.lower(), d.upper(), d.node()))
                        .toList());
    }

    /** The thresholds that {@code model.onnx} holds. */
    Thresholds ofGraph() {
        return devices.stream()
                .filter(device -> device.id().equals(graph))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("graph is '" + graph + "'; expected a device's id"))
                .thresholds();
    }
}

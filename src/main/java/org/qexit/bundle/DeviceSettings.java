package org.qexit.bundle;

import org.qexit.common.Checks;
import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/**
 * {@code devices/<id>.json}: what one device needs beside the graphs, ready to push.
 *
 * @param format {@value #FORMAT}
 * @param device the device's id
 * @param model name of the bundle
 * @param lower confidences at or below it are normal
 * @param upper confidences at or above it are critical; "never" if none is
 * @param node where critical events go
 * @param bandwidthHz of its link
 * @param powerWatts transmit power
 * @param computeUnits its share of the node's compute
 * @param securityLevel of its offloads, or null if the instance has none
 */
public record DeviceSettings(
        String format,
        String device,
        String model,
        float lower,
        UpperThreshold upper,
        String node,
        double bandwidthHz,
        double powerWatts,
        double computeUnits,
        Integer securityLevel) {
    public static final String FORMAT = "qexit.device/1";
    public static final String FOLDER = "devices/";

    public DeviceSettings {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("device", device);
        Checks.notBlank("model", model);
        Checks.present("upper", upper);
        Checks.notBlank("node", node);
        Checks.nonNegative("bandwidthHz", bandwidthHz);
        Checks.nonNegative("powerWatts", powerWatts);
        Checks.nonNegative("computeUnits", computeUnits);
        // Refuses thresholds out of order.
        new Thresholds(lower, upper.value());
    }

    public Thresholds thresholds() {
        return new Thresholds(lower, upper.value());
    }
}

package org.qexit.experiment.run;

import java.util.List;
import org.qexit.allocation.Plan;

/**
 * The numbers that devices need, {@code thresholds-*.json}.
 *
 * @param format {@value #FORMAT}
 * @param model name of the model
 * @param modelSha256 of its parameters
 * @param method the planning method
 * @param devices one entry per device
 */
record ThresholdsFile(String format, String model, String modelSha256, String method, List<Device> devices) {
    static final String FORMAT = "qexit.thresholds/1";

    /**
     * @param id the device
     * @param lower confidences at or below it are normal
     * @param upper confidences at or above it are critical; "never" if none is
     * @param node where critical events go
     */
    record Device(String id, float lower, Plan.Upper upper, String node) {}

    static ThresholdsFile of(String model, String modelSha256, Plan plan) {
        return new ThresholdsFile(
                FORMAT,
                model,
                modelSha256,
                plan.method(),
                plan.devices().stream()
                        .map(d -> new Device(d.id(), d.lower(), d.upper(), d.node()))
                        .toList());
    }
}

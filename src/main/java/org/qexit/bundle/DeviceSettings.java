package org.qexit.bundle;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.qexit.common.Checks;
import org.qexit.trace.Rule;

/**
 * {@code devices/<id>.json}: what one device needs beside the graphs, ready to push.
 *
 * @param format {@value #BASE} and a version: 1 for a pair, 2 for thresholds per exit
 * @param device the device's id
 * @param model name of the bundle
 * @param thresholds how it decides; in JSON {@code lower} and {@code upper}
 * @param node where critical events go
 * @param bandwidthHz of its link
 * @param powerWatts transmit power
 * @param computeUnits its share of the node's compute
 * @param securityLevel of its offloads, or null if the instance has none
 */
@JsonPropertyOrder({"format", "device", "model", "lower", "upper"})
public record DeviceSettings(
        String format,
        String device,
        String model,
        @JsonIgnore Rule thresholds,
        String node,
        double bandwidthHz,
        double powerWatts,
        double computeUnits,
        Integer securityLevel) {
    private static final String BASE = "qexit.device";
    public static final String FOLDER = "devices/";

    public DeviceSettings {
        RuleVersion.check(BASE, format, thresholds);
        Checks.notBlank("device", device);
        Checks.notBlank("model", model);
        Checks.notBlank("node", node);
        Checks.nonNegative("bandwidthHz", bandwidthHz);
        Checks.nonNegative("powerWatts", powerWatts);
        Checks.nonNegative("computeUnits", computeUnits);
    }

    /** In the format that knows the rule. */
    public static DeviceSettings of(
            String device, String model, Rule thresholds, Placement placement, Integer securityLevel) {
        return new DeviceSettings(
                RuleVersion.of(BASE, thresholds.kind()),
                device,
                model,
                thresholds,
                placement.node(),
                placement.bandwidthHz(),
                placement.powerWatts(),
                placement.computeUnits(),
                securityLevel);
    }

    /**
     * Where a plan has a device, and what it gives it.
     *
     * @param bandwidthHz of its link
     * @param powerWatts transmit power
     * @param computeUnits its share of the node's compute
     */
    public record Placement(String node, double bandwidthHz, double powerWatts, double computeUnits) {}

    /** The same that decides by another rule. */
    public DeviceSettings withThresholds(Rule other) {
        return of(device, model, other, new Placement(node, bandwidthHz, powerWatts, computeUnits), securityLevel);
    }

    @JsonCreator
    static DeviceSettings read(
            @JsonProperty("format") String format,
            @JsonProperty("device") String device,
            @JsonProperty("model") String model,
            @JsonProperty("lower") Object lower,
            @JsonProperty("upper") Object upper,
            @JsonProperty("node") String node,
            @JsonProperty("bandwidthHz") double bandwidthHz,
            @JsonProperty("powerWatts") double powerWatts,
            @JsonProperty("computeUnits") double computeUnits,
            @JsonProperty("securityLevel") Integer securityLevel) {
        return new DeviceSettings(
                format,
                device,
                model,
                Rule.of(lower, upper),
                node,
                bandwidthHz,
                powerWatts,
                computeUnits,
                securityLevel);
    }

    /** In files: a number, or a list with an entry per exit. */
    @JsonProperty("lower")
    Object lower() {
        return thresholds.lowerEntry();
    }

    /** In files: a number or "never", or a list with an entry per exit. */
    @JsonProperty("upper")
    Object upper() {
        return thresholds.upperEntry();
    }
}

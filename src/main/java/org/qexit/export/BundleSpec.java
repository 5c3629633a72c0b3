package org.qexit.export;

import java.util.List;
import org.qexit.allocation.Plan;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.DeviceSettings;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.nn.EarlyExitModel;

/**
 * What a bundle is made of.
 *
 * @param name of the bundle
 * @param model network and parameters; its circuits without shots and noise
 * @param modelSha256 of its parameters as they are stored
 * @param inputMaximum input values are 0 to this; the graphs divide by it
 * @param plan where the thresholds come from, or null
 * @param devices settings of all devices, at least one
 * @param graphDevice the device whose thresholds the whole graph holds
 * @param validation events that the thresholds were chosen on, one entry per device; may be empty
 * @param test events to report and to verify on, one entry per device; may be empty
 * @param card facts for the model card
 * @param qasm2 whether circuits are wanted in OpenQASM 2 too
 * @param created when, as ISO 8601 text, or null
 * @param provenance where the model comes from
 */
public record BundleSpec(
        String name,
        EarlyExitModel model,
        String modelSha256,
        float inputMaximum,
        Plan plan,
        List<DeviceSettings> devices,
        String graphDevice,
        List<BundleEvents> validation,
        List<BundleEvents> test,
        ModelCard.Facts card,
        boolean qasm2,
        String created,
        Provenance provenance) {
    public BundleSpec {
        Checks.notBlank("name", name);
        Checks.present("model", model);
        Checks.positive("inputMaximum", inputMaximum);
        devices = List.copyOf(devices);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        device(devices, graphDevice);
    }

    /** Settings of the device whose thresholds the whole graph holds. */
    DeviceSettings graphSettings() {
        return device(devices, graphDevice);
    }

    static DeviceSettings device(List<DeviceSettings> devices, String id) {
        return devices.stream()
                .filter(device -> device.device().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("device is '" + id + "'; expected one of: "
                        + String.join(
                                ", ",
                                devices.stream()
                                        .map(DeviceSettings::device)
                                        .limit(12)
                                        .toList())));
    }

    /** The same with other settings of the devices. */
    BundleSpec withDevices(List<DeviceSettings> others) {
        return new BundleSpec(
                name,
                model,
                modelSha256,
                inputMaximum,
                plan,
                others,
                graphDevice,
                validation,
                test,
                card,
                qasm2,
                created,
                provenance);
    }
}

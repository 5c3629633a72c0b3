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
 * @param network what is lowered
 * @param settings what devices get beside it
 * @param events what the bundle is tuned, reported and verified on
 * @param card facts for the model card
 * @param qasm2 whether circuits are wanted in OpenQASM 2 too
 * @param provenance where the model comes from
 */
public record BundleSpec(
        String name,
        Network network,
        Settings settings,
        Events events,
        ModelCard.Facts card,
        boolean qasm2,
        Provenance provenance) {
    public BundleSpec {
        Checks.notBlank("name", name);
    }

    /**
     * A trained network.
     *
     * @param model network and parameters; its circuits without shots and noise
     * @param sha256 of its parameters as they are stored
     * @param inputMaximum input values are 0 to this; the graphs divide by it
     */
    public record Network(EarlyExitModel model, String sha256, float inputMaximum) {
        public Network {
            Checks.present("model", model);
            Checks.positive("inputMaximum", inputMaximum);
        }
    }

    /**
     * What devices get beside the network.
     *
     * @param plan where the thresholds come from, or null
     * @param devices settings of all devices, at least one
     * @param graphDevice the device whose thresholds the whole graph holds
     */
    public record Settings(Plan plan, List<DeviceSettings> devices, String graphDevice) {
        public Settings {
            devices = List.copyOf(devices);
            of(devices, graphDevice);
        }

        /** @throws IllegalArgumentException if there is no such device */
        DeviceSettings of(String id) {
            return of(devices, id);
        }

        /** Settings of the device whose thresholds the whole graph holds. */
        DeviceSettings ofGraph() {
            return of(graphDevice);
        }

        private static DeviceSettings of(List<DeviceSettings> devices, String id) {
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
    }

    /**
     * Events of devices, one entry each.
     *
     * @param validation what the thresholds were chosen on; may be empty
     * @param test what is reported and verified on; may be empty
     */
    public record Events(List<BundleEvents> validation, List<BundleEvents> test) {
        public Events {
            validation = List.copyOf(validation);
            test = List.copyOf(test);
        }
    }

    /** The same with other settings of the devices. */
    BundleSpec withDevices(List<DeviceSettings> others) {
        return new BundleSpec(
                name,
                network,
                new Settings(settings.plan(), others, settings.graphDevice()),
                events,
                card,
                qasm2,
                provenance);
    }
}

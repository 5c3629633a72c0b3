package org.qexit.tier.live.device;

import java.nio.file.Path;
import java.util.List;

/** A process: the tiny device, until its events have ended or it is killed. */
final class DeviceMain {
    private DeviceMain() {}

    /** Words: bundle, folder, address, events, events per second, deadline in seconds. */
    public static void main(String[] words) {
        InForce begun = TinyDevice.begun(Path.of(words[0]));
        DeviceOptions options = TinyDevice.options(
                TinyDevice.runtime(Path.of(words[0])),
                Path.of(words[1]),
                List.of(words[2]),
                Double.parseDouble(words[5]),
                4,
                line -> System.out.println("said: " + line));
        DeviceProcess device = DeviceProcess.start(begun, options);
        try (device) {
            System.out.println("ready");
            device.run(
                    TinyDevice.feed(1, Integer.parseInt(words[3])),
                    Pace.poisson(Double.parseDouble(words[4]), 1, "ue1", device.taken()),
                    () -> false);
        }
        System.out.println(device.summary());
    }
}

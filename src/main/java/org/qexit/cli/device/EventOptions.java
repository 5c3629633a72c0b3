package org.qexit.cli.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.FormatOptions;
import org.qexit.common.UserError;
import org.qexit.data.events.EventFiles;
import org.qexit.data.events.EventSource;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.tier.live.device.EventFeed;
import org.qexit.tier.live.device.Pace;
import org.qexit.tier.scenario.ArrivalFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which events a device meets, and when. */
final class EventOptions {
    @Option(
            names = "--events",
            paramLabel = "SOURCE",
            required = true,
            arity = "1..*",
            description =
                    "PNG or JPEG images or folders of them, IDX arrays, CSV rows, JSON arrays or base64 by line; or the directory"
                            + " of a run, whose test events of this device they are. The same and in the same order whenever"
                            + " the device is begun anew.")
    private List<Path> sources;

    @Mixin
    private FormatOptions how;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "Events come at random, R per second (Poisson). Default: each when the one before is decided.")
    private Double rate;

    @Option(
            names = "--times",
            paramLabel = "FILE",
            description = "Events come at recorded times: lines DEVICE,SECONDS under the header device,seconds.")
    private Path times;

    @Option(names = "--speed", paramLabel = "X", description = "X times as fast as recorded.")
    private Double speed;

    @Option(names = "--seed", defaultValue = "1", description = "Of random arrivals (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private DataLocation data;

    /** Names the source, for the outbox. */
    String source() {
        return sources.stream()
                .map(path -> path.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(" "));
    }

    /** @throws UserError unless at most one way of timing is asked for, with sound numbers */
    void check() {
        if (rate != null && times != null) {
            throw new UserError("--rate and --times are both given; expected one of the two");
        }
        if (speed != null && times == null) {
            throw new UserError("--speed is for --times, which is not given");
        }
        if (rate != null && !(rate > 0 && rate <= 1e6)) {
            throw new UserError("--rate is " + rate + "; expected above 0, at most 1e6 events per second");
        }
        if (speed != null && !(speed > 0 && speed <= 1e6)) {
            throw new UserError("--speed is " + speed + "; expected above 0, at most 1e6");
        }
    }

    /** @param taken events that the device took before */
    Pace pace(String device, long taken) {
        if (rate != null) {
            return Pace.poisson(rate, seed, device, taken);
        }
        if (times == null) {
            return Pace.asFastAsPossible();
        }
        double[] seconds = ArrivalFile.read(times).stream()
                .filter(list -> list.device().equals(device))
                .findFirst()
                .orElseThrow(() -> new UserError(times + ": has no times of device '" + device + "'"))
                .seconds();
        return Pace.recorded(seconds, speed == null ? 1 : speed, taken);
    }

    EventFeed feed(String device, BundleManifest.Input shape) {
        if (sources.size() == 1 && Files.exists(sources.get(0).resolve("run.json"))) {
            return ofRun(device, shape);
        }
        EventFiles files = EventFiles.of(how.format(shape), sources);
        return () -> files.next().map(EventOptions::item);
    }

    private static EventFeed.Item item(EventSource.Event event) {
        return new EventFeed.Item(event.values(), event.problem());
    }

    private EventFeed ofRun(String device, BundleManifest.Input shape) {
        BundleEvents events =
                RunData.of(RunFiles.of(sources.get(0)).config(), data.catalog()).testEvents(device);
        int size = shape.size();
        float[] values = events.values();
        int count = events.size();
        if (values.length != (long) count * size) {
            throw new UserError(sources.get(0) + ": its events have " + values.length / Math.max(1, count)
                    + " values; the bundle takes " + size);
        }
        int[] next = {0};
        return () -> {
            int k = next[0]++;
            return k < count
                    ? Optional.of(new EventFeed.Item(Arrays.copyOfRange(values, k * size, (k + 1) * size), null))
                    : Optional.empty();
        };
    }
}

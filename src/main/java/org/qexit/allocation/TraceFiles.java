package org.qexit.allocation;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;

/** Reads the trace files that an instance names, each once, relative to the instance's folder. */
final class TraceFiles {
    private final Path instance;
    private final Map<String, List<DeviceTrace>> read = new HashMap<>();

    TraceFiles(Path instance) {
        this.instance = instance;
    }

    /**
     * The device with its trace inline.
     *
     * @throws UserError if the file has no events of the device that the trace names, or of this one
     */
    Instance.Device inline(Instance.Device device) {
        String file = device.trace().file();
        if (file == null) {
            return device;
        }
        String recorded =
                device.trace().device() == null ? device.id() : device.trace().device();
        List<DeviceTrace> traces = read.computeIfAbsent(
                file, name -> TraceReader.readAll(instance.toAbsolutePath().resolveSibling(name)));
        DeviceTrace own = traces.stream()
                .filter(trace -> trace.device().equals(recorded))
                .findFirst()
                .orElseThrow(() -> another(device, recorded, traces));
        boolean fromMetadata = device.maxCost() != null && device.exitCosts() == null;
        try {
            Instance.Device priced = fromMetadata ? device.withExitCosts(macs(device, file)) : device;
            return priced.withTrace(Instance.Trace.of(own));
        } catch (IllegalArgumentException e) {
            throw new UserError(instance + ": " + e.getMessage(), e);
        }
    }

    private List<BigDecimal> macs(Instance.Device device, String file) {
        List<TraceMetadata.CumulativeCost> known = TraceReader.metadata(
                        instance.toAbsolutePath().resolveSibling(file))
                .map(TraceMetadata::exits)
                .orElse(List.of());
        if (known.isEmpty()) {
            throw new UserError(instance + ": device " + device.id() + ": maxCost stands alone, and the trace file "
                    + file + " has no costs of its exits; expected exitCosts");
        }
        return known.stream().map(cost -> BigDecimal.valueOf(cost.macs())).toList();
    }

    private UserError another(Instance.Device device, String recorded, List<DeviceTrace> traces) {
        String first = traces.get(0).device();
        String others = traces.size() == 1 ? "" : " and " + (traces.size() - 1) + " others";
        String remedy = device.trace().device() == null
                ? ". If its events are meant, say so: {\"file\": ..., \"device\": \"" + first + "\"}"
                : "";
        return new UserError(instance + ": device " + device.id() + ": the trace file "
                + device.trace().file() + " is of device " + first + others + "; expected " + recorded + remedy);
    }
}

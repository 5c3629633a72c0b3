package org.qexit.allocation;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;

/** Reads the trace files that an instance names, each once, relative to the instance's folder. */
final class TraceFiles {
    private final Path instance;
    private final Map<String, List<DeviceTrace>> read = new HashMap<>();

    TraceFiles(Path instance) {
        this.instance = instance;
    }

    /** The device with its trace inline. A file that holds one device's trace serves whoever names it. */
    Instance.Device inline(Instance.Device device) {
        String file = device.trace().file();
        if (file == null) {
            return device;
        }
        List<DeviceTrace> traces = read.computeIfAbsent(
                file, name -> TraceReader.readAll(instance.toAbsolutePath().resolveSibling(name)));
        DeviceTrace own = traces.stream()
                .filter(trace -> trace.device().equals(device.id()))
                .findFirst()
                .orElse(traces.size() == 1 ? traces.get(0) : null);
        if (own == null) {
            throw new UserError(instance + ": device " + device.id() + ": the trace file " + file + " has "
                    + traces.size() + " devices, and this one is not among them");
        }
        return device.withTrace(Instance.Trace.of(own));
    }
}

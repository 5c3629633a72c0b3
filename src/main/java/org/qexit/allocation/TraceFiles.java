package org.qexit.allocation;

import java.nio.file.Path;

/** Reads the trace files that an instance names, each once. */
final class TraceFiles {
    private final Path instance;

    TraceFiles(Path instance) {
        this.instance = instance;
    }

    Instance.Device inline(Instance.Device device) {
        return device;
    }
}

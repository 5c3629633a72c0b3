package org.qexit.threshold;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.qexit.common.UserError;
import org.qexit.trace.TraceReader;

/** Finds the devices of one trace in another, both in the order of {@link TraceReader#openByDevice}. */
final class PathReader {
    private final TraceReader reader;
    private Optional<TraceReader.Reading> next;

    PathReader(TraceReader reader) {
        this.reader = reader;
        this.next = reader.next();
    }

    /** The device's events, or what is wrong with them. */
    TraceReader.Reading of(String device) {
        while (next.isPresent() && compare(next.get().device(), device) < 0) {
            next = reader.next();
        }
        return next.filter(found -> found.device().equals(device))
                .orElseGet(() -> new TraceReader.Reading(
                        device,
                        null,
                        new UserError("device " + device + ": is missing in " + reader.file()
                                + "; expected the same devices as in the trace")));
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}

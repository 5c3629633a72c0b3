package org.qexit.trace;

import java.io.PrintWriter;
import org.qexit.common.Json;

/** Prints a {@link ThresholdsFile} entry by entry, a line each, for fleets that do not fit into memory. */
public final class ThresholdsPrinter {
    private final PrintWriter out;
    private boolean any;

    /** Begins the file. */
    public ThresholdsPrinter(PrintWriter out) {
        this.out = out;
        out.print("{\"format\":\"" + ThresholdsFile.FORMAT + "\",\"devices\":[");
    }

    /** Adds a device: a {@link ThresholdsFile.Entry}, or an entry of another rule; all that it holds is printed. */
    public void add(Object entry) {
        out.print((any ? ",\n" : "\n") + Json.compact(entry));
        any = true;
    }

    /**
     * Ends the file.
     *
     * @param good devices that are in it
     * @param bad devices that could not be used
     */
    public void end(int good, int bad) {
        out.println("\n],\"good\":" + good + ",\"bad\":" + bad + "}");
    }
}

package org.qexit.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * What an edge node's multi-class model says of the events of one device: the probability of every class at every exit. The arrays are
 * not copied; do not change them. Files are those of docs/trace-format.md with the columns {@code p1_0 ... pL_(K-1)}.
 *
 * @param device the device's id
 * @param events event ids, {@code [event]}
 * @param labels 1 = critical, 0 = normal, {@code [event]}
 * @param probabilities in [0, 1], {@code [exit][class][event]}; over the classes they sum to 1
 * @param origins classes and sources of the events
 */
public record ClassTrace(String device, long[] events, byte[] labels, float[][][] probabilities, EventOrigins origins) {
    /** The most that the probabilities of an event at an exit may miss 1 by. */
    public static final double SUM_TOLERANCE = 1e-3;

    /** @throws IllegalArgumentException for shapes that do not fit, and values outside their range */
    public ClassTrace {
        Checks.notBlank("device", device);
        Checks.present("origins", origins);
        if (labels.length != events.length || origins.classes().length != events.length) {
            throw new IllegalArgumentException("device " + device + ": " + labels.length + " labels and "
                    + origins.classes().length + " classes for " + events.length + " events");
        }
        if (probabilities.length == 0) {
            throw new IllegalArgumentException("device " + device + ": no exits");
        }
        int classes = probabilities[0].length;
        Checks.within("number of classes", classes, 2, 10_000);
        for (int q = 0; q < probabilities.length; q++) {
            if (probabilities[q].length != classes) {
                throw new IllegalArgumentException("device " + device + ": exit " + (q + 1) + " has "
                        + probabilities[q].length + " classes, exit 1 has " + classes);
            }
            for (int c = 0; c < classes; c++) {
                if (probabilities[q][c].length != events.length) {
                    throw new IllegalArgumentException("device " + device + ": p" + (q + 1) + "_" + c + " has "
                            + probabilities[q][c].length + " values for " + events.length + " events");
                }
            }
        }
        for (int k = 0; k < events.length; k++) {
            checkEvent(device, events[k], k, labels, probabilities, origins);
        }
    }

    private static void checkEvent(
            String device, long event, int k, byte[] labels, float[][][] probabilities, EventOrigins origins) {
        int classes = probabilities[0].length;
        if (labels[k] != 0 && labels[k] != 1) {
            throw new IllegalArgumentException(
                    "device " + device + ", event " + event + ": label is " + labels[k] + "; expected 0 or 1");
        }
        if (origins.classes()[k] >= classes) {
            throw new IllegalArgumentException("device " + device + ", event " + event + ": class is "
                    + origins.classes()[k] + "; expected 0 to " + (classes - 1));
        }
        for (int q = 0; q < probabilities.length; q++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                float p = probabilities[q][c][k];
                if (!(p >= 0 && p <= 1)) {
                    throw new IllegalArgumentException("device " + device + ", event " + event + ": p" + (q + 1) + "_"
                            + c + " is " + p + "; expected 0 to 1");
                }
                sum += p;
            }
            if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
                throw new IllegalArgumentException("device " + device + ", event " + event
                        + ": the probabilities at exit " + (q + 1) + " sum to " + sum + "; expected 1");
            }
        }
    }

    public int size() {
        return events.length;
    }

    public int exits() {
        return probabilities.length;
    }

    /** K. */
    public int classes() {
        return probabilities[0].length;
    }

    /** The probabilities of one event, {@code [exit][class]}. */
    public float[][] event(int k) {
        float[][] of = new float[exits()][classes()];
        for (int q = 0; q < of.length; q++) {
            for (int c = 0; c < of[q].length; c++) {
                of[q][c] = probabilities[q][c][k];
            }
        }
        return of;
    }

    /**
     * Writes a file of all devices, Parquet or CSV by its name.
     *
     * @param metadata with {@link TraceMetadata#classes}
     * @throws UserError if the name has another end, or there are no events
     * @throws IllegalArgumentException if the metadata is of other classes, or a label is not what they say
     */
    public static void write(Path file, List<ClassTrace> traces, TraceMetadata metadata) {
        if (traces.isEmpty()) {
            throw new UserError(file + ": a trace needs at least one event");
        }
        TraceMetadata.Classes told = Checks.present("classes", metadata.classes());
        if (told.names().size() != traces.get(0).classes()) {
            throw new IllegalArgumentException(told.names().size() + " names of classes; expected "
                    + traces.get(0).classes());
        }
        traces.forEach(trace -> trace.checkLabels(told));
        TraceColumns columns =
                new TraceColumns(traces.get(0).exits(), traces.get(0).classes(), true);
        TraceWriter.write(file, columns, metadata, out -> traces.forEach(trace -> trace.appendTo(out, columns)));
    }

    /** An event is critical exactly if its class is. */
    private void checkLabels(TraceMetadata.Classes told) {
        for (int k = 0; k < size(); k++) {
            int expected = told.critical().contains(origins.classes()[k]) ? 1 : 0;
            if (labels[k] != expected) {
                throw new IllegalArgumentException("device " + device + ", event " + events[k] + ": label is "
                        + labels[k] + "; expected " + expected + ", as class " + origins.classes()[k] + " is "
                        + (expected == 1 ? "critical" : "normal"));
            }
        }
    }

    private void appendTo(TraceWriter out, TraceColumns columns) {
        if (exits() != columns.exits() || classes() != columns.classes()) {
            throw new IllegalArgumentException("device " + device + " has " + exits() + " exits and " + classes()
                    + " classes; expected " + columns.exits() + " and " + columns.classes());
        }
        float[] row = new float[columns.scores()];
        for (int k = 0; k < size(); k++) {
            for (int q = 0; q < exits(); q++) {
                for (int c = 0; c < classes(); c++) {
                    row[q * classes() + c] = probabilities[q][c][k];
                }
            }
            out.put(device, events[k], labels[k], row, origins.classes()[k], origins.sources()[k]);
        }
    }

    /**
     * Reads all devices of a file. What it says of itself is {@link TraceReader#metadata(Path)}.
     *
     * @throws UserError if it is no such trace, or a row is bad
     */
    public static List<ClassTrace> readAll(Path file) {
        List<ClassTrace> traces = new ArrayList<>();
        each(file, traces::add);
        return traces;
    }

    /**
     * The same device by device, in memory for the largest.
     *
     * @throws UserError if it is no such trace, or a row is bad
     */
    public static void each(Path file, Consumer<ClassTrace> sink) {
        try (TraceReader reader = TraceReader.openClasses(file)) {
            for (DeviceTrace rows : reader) {
                sink.accept(of(file, rows, reader.columns(), reader.metadata().map(TraceMetadata::classes)));
            }
        }
    }

    private static ClassTrace of(
            Path file, DeviceTrace rows, TraceColumns columns, Optional<TraceMetadata.Classes> told) {
        float[][][] probabilities = new float[columns.exits()][columns.classes()][];
        for (int i = 0; i < columns.scores(); i++) {
            probabilities[i / columns.classes()][i % columns.classes()] = rows.scores()[i];
        }
        try {
            ClassTrace trace =
                    new ClassTrace(rows.device(), rows.events(), rows.labels(), probabilities, rows.origins());
            told.ifPresent(trace::checkLabels);
            return trace;
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}

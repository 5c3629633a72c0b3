package org.qexit.trace;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.qexit.common.UserError;

/** Gathers the rows of one device; keeps the first thing that is wrong with them. */
final class DeviceRows {
    /** Columns of the query, from 1. */
    static final int STARTS = 1;

    static final int DEVICE = 2;
    private static final int EVENT = 3;
    private static final int LABEL = 4;
    private static final int FIRST_SCORE = 5;

    private static final int FIRST_CAPACITY = 256;

    private final Path file;
    private final String device;
    private final float[][] scores;
    private final TraceColumns columns;
    private final int[][] classes;
    private final String[][] sources;
    private long[] events = new long[FIRST_CAPACITY];
    private byte[] labels = new byte[FIRST_CAPACITY];
    private int size;
    private UserError problem;

    /** @param origins whether to keep class and source */
    DeviceRows(Path file, String device, TraceColumns columns, boolean origins) {
        this.file = file;
        this.device = device;
        this.columns = columns;
        this.scores = new float[columns.scores()][FIRST_CAPACITY];
        this.classes = new int[origins ? 1 : 0][FIRST_CAPACITY];
        this.sources = new String[origins ? 1 : 0][FIRST_CAPACITY];
        if (device.isBlank()) {
            problem = new UserError(file + ": a row has no device");
        }
    }

    String device() {
        return device;
    }

    /** Adds the current row of {@link TraceReader}'s query. */
    void add(ResultSet row) throws SQLException {
        if (problem != null) {
            return;
        }
        if (size == events.length) {
            grow();
        }
        long event = row.getLong(EVENT);
        if (row.wasNull()) {
            problem = problem("row " + (size + 1) + " of the device", "event", row, EVENT, "a whole number");
            return;
        }
        long label = row.getLong(LABEL);
        if (row.wasNull() || label != 0 && label != 1) {
            problem = problem("event " + event, "label", row, LABEL, "0 or 1");
            return;
        }
        for (int q = 0; q < scores.length; q++) {
            float score = row.getFloat(FIRST_SCORE + q);
            if (row.wasNull() || !(score >= 0 && score <= 1)) {
                problem = problem("event " + event, columns.score(q), row, FIRST_SCORE + q, "a number from 0 to 1");
                return;
            }
            scores[q][size] = score + 0f;
        }
        if (classes.length > 0) {
            classes[0][size] = row.getInt(FIRST_SCORE + 2 * scores.length + 2);
            sources[0][size] = row.getString(FIRST_SCORE + 2 * scores.length + 3);
        }
        events[size] = event;
        labels[size] = (byte) label;
        size++;
    }

    TraceReader.Reading outcome() {
        if (problem != null) {
            return new TraceReader.Reading(device, null, problem);
        }
        float[][] exact = new float[scores.length][];
        for (int q = 0; q < scores.length; q++) {
            exact[q] = Arrays.copyOf(scores[q], size);
        }
        return new TraceReader.Reading(
                device,
                new DeviceTrace(
                        device,
                        Arrays.copyOf(events, size),
                        Arrays.copyOf(labels, size),
                        exact,
                        classes.length == 0
                                ? null
                                : new EventOrigins(Arrays.copyOf(classes[0], size), Arrays.copyOf(sources[0], size))),
                null);
    }

    private UserError problem(String event, String column, ResultSet row, int index, String expected)
            throws SQLException {
        String value = row.getString(index + 2 + scores.length);
        return new UserError(file + ": device " + device + ", " + event + ", column '" + column + "': "
                + (value == null ? "is missing" : "is '" + value + "'") + "; expected " + expected);
    }

    private void grow() {
        int capacity = Math.multiplyExact(events.length, 2);
        events = Arrays.copyOf(events, capacity);
        labels = Arrays.copyOf(labels, capacity);
        for (int q = 0; q < scores.length; q++) {
            scores[q] = Arrays.copyOf(scores[q], capacity);
        }
        for (int i = 0; i < classes.length; i++) {
            classes[i] = Arrays.copyOf(classes[i], capacity);
            sources[i] = Arrays.copyOf(sources[i], capacity);
        }
    }
}

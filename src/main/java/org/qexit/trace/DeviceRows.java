package org.qexit.trace;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.qexit.common.UserError;

/** Gathers the rows of one device; keeps the first thing that is wrong with them. */
final class DeviceRows {
    private static final int FIRST_CAPACITY = 256;

    private final Path file;
    private final String device;
    private final float[][] scores;
    private long[] events = new long[FIRST_CAPACITY];
    private byte[] labels = new byte[FIRST_CAPACITY];
    private int size;
    private UserError problem;

    DeviceRows(Path file, String device, int exits) {
        this.file = file;
        this.device = device;
        this.scores = new float[exits][FIRST_CAPACITY];
        if (device.isBlank()) {
            problem = new UserError(file + ": a row has no device");
        }
    }

    String device() {
        return device;
    }

    /** Adds the current row: device, event, label, c1..cL, as numbers (Parquet) or as text (CSV). */
    void add(ResultSet row) throws SQLException {
        if (problem != null) {
            return;
        }
        if (size == events.length) {
            grow();
        }
        try {
            events[size] = whole(row.getObject(2));
        } catch (NumberFormatException e) {
            problem = problem("row " + (size + 1) + " of the device", "event", row.getObject(2), "a whole number");
            return;
        }
        String event = "event " + events[size];
        Object label = row.getObject(3);
        if (!isBit(label)) {
            problem = problem(event, "label", label, "0 or 1");
            return;
        }
        labels[size] = (byte) whole(label);
        for (int q = 0; q < scores.length; q++) {
            Object cell = row.getObject(4 + q);
            float score = score(cell);
            if (!(score >= 0 && score <= 1)) {
                problem = problem(event, "c" + (q + 1), cell, "a number from 0 to 1");
                return;
            }
            scores[q][size] = score + 0f;
        }
        size++;
    }

    TraceReader.Outcome outcome() {
        if (problem != null) {
            return new TraceReader.Outcome(device, null, problem);
        }
        float[][] exact = new float[scores.length][];
        for (int q = 0; q < scores.length; q++) {
            exact[q] = Arrays.copyOf(scores[q], size);
        }
        return new TraceReader.Outcome(
                device, new DeviceTrace(device, Arrays.copyOf(events, size), Arrays.copyOf(labels, size), exact), null);
    }

    private UserError problem(String event, String column, Object value, String expected) {
        return new UserError(file + ": device " + device + ", " + event + ", column '" + column + "': "
                + (value == null ? "is missing" : "is '" + value + "'") + "; expected " + expected);
    }

    private static long whole(Object cell) {
        if (cell instanceof Number number) {
            return number.longValue();
        }
        return Long.parseLong(cell == null ? "" : cell.toString().trim());
    }

    private static boolean isBit(Object cell) {
        try {
            long value = whole(cell);
            return value == 0 || value == 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** NaN for what is not a number. */
    private static float score(Object cell) {
        if (cell instanceof Float number) {
            return number;
        }
        if (cell == null) {
            return Float.NaN;
        }
        try {
            return Float.parseFloat(cell.toString().trim());
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    private void grow() {
        int capacity = Math.multiplyExact(events.length, 2);
        events = Arrays.copyOf(events, capacity);
        labels = Arrays.copyOf(labels, capacity);
        for (int q = 0; q < scores.length; q++) {
            scores[q] = Arrays.copyOf(scores[q], capacity);
        }
    }
}

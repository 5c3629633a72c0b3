package org.qexit.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * Writes a trace file, Parquet or CSV by its name, device by device in bounded memory. The file appears whole or not at all,
 * and the same rows give the same bytes. See docs/trace-format.md.
 */
public final class TraceWriter {
    /** Rows per Parquet row group. */
    private static final int ROW_GROUP = 122_880;

    private final DuckDBAppender appender;
    private final TraceDigest digest;
    private final int exits;
    private final float[] normal;
    private long rows;

    private TraceWriter(DuckDBAppender appender, TraceDigest digest, int exits) {
        this.appender = appender;
        this.digest = digest;
        this.exits = exits;
        this.normal = new float[exits];
    }

    /** Hands rows to the writer. */
    @FunctionalInterface
    public interface Body {
        void writeTo(TraceWriter out);
    }

    /**
     * Writes {@code file}; if {@code body} throws, nothing is left of it and an older file stays as it was.
     *
     * @param exits number of exits L, the score columns c1..cL
     * @param metadata of the file, or null
     * @throws UserError if the name ends neither in .parquet nor in .csv, or no row was written
     */
    public static void write(Path file, int exits, TraceMetadata metadata, Body body) {
        Checks.within("exits", exits, 1, 10_000);
        boolean parquet = Duck.isParquet(file);
        if (!parquet && !CsvHeader.isPlain(file)) {
            throw new UserError(file + ": the name of a trace to write ends in .parquet or .csv");
        }
        AtomicFiles.write(file, temporary -> {
            Path spill = temporary.resolveSibling(temporary.getFileName() + ".spill");
            try (Connection connection = Duck.open(spill, true)) {
                Map<String, String> notes = new LinkedHashMap<>();
                if (metadata != null) {
                    notes.put(TraceReader.METADATA_KEY, Json.compact(metadata));
                }
                TraceDigest digest = new TraceDigest(notes.getOrDefault(TraceReader.METADATA_KEY, ""), exits);
                fill(connection, file, digest, exits, body);
                notes.put(TraceDigest.KEY, Json.compact(digest.stored()));
                copy(connection, temporary, parquet, notes);
            } catch (SQLException e) {
                throw new IOException(
                        Duck.reason(
                                e,
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")),
                        e);
            } finally {
                Duck.removeSpill(spill);
            }
        });
        if (!parquet && metadata != null) {
            Json.write(TraceReader.sidecar(file), metadata);
        }
    }

    private static void fill(Connection connection, Path file, TraceDigest digest, int exits, Body body)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE trace (device VARCHAR NOT NULL, event BIGINT NOT NULL, label TINYINT NOT NULL, "
                            + IntStream.rangeClosed(1, exits)
                                    .mapToObj(q -> "c" + q + " FLOAT NOT NULL")
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        try (DuckDBAppender appender =
                connection.unwrap(DuckDBConnection.class).createAppender(DuckDBConnection.DEFAULT_SCHEMA, "trace")) {
            TraceWriter out = new TraceWriter(appender, digest, exits);
            body.writeTo(out);
            if (out.rows == 0) {
                throw new UserError(file + ": a trace needs at least one event");
            }
        }
    }

    private static void copy(Connection connection, Path temporary, boolean parquet, Map<String, String> notes)
            throws SQLException {
        String format = parquet
                ? "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP
                : "FORMAT csv, HEADER true, DELIMITER ',', COMPRESSION none";
        if (parquet) {
            format += notes.entrySet().stream()
                    .map(note -> Duck.text(note.getKey()) + ": " + Duck.text(note.getValue()))
                    .collect(Collectors.joining(", ", ", KV_METADATA {", "}"));
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("COPY trace TO " + Duck.text(temporary.toString()) + " (" + format + ")");
        }
    }

    /** Appends all events of a device. Rows of one device should follow each other: reading is then a single pass. */
    public void append(DeviceTrace trace) {
        if (trace.exits() != exits) {
            throw new IllegalArgumentException(
                    "device " + trace.device() + " has " + trace.exits() + " exits; expected " + exits);
        }
        float[] row = new float[exits];
        for (int k = 0; k < trace.size(); k++) {
            for (int q = 0; q < exits; q++) {
                row[q] = trace.scores()[q][k];
            }
            put(trace.device(), trace.events()[k], trace.labels()[k], row);
        }
    }

    /**
     * Appends one event.
     *
     * @param scores confidences at the exits, {@code [exit]}
     * @throws IllegalArgumentException for a label other than 0 and 1, or a score outside [0, 1]
     */
    public void append(String device, long event, int label, float[] scores) {
        Checks.notBlank("device", device);
        Checks.within("label", label, 0, 1);
        if (scores.length != exits) {
            throw new IllegalArgumentException(scores.length + " scores; expected " + exits);
        }
        for (float score : scores) {
            Checks.within("score", score, 0, 1);
        }
        put(device, event, label, scores);
    }

    private void put(String device, long event, int label, float[] scores) {
        try {
            appender.beginRow().append(device).append(event).append((byte) label);
            for (int q = 0; q < exits; q++) {
                normal[q] = scores[q] + 0f;
                appender.append(normal[q]);
            }
            appender.endRow();
            digest.row(device, event, label, normal);
            rows++;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append to the trace: " + e.getMessage(), e);
        }
    }
}

package org.qexit.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
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

    private final Connection connection;
    private final String metadata;
    private final float[] normal;
    private TraceColumns columns;
    private DuckDBAppender appender;
    private TraceDigest digest;

    private TraceWriter(Connection connection, String metadata, TraceColumns columns) {
        this.connection = connection;
        this.metadata = metadata;
        this.columns = columns;
        this.normal = new float[columns.scores()];
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
        write(file, new TraceColumns(exits, 0, false), metadata, body);
    }

    static void write(Path file, TraceColumns columns, TraceMetadata metadata, Body body) {
        Checks.within("exits", columns.exits(), 1, 10_000);
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
                TraceWriter out =
                        new TraceWriter(connection, notes.getOrDefault(TraceReader.METADATA_KEY, ""), columns);
                out.fill(file, body);
                notes.put(TraceDigest.KEY, Json.compact(out.digest.stored()));
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

    private void fill(Path file, Body body) throws SQLException {
        try {
            body.writeTo(this);
            if (appender == null) {
                throw new UserError(file + ": a trace needs at least one event");
            }
        } finally {
            if (appender != null) {
                appender.close();
            }
        }
    }

    /** The table, once the first row says whether it has origins. */
    private void begin(boolean origins) throws SQLException {
        columns = new TraceColumns(columns.exits(), columns.classes(), origins);
        digest = new TraceDigest(metadata, columns);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE trace (device VARCHAR NOT NULL, event BIGINT NOT NULL, label TINYINT NOT NULL, "
                            + columns.scoreNames().stream()
                                    .map(name -> name + " FLOAT NOT NULL")
                                    .collect(Collectors.joining(", "))
                            + (origins ? ", class INTEGER NOT NULL, source VARCHAR NOT NULL" : "") + ")");
        }
        appender = connection.unwrap(DuckDBConnection.class).createAppender(DuckDBConnection.DEFAULT_SCHEMA, "trace");
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
        if (trace.exits() != columns.exits()) {
            throw new IllegalArgumentException(
                    "device " + trace.device() + " has " + trace.exits() + " exits; expected " + columns.exits());
        }
        EventOrigins origins = trace.origins();
        float[] row = new float[columns.exits()];
        for (int k = 0; k < trace.size(); k++) {
            for (int q = 0; q < row.length; q++) {
                row[q] = trace.scores()[q][k];
            }
            put(
                    trace.device(),
                    trace.events()[k],
                    trace.labels()[k],
                    row,
                    origins == null ? 0 : origins.classes()[k],
                    origins == null ? null : origins.sources()[k]);
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
        if (scores.length != columns.exits()) {
            throw new IllegalArgumentException(scores.length + " scores; expected " + columns.exits());
        }
        for (float score : scores) {
            Checks.within("score", score, 0, 1);
        }
        put(device, event, label, scores, 0, null);
    }

    /** @param source null for a row without origin; all rows have one or none has */
    void put(String device, long event, int label, float[] scores, int classId, String source) {
        try {
            if (appender == null) {
                begin(source != null);
            }
            if (columns.origins() != (source != null)) {
                throw new IllegalArgumentException("device " + device + ", event " + event
                        + (source == null ? " does not tell its" : " tells its")
                        + " class and source, unlike those before; expected all or none");
            }
            appender.beginRow().append(device).append(event).append((byte) label);
            for (int i = 0; i < normal.length; i++) {
                normal[i] = scores[i] + 0f;
                appender.append(normal[i]);
            }
            if (source != null) {
                appender.append(classId).append(source);
            }
            appender.endRow();
            digest.row(device, event, label, normal, classId, source);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append to the trace: " + e.getMessage(), e);
        }
    }
}

package org.qexit.trace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * Reads a trace file, Parquet or CSV, one device at a time: memory for the largest device, not for the file. Rows of a device may
 * be scattered over the file; they are then sorted on disk. Columns other than the format's are ignored.
 *
 * <p>{@code for (DeviceTrace trace : reader)} stops with a {@link UserError} at the first device with a bad row;
 * {@link #next()} reports it and goes on to the others.
 */
public final class TraceReader implements AutoCloseable, Iterable<DeviceTrace> {
    static final String METADATA_KEY = "qexit.trace";
    private static final Set<String> WHOLE = Set.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT");
    private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

    private final Path file;
    private final boolean parquet;
    private final Path spill;
    private final Connection connection;
    /** Names of a CSV file's columns. */
    private final List<String> header;

    private TraceColumns columns;
    private boolean keepOrigins;
    private int devices;
    private long rows;
    private TraceMetadata metadata;
    private Statement statement;
    private ResultSet result;
    private DeviceRows pending;

    private TraceReader(Path file, boolean parquet, Path spill, Connection connection, List<String> header) {
        this.file = file;
        this.parquet = parquet;
        this.spill = spill;
        this.connection = connection;
        this.header = header;
    }

    /**
     * What became of one device.
     *
     * @param device the device's id
     * @param trace its events, or null if a row is bad
     * @param problem what is bad, or null
     */
    public record Reading(String device, DeviceTrace trace, UserError problem) {}

    /**
     * Opens a trace and checks its columns.
     *
     * @throws UserError if there is no such file, it is not of the kind its name says, is empty, or a column is missing or
     *     of the wrong type
     */
    public static TraceReader open(Path file) {
        return open(file, false, Kind.CONFIDENCES);
    }

    /**
     * As {@link #open}, with the events' {@linkplain DeviceTrace#origins origins}.
     *
     * @throws UserError also if the file does not hold them
     */
    public static TraceReader openWithOrigins(Path file) {
        return open(file, false, Kind.WITH_ORIGINS);
    }

    /** A multi-class trace, whose probabilities stand in the place of scores. */
    static TraceReader openClasses(Path file) {
        return open(file, false, Kind.CLASSES);
    }

    private enum Kind {
        CONFIDENCES,
        WITH_ORIGINS,
        CLASSES,
        /** Whichever of confidences and classes it has. */
        EITHER
    }

    /** As {@link #open}, with the devices in ascending order of their ids' UTF-8 bytes. */
    public static TraceReader openByDevice(Path file) {
        return open(file, true, Kind.CONFIDENCES);
    }

    private static TraceReader open(Path file, boolean byDevice, Kind kind) {
        if (!Files.exists(file)) {
            throw new UserError(file + ": no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + ": is not a file; expected a trace (.parquet or .csv)");
        }
        boolean parquet = Duck.isParquet(file);
        if (!parquet && !isCsv(file)) {
            throw new UserError(file + ": the name of a trace ends in .parquet or .csv");
        }
        Path spill = null;
        Connection connection = null;
        TraceReader reader = null;
        try {
            checkBeginning(file, parquet);
            spill = Files.createTempDirectory("qexit-trace");
            connection = Duck.open(spill, true);
            reader = new TraceReader(file, parquet, spill, connection, parquet ? List.of() : csvHeader(file));
            reader.columns = reader.columns(kind);
            reader.keepOrigins = kind == Kind.WITH_ORIGINS || kind == Kind.CLASSES;
            if (reader.keepOrigins && !reader.columns.origins()) {
                throw new UserError(
                        file
                                + ": does not tell where its events come from; expected columns class (an id from 0) and source");
            }
            ParquetCheck check = reader.readMetadata();
            reader.checkMetadata();
            boolean scattered = reader.scattered();
            if (check != null) {
                check.rows(reader.columns, reader.rows);
            }
            reader.query(scattered || byDevice);
            TraceReader opened = reader;
            reader = null;
            spill = null;
            connection = null;
            return opened;
        } catch (SQLException e) {
            throw unreadable(file, parquet, e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        } finally {
            if (reader != null) {
                reader.close();
            } else {
                release(connection, spill);
            }
        }
    }

    /** All devices of a file that fits in memory. */
    public static List<DeviceTrace> readAll(Path file) {
        try (TraceReader reader = open(file)) {
            List<DeviceTrace> traces = new ArrayList<>();
            reader.forEach(traces::add);
            return traces;
        }
    }

    /** A trace of confidences, or an edge node's, whose probabilities stand in the place of scores: see {@link #classes}. */
    public static TraceReader openEither(Path file) {
        return open(file, false, Kind.EITHER);
    }

    /** The metadata of a trace, a device's or an edge node's, if it has any. */
    public static Optional<TraceMetadata> metadata(Path file) {
        try (TraceReader reader = open(file, false, Kind.EITHER)) {
            return reader.metadata();
        }
    }

    static boolean isCsv(Path file) {
        return CsvHeader.isPlain(file) || CsvHeader.isCompressed(file);
    }

    static Path sidecar(Path file) {
        return file.resolveSibling(file.getFileName() + ".meta.json");
    }

    public Path file() {
        return file;
    }

    /** Number of exits L. */
    public int exits() {
        return columns.exits();
    }

    /** Number of classes of an edge node's trace, 0 for confidences. */
    public int classes() {
        return columns.classes();
    }

    TraceColumns columns() {
        return columns;
    }

    /** Number of devices in the file. */
    public int devices() {
        return devices;
    }

    /** Number of events in the file. */
    public long rows() {
        return rows;
    }

    public Optional<TraceMetadata> metadata() {
        return Optional.ofNullable(metadata);
    }

    /** The next device, good or bad; empty after the last. */
    public Optional<Reading> next() {
        try {
            DeviceRows current = pending;
            pending = null;
            while (result.next()) {
                // Fetching text is the dear part of a row: only where the device may have changed.
                String id = current == null || result.getBoolean(DeviceRows.STARTS)
                        ? result.getString(DeviceRows.DEVICE)
                        : current.device();
                if (current == null) {
                    current = new DeviceRows(file, id, columns, keepOrigins);
                } else if (!current.device().equals(id)) {
                    pending = new DeviceRows(file, id, columns, keepOrigins);
                    pending.add(result);
                    return Optional.of(current.outcome());
                }
                current.add(result);
            }
            return current == null ? Optional.empty() : Optional.of(current.outcome());
        } catch (SQLException e) {
            throw unreadable(file, parquet, e);
        }
    }

    /** The devices in the order of the file; may be called once. A bad device ends in a {@link UserError}. */
    @Override
    public Iterator<DeviceTrace> iterator() {
        return new Iterator<>() {
            private Optional<Reading> ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    ahead = TraceReader.this.next();
                }
                return ahead.isPresent();
            }

            @Override
            public DeviceTrace next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Reading outcome = ahead.get();
                ahead = null;
                if (outcome.problem() != null) {
                    throw outcome.problem();
                }
                return outcome.trace();
            }
        };
    }

    @Override
    public void close() {
        try {
            if (result != null) {
                result.close();
            }
            if (statement != null) {
                statement.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close " + file + ": " + e.getMessage(), e);
        } finally {
            release(connection, spill);
        }
    }

    private static void release(Connection connection, Path spill) {
        try {
            if (connection != null) {
                connection.close();
            }
            if (spill != null) {
                Duck.removeSpill(spill);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close the trace: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + spill + ": " + e.getMessage(), e);
        }
    }

    private static void checkBeginning(Path file, boolean parquet) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(PARQUET_MAGIC.length);
            if (start.length == 0) {
                throw new UserError(file + ": is empty");
            }
            if (parquet && !Arrays.equals(start, PARQUET_MAGIC)) {
                throw new UserError(file + ": is not a Parquet file");
            }
            if (!parquet && Arrays.equals(start, PARQUET_MAGIC)) {
                throw new UserError(file + ": is a Parquet file. Maybe its name should end in .parquet");
            }
        }
    }

    private static List<String> csvHeader(Path file) throws IOException {
        List<String> header = CsvHeader.read(file);
        CsvScan.check(file, header.size());
        return header;
    }

    private String source() {
        return parquet
                ? Duck.parquet(file)
                : "read_csv(" + Duck.file(file) + ", auto_detect = false, header = true, delim = ',', quote = '\"',"
                        + " escape = '\"', comment = '', hive_partitioning = false, null_padding = false, strict_mode = true,"
                        + " compression = '" + (CsvHeader.isCompressed(file) ? "gzip" : "none") + "', columns = {"
                        + header.stream().map(c -> Duck.text(c) + ": 'VARCHAR'").collect(Collectors.joining(", "))
                        + "})";
    }

    private Map<String, String> types() throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        if (!parquet) {
            header.forEach(name -> types.put(name, "VARCHAR"));
            return types;
        }
        try (Statement describe = connection.createStatement();
                ResultSet columns = describe.executeQuery("DESCRIBE SELECT * FROM " + source())) {
            while (columns.next()) {
                types.put(columns.getString(1), columns.getString(2));
            }
        }
        return types;
    }

    /** The columns found. */
    private TraceColumns columns(Kind kind) throws SQLException {
        Map<String, String> types = types();
        boolean several =
                kind == Kind.CLASSES || kind == Kind.EITHER && types.containsKey("p1_0") && !types.containsKey("c1");
        int classes = 0;
        while (several && types.containsKey("p1_" + classes)) {
            classes++;
        }
        int exits = 0;
        while (types.containsKey(several ? "p" + (exits + 1) + "_0" : "c" + (exits + 1))) {
            exits++;
        }
        String first = several ? "p1_0" : "c1";
        for (String column :
                exits == 0 ? List.of("device", "event", "label", first) : List.of("device", "event", "label")) {
            if (!types.containsKey(column)) {
                throw new UserError(file + ": column '" + column + "' is missing; expected device, event, label, "
                        + (several ? "p1_0 ... pL_(K-1)" : "c1 ... cL") + "; found "
                        + types.keySet().stream().map(CsvHeader::shown).collect(Collectors.joining(", "))
                        + (!several && types.containsKey("p1_0") ? " (a trace of an edge node's model)" : ""));
            }
        }
        TraceColumns found = new TraceColumns(exits, classes, origins(types));
        Set<String> expected = new HashSet<>(found.scoreNames());
        for (String name : expected) {
            if (!types.containsKey(name)) {
                throw new UserError(file + ": column '" + name + "' is missing, though there is '" + first + "'");
            }
        }
        for (String column : types.keySet()) {
            if (column.matches(several ? "p[1-9][0-9]{0,5}_[0-9]{1,6}" : "c[1-9][0-9]{0,5}")
                    && !expected.contains(column)) {
                throw new UserError(file + ": column '" + (several ? "p" + (exits + 1) + "_0" : "c" + (exits + 1))
                        + "' is missing, though there is '" + column + "'");
            }
        }
        if (parquet) {
            require(types, "device", Set.of("VARCHAR"), "text");
            require(types, "event", WHOLE, "a whole number");
            require(types, "label", WHOLE, "a whole number, 0 or 1");
            for (String name : found.scoreNames()) {
                require(types, name, Set.of("FLOAT", "DOUBLE"), "float");
            }
        }
        return found;
    }

    private void require(Map<String, String> types, String column, Set<String> allowed, String expected) {
        String type = types.get(column);
        if (!allowed.contains(type)) {
            throw new UserError(file + ": column '" + column + "' is of type " + type + "; expected " + expected);
        }
    }

    /** Returns what the rows of a Parquet file are to be checked by, else null. */
    private ParquetCheck readMetadata() throws SQLException {
        if (!parquet) {
            Path sidecar = sidecar(file);
            metadata = Files.exists(sidecar) ? Json.read(sidecar, TraceMetadata.class) : null;
            return null;
        }
        ParquetCheck check = new ParquetCheck(file, connection);
        metadata = check.metadata();
        return check;
    }

    /** A description of another trace, such as one left beside a CSV file that was written anew, would price and name its exits wrongly. */
    private void checkMetadata() {
        if (metadata == null) {
            return;
        }
        String place =
                parquet ? file + " (" + METADATA_KEY + ")" : sidecar(file).toString();
        if (metadata.exits() != null && metadata.exits().size() != columns.exits()) {
            throw new UserError(place + ": has costs of " + metadata.exits().size() + " exits; the trace has "
                    + columns.exits() + " exits");
        }
        int named = metadata.classes() == null ? 0 : metadata.classes().names().size();
        if (named > 0 && named != columns.classes()) {
            throw new UserError(place + ": names " + named + " classes; the trace "
                    + (columns.classes() == 0 ? "is of confidences" : "has " + columns.classes()));
        }
    }

    /** Counts rows and devices; whether the rows of some device do not follow each other. */
    private boolean scattered() throws SQLException {
        Set<String> seen = new HashSet<>();
        boolean scattered = false;
        String starts =
                "SELECT device, device IS DISTINCT FROM lag(device) OVER () AS starts FROM (SELECT coalesce(device, '')"
                        + " AS device FROM " + source() + ")";
        try (Statement query = connection.createStatement()) {
            try (ResultSet found = query.executeQuery("SELECT device FROM (" + starts + ") WHERE starts")) {
                while (found.next()) {
                    scattered |= !seen.add(found.getString(1));
                }
            }
            try (ResultSet found = query.executeQuery("SELECT count(*) FROM " + source())) {
                found.next();
                rows = found.getLong(1);
            }
        }
        devices = seen.size();
        if (rows == 0) {
            throw new UserError(file + ": has no events");
        }
        return scattered;
    }

    /** Whether every row tells its class and source; columns of these names may be another program's. */
    private boolean origins(Map<String, String> types) throws SQLException {
        if (!types.containsKey(TraceColumns.CLASS)
                || !types.containsKey(TraceColumns.SOURCE)
                || parquet
                        && !(WHOLE.contains(types.get(TraceColumns.CLASS))
                                && types.get(TraceColumns.SOURCE).equals("VARCHAR"))) {
            return false;
        }
        String good = "coalesce(" + CellSql.number(TraceColumns.CLASS, parquet)
                + " BETWEEN 0 AND 2147483647 AND trim(source) <> '', false)";
        try (Statement query = connection.createStatement();
                ResultSet found =
                        query.executeQuery("SELECT 1 FROM " + source() + " WHERE NOT (" + good + ") LIMIT 1")) {
            return !found.next();
        }
    }

    /**
     * Selects whether a new device may start here, the device, event, label, c1..cL as numbers, then event, label, c1..cL as they
     * stand in the file, but only where they are bad: text is dear to fetch; then class and source, if asked for.
     */
    private void query(boolean sorted) throws SQLException {
        List<String> numbers = columns.numbers();
        StringBuilder sql = new StringBuilder("SELECT ")
                .append(sorted ? "true" : "device IS DISTINCT FROM lag(device) OVER ()")
                .append(", coalesce(device, '')");
        for (String column : numbers) {
            sql.append(", ").append(CellSql.number(column, parquet));
        }
        for (String column : numbers) {
            sql.append(", ").append(CellSql.ifBad(column, parquet));
        }
        if (keepOrigins) {
            sql.append(", ").append(CellSql.number(TraceColumns.CLASS, parquet)).append(", source");
        }
        sql.append(" FROM ");
        if (sorted) {
            sql.append("(SELECT *, row_number() OVER () AS \"qexit row\" FROM ")
                    .append(source())
                    .append(") ORDER BY device, \"qexit row\"");
        } else {
            sql.append(source());
        }
        statement = connection.createStatement();
        result = statement.executeQuery(sql.toString());
    }

    private static UserError unreadable(Path file, boolean parquet, SQLException e) {
        String reason = Duck.reason(
                e,
                parquet
                        ? "the Parquet file is damaged or of a kind that is not understood"
                        : "it is no table of comma-separated values as docs/trace-format.md describes it");
        return new UserError(file + ": cannot be read as a trace: " + reason, e);
    }
}

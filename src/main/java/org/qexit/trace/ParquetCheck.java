package org.qexit.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * Whether the rows of a Parquet trace are those that were written. Its pages have no checksums, so that a damaged bit is read as
 * another score: files of this program carry a digest; of others the number of rows and the statistics of the footer are compared.
 */
final class ParquetCheck {
    private static final String IS_SCORE = "regexp_full_match(path_in_schema, 'c[0-9]+|p[0-9]+_[0-9]+')";

    private final Path file;
    private final Connection connection;
    private String metadata;
    private TraceDigest.Stored stored;

    /** Reads the file's own notes. */
    ParquetCheck(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        // In hexadecimal digits, since other programs may put anything here.
        try (Statement query = connection.createStatement();
                ResultSet found = query.executeQuery(
                        "SELECT hex(key), hex(value) FROM parquet_kv_metadata(" + Duck.file(file) + ")")) {
            while (found.next()) {
                String key = text(found.getString(1));
                if (key.equals(TraceReader.METADATA_KEY)) {
                    metadata = text(found.getString(2));
                } else if (key.equals(TraceDigest.KEY)) {
                    stored = Json.parse(
                            file + " (" + TraceDigest.KEY + ")", text(found.getString(2)), TraceDigest.Stored.class);
                }
            }
        }
    }

    /**
     * Whether the footer, the file's last bytes before their length and "PAR1", holds the name of our notes. If they are not found
     * by it, the list of notes is damaged, and the file would pass for one of another program.
     */
    private boolean hasNotes() throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long end = Math.max(0, in.size() - 2 * Integer.BYTES);
            readFrom(in, end, length);
            ByteBuffer footer = ByteBuffer.allocate((int) Math.max(0, Math.min(length.getInt(0), end)));
            readFrom(in, end - footer.capacity(), footer);
            return new String(footer.array(), StandardCharsets.ISO_8859_1).contains(TraceDigest.KEY);
        }
    }

    private static void readFrom(SeekableByteChannel in, long position, ByteBuffer bytes) throws IOException {
        in.position(position);
        while (bytes.hasRemaining() && in.read(bytes) >= 0) {
            // until full or at the end
        }
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    /** The metadata, or null. */
    TraceMetadata metadata() {
        return metadata == null
                ? null
                : Json.parse(file + " (" + TraceReader.METADATA_KEY + ")", metadata, TraceMetadata.class);
    }

    /** @throws UserError if the rows are not those that the file's notes or its footer speak of */
    void rows(TraceColumns columns, long inFooter) throws SQLException, IOException {
        if (stored == null && hasNotes()) {
            throw damaged("its footer has a digest that cannot be read");
        }
        if (stored == null) {
            statistics(columns, inFooter);
            return;
        }
        String difference = digest(columns).difference(stored);
        if (difference != null) {
            throw damaged(difference);
        }
    }

    private TraceDigest.Stored digest(TraceColumns columns) throws SQLException {
        TraceDigest digest = new TraceDigest(metadata == null ? "" : metadata, columns);
        int width = columns.scores();
        String scores = columns.scoreNames().stream()
                .map(name -> CellSql.number(name, true))
                .collect(Collectors.joining(", "));
        String origins = columns.origins() ? ", " + TraceColumns.CLASS + ", " + TraceColumns.SOURCE : "";
        float[] row = new float[width];
        try (Statement query = connection.createStatement();
                ResultSet found = query.executeQuery("SELECT device IS DISTINCT FROM lag(device) OVER (), device, "
                        + CellSql.number("event", true) + ", " + CellSql.number("label", true) + ", " + scores + origins
                        + " FROM " + Duck.parquet(file))) {
            String device = "";
            while (found.next()) {
                if (found.getBoolean(1)) {
                    device = String.valueOf(found.getString(2));
                }
                for (int i = 0; i < width; i++) {
                    row[i] = found.getFloat(5 + i) + 0f;
                }
                int classId = columns.origins() ? found.getInt(5 + width) : 0;
                String source = columns.origins() ? String.valueOf(found.getString(6 + width)) : "";
                digest.row(device, found.getLong(3), (int) found.getLong(4), row, classId, source);
            }
        }
        return digest.stored();
    }

    /** There are as many rows as the footer says, and no number outside the bounds that it gives for its column. */
    private void statistics(TraceColumns all, long inFooter) throws SQLException {
        counts(inFooter);
        List<String> columns = all.numbers();
        Map<String, Bounds> claimed = claimed();
        // count(*) alone would be answered from the footer.
        String actual = "SELECT count(event) + count(*) FILTER (WHERE event IS NULL)"
                + columns.stream().map(ParquetCheck::extremes).collect(Collectors.joining())
                + " FROM " + Duck.parquet(file);
        try (Statement query = connection.createStatement();
                ResultSet found = query.executeQuery(actual)) {
            found.next();
            if (found.getLong(1) != inFooter) {
                throw damaged("has " + found.getLong(1) + " events; " + inFooter + " by its footer");
            }
            for (int i = 0; i < columns.size(); i++) {
                Bounds bounds = claimed.get(columns.get(i));
                double least = found.getDouble(2 + 2 * i);
                boolean none = found.wasNull();
                double greatest = found.getDouble(3 + 2 * i);
                if (bounds != null && !none && (least < bounds.least() || greatest > bounds.greatest())) {
                    throw damaged("column '" + columns.get(i) + "' has values from " + least + " to " + greatest
                            + "; by its footer from " + bounds.least() + " to " + bounds.greatest());
                }
            }
        }
    }

    /** The footer counts rows of the file, rows of row groups and values of columns. */
    private void counts(long rows) throws SQLException {
        String name = Duck.file(file);
        try (Statement query = connection.createStatement();
                ResultSet found =
                        query.executeQuery("SELECT n FROM (SELECT sum(num_rows) AS n FROM parquet_file_metadata("
                                + name + ") UNION ALL SELECT sum(row_group_num_rows) FROM parquet_metadata(" + name
                                + ") GROUP BY column_id UNION ALL SELECT sum(num_values) FROM parquet_metadata(" + name
                                + ") WHERE path_in_schema IN ('device', 'event', 'label') GROUP BY path_in_schema) WHERE n <> "
                                + rows)) {
            if (found.next()) {
                throw damaged("its footer speaks of " + found.getLong(1) + " and of " + rows + " events");
            }
        }
    }

    private record Bounds(double least, double greatest) {}

    private Map<String, Bounds> claimed() throws SQLException {
        String least = rounded(IS_SCORE, "stats_min_value");
        String greatest = rounded(IS_SCORE, "stats_max_value");
        Map<String, Bounds> claimed = new HashMap<>();
        try (Statement query = connection.createStatement();
                ResultSet found = query.executeQuery("SELECT path_in_schema, min(" + least + "), max(" + greatest
                        + ") FROM parquet_metadata(" + Duck.file(file)
                        + ") GROUP BY path_in_schema HAVING count(*) = count("
                        + least + ") AND count(*) = count(" + greatest + ")")) {
            while (found.next()) {
                claimed.put(found.getString(1), new Bounds(found.getDouble(2), found.getDouble(3)));
            }
        }
        return claimed;
    }

    /** Scores are compared as floats, as they are used. */
    private static String rounded(String isScore, String value) {
        return "CASE WHEN " + isScore + " THEN CAST(TRY_CAST(" + value + " AS FLOAT) AS DOUBLE) ELSE TRY_CAST(" + value
                + " AS DOUBLE) END";
    }

    private static String extremes(String column) {
        String value = rounded(String.valueOf(TraceColumns.isScore(column)), column);
        String numbers = " FILTER (WHERE NOT isnan(" + value + "))";
        return ", min(" + value + ")" + numbers + ", max(" + value + ")" + numbers;
    }

    private UserError damaged(String what) {
        return new UserError(file + ": is damaged: " + what);
    }
}

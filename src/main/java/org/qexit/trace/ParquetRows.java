package org.qexit.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qexit.common.UserError;

/**
 * Rows of two directories of Parquet files side by side, row by row in bounded memory: those of one key together, and those that only one
 * of the two has.
 */
public final class ParquetRows implements AutoCloseable {
    private final String shown;
    private final Path spill;
    private final Connection connection;
    private final Statement statement;
    private ResultSet rows;

    private ParquetRows(String shown, Path spill, Connection connection, Statement statement) {
        this.shown = shown;
        this.spill = spill;
        this.connection = connection;
        this.statement = statement;
    }

    /**
     * Opens them.
     *
     * @param key a column of text that both have, whose values differ within each
     * @param ofLeft its columns with their SQL types, which come first; each begins with the key
     * @param ofRight the same of the other
     * @throws UserError if a column is missing or of another type, or a key is there twice
     */
    public static ParquetRows joined(
            Path left, Map<String, String> ofLeft, Path right, Map<String, String> ofRight, String key) {
        ParquetRows opened = null;
        try {
            Path spill = Files.createTempDirectory("qexit-rows");
            Connection connection = Duck.open(spill, true);
            opened = new ParquetRows(left + ", " + right, spill, connection, connection.createStatement());
            String l = source(left);
            String r = source(right);
            opened.once(left, l, key);
            opened.once(right, r, key);
            opened.rows = opened.statement.executeQuery(
                    "SELECT " + columns("l", ofLeft) + ", " + columns("r", ofRight) + " FROM " + l + " AS l FULL JOIN "
                            + r + " AS r ON l." + Duck.name(key) + " = r." + Duck.name(key));
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw new UserError(left + " and " + right + ": cannot be read: " + Duck.reason(e, line(e)), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UserError e) {
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    private static String line(SQLException e) {
        return UserError.shown(
                String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    private static String columns(String table, Map<String, String> types) {
        return types.entrySet().stream()
                .map(column -> "CAST(" + table + "." + Duck.name(column.getKey()) + " AS " + column.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String source(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(Duck::isParquet).sorted().toList();
            if (found.isEmpty()) {
                throw new UserError(directory + ": has no Parquet files");
            }
            return "read_parquet([" + found.stream().map(Duck::file).collect(Collectors.joining(", "))
                    + "], hive_partitioning = false)";
        }
    }

    private void once(Path directory, String source, String key) throws SQLException {
        try (ResultSet twice = statement.executeQuery("SELECT " + Duck.name(key) + " FROM " + source
                + " GROUP BY 1 HAVING count(*) > 1 OR " + Duck.name(key) + " IS NULL LIMIT 1")) {
            if (twice.next()) {
                String value = twice.getString(1);
                throw new UserError(directory + ": "
                        + (value == null
                                ? "a row has no " + key
                                : "the " + key + " '" + UserError.shown(value) + "' is listed twice"));
            }
        }
    }

    /** Goes on to the next row; false after the last. */
    public boolean next() {
        try {
            return rows.next();
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    /** A cell as text, or null. */
    public String text(int column) {
        try {
            return rows.getString(column + 1);
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    /** A cell as a number, or null. */
    public Double number(int column) {
        try {
            double value = rows.getDouble(column + 1);
            return rows.wasNull() ? null : (Double) value;
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    /** A cell as a list, or null. */
    public Object[] list(int column) {
        try {
            Array value = rows.getArray(column + 1);
            return value == null ? null : (Object[]) value.getArray();
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    private UserError damaged(SQLException e) {
        return new UserError(shown + ": cannot be read on: " + Duck.reason(e, line(e)), e);
    }

    @Override
    public void close() {
        try {
            if (rows != null) {
                rows.close();
            }
            statement.close();
            connection.close();
            Duck.removeSpill(spill);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("cannot close " + shown + ": " + e.getMessage(), e);
        }
    }
}

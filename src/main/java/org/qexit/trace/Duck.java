package org.qexit.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;

/** An in-memory DuckDB that keeps to one thread and a bounded memory, and never reaches for the network. */
final class Duck {
    /** Enough for a Parquet row group of a hundred exits; what exceeds it goes to the spill directory. */
    private static final String MEMORY = "512MB";

    private Duck() {}

    /** A connection whose results come row by row, or, whole, with better messages of what went wrong. */
    static Connection open(Path spill, boolean streaming) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, String.valueOf(streaming));
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET autoload_known_extensions = false");
            statement.execute("SET threads = 1");
            statement.execute("SET preserve_insertion_order = true");
            // What the footer of a damaged file says of its values must not stand in for the values.
            statement.execute("SET disabled_optimizers = 'statistics_propagation'");
            statement.execute("SET memory_limit = '" + MEMORY + "'");
            statement.execute("SET temp_directory = " + text(spill.toString()));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Removes a spill directory and what an interrupted query may have left in it. */
    static void removeSpill(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Why a query failed, in one line of our own: the database's messages are long and speak of its options. */
    static String reason(SQLException e, String otherwise) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Out of Memory") || message.contains("No space left")
                ? "memory or disk space does not suffice"
                : otherwise;
    }

    /** A string literal. */
    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A literal that names exactly this file: no pattern, no address, no cloud store. */
    static String file(Path path) {
        StringBuilder escaped = new StringBuilder();
        for (char c : path.toAbsolutePath().toString().toCharArray()) {
            if (c == '*' || c == '?' || c == '[') {
                escaped.append('[').append(c).append(']');
            } else {
                escaped.append(c);
            }
        }
        return text(escaped.toString());
    }

    /** The rows of a Parquet file. */
    static String parquet(Path path) {
        return "read_parquet(" + file(path) + ", hive_partitioning = false)";
    }

    /** A quoted identifier. */
    static String name(String column) {
        return '"' + column.replace("\"", "\"\"") + '"';
    }

    static boolean isParquet(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }
}

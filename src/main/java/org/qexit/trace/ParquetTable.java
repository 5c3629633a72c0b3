package org.qexit.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/** Writes a Parquet file of a table of one's own, row by row in bounded memory; it appears whole or not at all, the same rows as the same bytes. */
public final class ParquetTable {
    private final DuckDBAppender appender;
    private final List<Column> columns;

    private ParquetTable(DuckDBAppender appender, List<Column> columns) {
        this.appender = appender;
        this.columns = columns;
    }

    /** What a column holds. */
    public enum Type {
        TEXT("VARCHAR"),
        WHOLE("BIGINT"),
        NUMBER("DOUBLE"),
        TRUTH("BOOLEAN");

        private final String sql;

        Type(String sql) {
            this.sql = sql;
        }
    }

    /** A column; its name is of letters and digits. */
    public record Column(String name, Type type) {
        public Column {
            if (!Checks.notBlank("name of a column", name).matches("[A-Za-z][A-Za-z0-9]*")) {
                throw new IllegalArgumentException("name of a column is '" + name + "'; expected letters and digits");
            }
            Checks.present("type", type);
        }
    }

    /** Hands rows to the table. */
    @FunctionalInterface
    public interface Body {
        void writeTo(ParquetTable table);
    }

    /**
     * Writes {@code file}; if {@code body} throws, nothing is left of it and an older file stays as it was.
     *
     * @throws UserError if the name does not end in .parquet, or it cannot be written
     */
    public static void write(Path file, List<Column> columns, Body body) {
        if (!Duck.isParquet(file)) {
            throw new UserError(file + ": expected a name that ends in .parquet");
        }
        AtomicFiles.write(file, temporary -> {
            Path spill = temporary.resolveSibling(temporary.getFileName() + ".spill");
            try (Connection connection = Duck.open(spill, true);
                    Statement statement = connection.createStatement()) {
                statement.execute(columns.stream()
                        .map(column -> Duck.name(column.name()) + " " + column.type().sql)
                        .collect(Collectors.joining(", ", "CREATE TABLE rows (", ")")));
                try (DuckDBAppender appender = connection
                        .unwrap(DuckDBConnection.class)
                        .createAppender(DuckDBConnection.DEFAULT_SCHEMA, "rows")) {
                    body.writeTo(new ParquetTable(appender, List.copyOf(columns)));
                }
                statement.execute(
                        "COPY rows TO " + Duck.text(temporary.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
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
    }

    /**
     * Appends a row.
     *
     * @param cells one per column: String, Long, Double, Boolean, or null
     */
    public void append(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells; expected " + columns.size());
        }
        try {
            appender.beginRow();
            for (int i = 0; i < cells.length; i++) {
                append(columns.get(i), cells[i]);
            }
            appender.endRow();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append to the table: " + e.getMessage(), e);
        }
    }

    private void append(Column column, Object cell) throws SQLException {
        if (cell == null) {
            appender.appendNull();
            return;
        }
        switch (column.type()) {
            case TEXT -> appender.append((String) cell);
            case WHOLE -> appender.append(((Long) cell).longValue());
            case NUMBER -> appender.append(((Double) cell).doubleValue());
            case TRUTH -> appender.append(((Boolean) cell).booleanValue());
        }
    }
}

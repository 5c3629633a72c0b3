package org.qexit.experiment.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/**
 * Rows of named cells in a CSV file that is whole at every moment. A unit of work adds its rows at once: those there are of a unit are
 * all of them.
 * Cells hold no commas and no quotes. Safe for several threads.
 */
public final class ResultTable {
    private final Path file;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    private ResultTable(Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /**
     * One line.
     *
     * @param cells by column
     */
    public record Row(Map<String, String> cells) {
        /** @throws IllegalArgumentException if there is no such column */
        public String text(String column) {
            String cell = cells.get(column);
            if (cell == null) {
                throw new IllegalArgumentException("no column '" + column + "'");
            }
            return cell;
        }

        /** A number. */
        public double number(String column) {
            return Double.parseDouble(text(column));
        }
    }

    /**
     * The rows of a file; none if there is no such file.
     *
     * @param numbers those of the columns that hold finite numbers
     * @throws UserError if it holds something else
     */
    public static ResultTable read(Path file, List<String> columns, List<String> numbers) {
        ResultTable table = new ResultTable(file, List.copyOf(columns));
        if (!Files.exists(file)) {
            return table;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty() || !lines.get(0).equals(table.header())) {
            throw new UserError(file + " line 1: not the header of these results. Maybe choose another --out");
        }
        for (int i = 1; i < lines.size(); i++) {
            Row row = table.parse(file + " line " + (i + 1), lines.get(i));
            for (String column : numbers) {
                checkNumber(file + " line " + (i + 1), column, row.text(column));
            }
            table.rows.add(row);
        }
        return table;
    }

    private String header() {
        return String.join(",", columns);
    }

    private Row parse(String place, String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != columns.size()) {
            throw new UserError(place + ": has " + cells.length + " fields; expected " + columns.size());
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int c = 0; c < cells.length; c++) {
            row.put(columns.get(c), cells[c]);
        }
        return new Row(row);
    }

    private static void checkNumber(String place, String column, String cell) {
        try {
            if (Double.isFinite(Double.parseDouble(cell))) {
                return;
            }
        } catch (NumberFormatException e) {
            throw new UserError(place + ": " + column + " is '" + UserError.shown(cell) + "'; expected a number", e);
        }
        throw new UserError(place + ": " + column + " is " + cell + "; expected a finite number");
    }

    /** Whether there are rows with these cells. */
    public synchronized boolean has(Map<String, String> cells) {
        return rows.stream().anyMatch(row -> row.cells().entrySet().containsAll(cells.entrySet()));
    }

    /**
     * Adds a unit's rows: either all of them are in the file afterwards, or none.
     *
     * @param more cells in the order of the columns
     */
    public synchronized void add(List<List<Object>> more) {
        for (List<Object> cells : more) {
            List<String> texts = cells.stream().map(String::valueOf).toList();
            rows.add(parse("a new row", String.join(",", texts)));
        }
        StringBuilder text = new StringBuilder(header()).append('\n');
        rows.forEach(row -> text.append(String.join(",", row.cells().values())).append('\n'));
        AtomicFiles.writeString(file, text.toString());
    }

    public synchronized List<Row> rows() {
        return List.copyOf(rows);
    }
}

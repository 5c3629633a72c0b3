package org.qexit.data.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.common.UserError;

/**
 * The rows of a table of which nothing is known, as text.
 *
 * @param file the table
 * @param separator what stands between fields: a comma, semicolon or tab, whichever the first line has most of
 * @param header names of the columns, or null if the first line is a row
 * @param columns how many
 */
public record TableScan(Path file, String separator, List<String> header, int columns) {
    private static final List<String> SEPARATORS = List.of(",", ";", "\t");

    /** Takes a row, and says whether it wants the next one. */
    @FunctionalInterface
    public interface Rows {
        boolean take(String[] fields);
    }

    /**
     * Looks at the first two lines: names stand above numbers, or count the columns.
     *
     * @throws UserError if there are no two lines, or one column
     */
    public static TableScan of(Path file) {
        List<String> lines = new ArrayList<>();
        CsvDataset.reading(file, reader -> {
            for (String line = CsvDataset.readLine(file, reader);
                    line != null && lines.size() < 2;
                    line = CsvDataset.readLine(file, reader)) {
                if (!line.isBlank()) {
                    lines.add(lines.isEmpty() && line.startsWith("\ufeff") ? line.substring(1) : line);
                }
            }
        });
        if (lines.size() < 2) {
            throw new UserError(file + ": has " + lines.size() + " lines; expected a table of two or more");
        }
        String separator = SEPARATORS.stream()
                .max(java.util.Comparator.comparingLong(
                        s -> lines.get(0).chars().filter(c -> c == s.charAt(0)).count()))
                .orElseThrow();
        String[] first = CsvDataset.fields(file, 1, lines.get(0), separator);
        String[] second = CsvDataset.fields(file, 2, lines.get(1), separator);
        if (first.length < 2) {
            throw new UserError(
                    file + ": has one column; expected a label and values, with commas, semicolons or tabs between");
        }
        return new TableScan(file, separator, isHeader(first, second) ? List.of(first) : null, first.length);
    }

    private static boolean isHeader(String[] first, String[] second) {
        if (first.length != second.length) {
            return false;
        }
        boolean namesOverNumbers = IntStream.range(0, first.length)
                .anyMatch(i -> !first[i].isEmpty() && !PlainNumber.is(first[i]) && PlainNumber.is(second[i]));
        // A label above others of its kind is no name, if all beside it are numbers.
        long numbers = IntStream.range(0, first.length)
                .filter(i -> PlainNumber.is(first[i]))
                .count();
        return namesOverNumbers && (numbers == 0 || counts(first));
    }

    /** Whether the numbers in a line are 0, 1, 2 … or 1, 2, 3 …, as programs write them above columns. */
    private static boolean counts(String[] fields) {
        List<String> numbers =
                java.util.Arrays.stream(fields).filter(PlainNumber::is).toList();
        return IntStream.range(0, numbers.size()).allMatch(i -> numbers.get(i).equals(Integer.toString(i)))
                || IntStream.range(0, numbers.size())
                        .allMatch(i -> numbers.get(i).equals(Integer.toString(i + 1)));
    }

    /** The names of a table's columns; none if it has no header. */
    public static List<String> header(Path file) {
        TableScan scan = of(file);
        return scan.header == null ? List.of() : scan.header;
    }

    /** How users and options name a column. */
    public String name(int column) {
        return header == null || header.get(column).isEmpty() ? Integer.toString(column) : header.get(column);
    }

    /**
     * Reads the rows one by one.
     *
     * @throws UserError for a row with another number of fields
     */
    public void rows(Rows rows) {
        CsvDataset.reading(file, reader -> {
            boolean first = header != null;
            int number = 0;
            for (String line = CsvDataset.readLine(file, reader);
                    line != null;
                    line = CsvDataset.readLine(file, reader)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (first) {
                    first = false;
                    continue;
                }
                String text = number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line;
                String[] fields = CsvDataset.fields(file, number, text, separator);
                if (fields.length != columns) {
                    throw new UserError(file + " line " + number + ": " + fields.length + " columns; expected "
                            + columns + " as before");
                }
                if (!rows.take(fields)) {
                    return;
                }
            }
        });
    }
}

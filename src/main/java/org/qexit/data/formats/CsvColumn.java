package org.qexit.data.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/** One column of a table with a header, as text. Fields may stand in double quotes but hold no commas. */
public final class CsvColumn {
    private static final int LONGEST_FIELD = 256;

    private CsvColumn() {}

    /** The column's fields, one per row; blank lines are passed over, but in tables of one column only at the end. */
    public static List<String> read(Path file, String column) {
        return read(file, column, ",");
    }

    /** The same where something else than a comma stands between fields. */
    public static List<String> read(Path file, String column, String separator) {
        List<String> values = new ArrayList<>();
        CsvDataset.reading(file, reader -> {
            int at = -1;
            int columns = 0;
            int number = 0;
            int blank = 0;
            for (String line = CsvDataset.readLine(file, reader);
                    line != null;
                    line = CsvDataset.readLine(file, reader)) {
                number++;
                if (number == 1 && line.startsWith("\ufeff")) {
                    line = line.substring(1);
                }
                if (line.isBlank()) {
                    blank = number;
                    continue;
                }
                if (columns == 1 && blank > 0) {
                    throw new UserError(file + " line " + blank + ": empty; expected " + column + " of one sample");
                }
                String[] fields = CsvDataset.fields(file, number, line, separator);
                if (at < 0) {
                    columns = fields.length;
                    at = indexOf(file, fields, column);
                    blank = 0;
                    continue;
                }
                if (fields.length != columns) {
                    throw new UserError(file + " line " + number + ": " + fields.length + " columns; expected "
                            + columns + " as before");
                }
                String value = fields[at];
                if (value.isEmpty() || value.length() > LONGEST_FIELD) {
                    throw new UserError(file + " line " + number + ", column " + (at + 1) + ": " + column + " has "
                            + value.length() + " characters; expected 1 to " + LONGEST_FIELD);
                }
                values.add(value);
            }
        });
        return values;
    }

    private static int indexOf(Path file, String[] header, String column) {
        int at = List.of(header).indexOf(column);
        if (at >= 0 && at != List.of(header).lastIndexOf(column)) {
            throw new UserError(file + " line 1: two columns '" + column + "' in the header");
        }
        if (at >= 0) {
            return at;
        }
        throw new UserError(file + " line 1: no column '" + column + "' in the header");
    }
}

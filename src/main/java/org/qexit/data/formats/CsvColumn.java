package org.qexit.data.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/** One column of a table with a header, as text. Fields may stand in double quotes but hold no commas. */
public final class CsvColumn {
    private static final int LONGEST_FIELD = 256;

    private CsvColumn() {}

    /** The column's fields, one per row; blank lines are passed over. */
    public static List<String> read(Path file, String column) {
        List<String> values = new ArrayList<>();
        CsvDataset.reading(file, reader -> {
            int at = -1;
            int columns = 0;
            int number = 0;
            for (String line = CsvDataset.readLine(file, reader);
                    line != null;
                    line = CsvDataset.readLine(file, reader)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String[] fields = line.split(",", -1);
                if (at < 0) {
                    columns = fields.length;
                    at = indexOf(file, fields, column);
                    continue;
                }
                if (fields.length != columns) {
                    throw new UserError(file + " line " + number + ": " + fields.length + " columns; expected "
                            + columns + " as before");
                }
                String value = CsvDataset.unquoted(fields[at]);
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
        for (int i = 0; i < header.length; i++) {
            String name = i == 0 && header[i].startsWith("\ufeff") ? header[i].substring(1) : header[i];
            if (CsvDataset.unquoted(name).equals(column)) {
                return i;
            }
        }
        throw new UserError(file + " line 1: no column '" + column + "' in the header");
    }
}

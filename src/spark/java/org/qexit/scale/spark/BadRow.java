package org.qexit.scale.spark;

import java.util.List;
import org.apache.spark.sql.Row;
import org.qexit.common.UserError;

/** What is wrong with a row, in the words of {@code qexit thresholds}. */
final class BadRow {
    private BadRow() {}

    static UserError told(Row row, int exits, List<Footer> footers) {
        String file = TraceFiles.shown(TraceTable.file(footers, row.getLong(2)));
        String device = row.getString(0);
        if (device.isBlank()) {
            return new UserError(file + ": a row has no device");
        }
        String event = row.isNullAt(3) ? "row " + place(row) : "event " + row.getLong(3);
        String where = file + ": device " + UserError.shown(device) + ", " + event + ", column '";
        if (row.isNullAt(3)) {
            return new UserError(where + "event': is missing; expected a whole number");
        }
        if (row.isNullAt(4) || row.getLong(4) != 0 && row.getLong(4) != 1) {
            return new UserError(where + "label': " + shown(row, 4) + "; expected 0 or 1");
        }
        for (int q = 0; q < exits; q++) {
            int at = TraceTable.FIRST_SCORE + q;
            if (row.isNullAt(at) || !(row.getFloat(at) >= 0 && row.getFloat(at) <= 1)) {
                return new UserError(
                        where + "c" + (q + 1) + "': " + shown(row, at) + "; expected a number from 0 to 1");
            }
        }
        return new UserError(file + ": device " + UserError.shown(device) + ", " + event + ": cannot be used");
    }

    private static long place(Row row) {
        return (row.getLong(2) & (1L << 40) - 1) + 1;
    }

    private static String shown(Row row, int at) {
        return row.isNullAt(at) ? "is missing" : "is '" + row.get(at) + "'";
    }
}

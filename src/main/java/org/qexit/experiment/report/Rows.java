package org.qexit.experiment.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Rows of the charts' data sets. */
final class Rows {
    private Rows() {}

    /** A row from alternating field names and values; a null value stays null in the JSON. */
    static Map<String, Object> row(Object... fieldsAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            row.put((String) fieldsAndValues[i], fieldsAndValues[i + 1]);
        }
        return row;
    }

    static Double percent(Double fraction) {
        return fraction == null ? null : Figures.rounded(100 * fraction);
    }
}

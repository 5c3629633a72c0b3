package org.qexit.fuzz;

import java.util.ArrayList;
import java.util.List;

/** RFC 4180: rows of fields, quoted or not. */
final class PlainCsv {
    private PlainCsv() {}

    /** Rows, blank lines left out; @throws UnsupportedOperationException for quotes that are not closed or stand within a field. */
    static List<List<String>> read(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        String all = text.startsWith("\ufeff") ? text.substring(1) : text;
        for (int i = 0; i <= all.length(); i++) {
            char c = i < all.length() ? all.charAt(i) : '\n';
            if (quoted) {
                if (i == all.length()) {
                    throw new UnsupportedOperationException("a quote is not closed");
                }
                boolean quote = c == '"';
                boolean twice = quote && i + 1 < all.length() && all.charAt(i + 1) == '"';
                quoted = !quote || twice;
                i += twice ? 1 : 0;
                if (quoted) {
                    field.append(c);
                }
            } else if (c == ',' || c == '\n') {
                String value = field.toString();
                row.add(
                        c == '\n' && !wasQuoted && value.endsWith("\r")
                                ? value.substring(0, value.length() - 1)
                                : value);
                field.setLength(0);
                wasQuoted = false;
                if (c == '\n') {
                    if (row.size() > 1 || !row.get(0).isEmpty()) {
                        rows.add(row);
                    }
                    row = new ArrayList<>();
                }
            } else if (c == '"' && field.toString().isBlank() && !wasQuoted) {
                // Blanks around quotes are no part of the field: more than RFC 4180 allows, and clear.
                field.setLength(0);
                quoted = true;
                wasQuoted = true;
            } else if (c == '"' || wasQuoted && !Character.isWhitespace(c)) {
                throw new UnsupportedOperationException("a quote within a field");
            } else if (!wasQuoted) {
                field.append(c);
            }
        }
        return rows;
    }
}

package org.qexit.data.guess;

import java.util.List;
import java.util.regex.Pattern;

/** What names of columns tell. */
final class ColumnNames {
    private static final Pattern LABEL = Pattern.compile(
            "(?i)(label|labels|class|classes|target|category|y|kind|type|species|diagnosis|outcome|result)");
    private static final Pattern GROUP =
            Pattern.compile("(?i)(patient|subject|person|participant|user|record|recording|session"
                    + "|group|animal|machine|site|device)([_ -]?(id|no|nr|number|name|code))?");
    private static final Pattern NO_VALUE =
            Pattern.compile("(?i)(id|uid|uuid|index|idx|row|nr|no|number|file|filename|path|name"
                    + "|time|timestamp|date|datetime|unnamed: ?\\d+|)");

    private ColumnNames() {}

    static boolean isLabel(String name) {
        return LABEL.matcher(name).matches();
    }

    static boolean isGroup(String name) {
        return GROUP.matcher(name).matches();
    }

    /** Whether a column of this name numbers or dates rows and measures nothing. */
    static boolean isNoValue(String name) {
        return NO_VALUE.matcher(name).matches();
    }

    /** The first column that tells patients, machines or the like apart, or null. */
    static String group(List<String> header) {
        return header.stream().filter(ColumnNames::isGroup).findFirst().orElse(null);
    }

    /** Whether names are one word with numbers that count: samples of a series, or pixels. */
    static boolean count(List<String> names) {
        if (names.size() < 3) {
            return false;
        }
        String word = names.get(0).replaceFirst("[0-9]+$", "");
        long first = number(names.get(0), word);
        for (int i = 0; i < names.size(); i++) {
            if (first < 0 || number(names.get(i), word) != first + i) {
                return false;
            }
        }
        return true;
    }

    private static long number(String name, String word) {
        String digits = name.startsWith(word) ? name.substring(word.length()) : "";
        return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : -1;
    }
}

package org.qexit.data.formats;

import java.util.List;
import java.util.Locale;

/** What a label in a table means. */
final class ClassLabel {
    /** The largest class id of a table without class names. */
    static final int LARGEST_ID = 65_535;

    private ClassLabel() {}

    /**
     * The class id of a label: the place of its name, else the whole number that it is, however spelt; {@code True} is 1 and {@code
     * False} 0 where classes have no names. Where all class names are numbers, a number is a name.
     *
     * @param names by class id; null if ids are the names
     * @return the id, or -1 if it is none
     */
    static int id(String label, List<String> names) {
        if (names == null) {
            return switch (label.toLowerCase(Locale.ROOT)) {
                case "true" -> 1;
                case "false" -> 0;
                default -> whole(label, LARGEST_ID);
            };
        }
        int named = names.indexOf(label);
        if (named >= 0 || !PlainNumber.is(label)) {
            return named;
        }
        if (names.stream().allMatch(PlainNumber::is)) {
            return names.stream().map(PlainNumber::key).toList().indexOf(PlainNumber.key(label));
        }
        return whole(label, names.size() - 1);
    }

    private static int whole(String label, int last) {
        double value = PlainNumber.parse(label);
        return value >= 0 && value <= last && value == Math.rint(value) ? (int) value : -1;
    }
}

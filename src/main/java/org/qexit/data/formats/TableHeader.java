package org.qexit.data.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.qexit.common.UserError;

/**
 * What the first line of a table says: whether it is a header, and which column is the label. Names count before guesses, and
 * whatever may be a sample is read as one, so that a damaged first row is refused and not passed over.
 *
 * @param present whether the line is a header
 * @param label the label column, from 0
 */
public record TableHeader(boolean present, int label) {
    /** What label columns are called where no option names one. */
    private static final Set<String> LABEL_NAMES =
            Set.of("label", "labels", "class", "classes", "target", "category", "y");

    private static final Set<String> MISSING = Set.of("nan", "na", "null", "none", "inf", "infinity", "true", "false");

    /** Rows of fewer columns that count 0, 1, 2 are taken for samples. */
    private static final int LEAST_COUNTED = 4;

    /**
     * @param line the number of the line, for messages
     * @param option {@link CsvOptions#label}
     * @param ignore {@link CsvOptions#ignore}
     * @param isClass whether a field can be the label of a sample
     */
    static TableHeader of(
            Path file, int line, List<String> fields, String option, List<String> ignore, Predicate<String> isClass) {
        String place = file + " line " + line + ": ";
        if (option != null && !isColumnNumber(option)) {
            return named(place, fields, columns(fields, option::equals), option, ignore);
        }
        if (option != null && ignore.stream().anyMatch(column -> !isColumnNumber(column))) {
            // Columns are named, so there is a header.
            int label = number(place, option, fields.size());
            return named(place, fields, new int[] {label}, fields.get(label), ignore);
        }
        int[] words =
                columns(fields, field -> LABEL_NAMES.contains(field.toLowerCase(Locale.ROOT)) && !isClass.test(field));
        int label = option == null ? 0 : number(place, option, fields.size());
        if (words.length > 0 && option == null) {
            if (words.length > 1) {
                throw new UserError(place + "columns '" + fields.get(words[0]) + "' and '" + fields.get(words[1])
                        + "' may both be the label. Maybe set csv.label");
            }
            return named(place, fields, words, fields.get(words[0]), ignore);
        }
        boolean header = words.length > 0 || isCount(place, fields) || isNames(fields, label, isClass);
        if (!header) {
            return new TableHeader(false, label);
        }
        int[] sameName = columns(fields, field -> field.equals(option));
        if (sameName.length > 0 && sameName[0] != label && IntStream.of(words).noneMatch(w -> w == label)) {
            throw new UserError(place + "csv.label " + option + " is the number of column '" + fields.get(label)
                    + "' and the name of column " + sameName[0]
                    + "; expected one of both. Maybe name the columns otherwise");
        }
        return named(place, fields, new int[] {label}, fields.get(label), ignore);
    }

    /** Whether a first line is a header where no column is a label: names only, the first of them with a letter in front. */
    public static boolean isNames(List<String> fields) {
        return isName(fields.get(0)) && fields.stream().allMatch(TableHeader::isNoValue);
    }

    private static boolean isNoValue(String field) {
        return !field.isEmpty() && !PlainNumber.is(field) && !isMissing(field);
    }

    /** Which columns are named, or numbered, as ignored; {@code [column]}. */
    boolean[] ignored(String place, List<String> fields, List<String> ignore) {
        boolean[] flags = new boolean[fields.size()];
        for (String name : ignore) {
            int at = place(name, fields);
            if (at < 0 || at == label || flags[at] || !present && !isColumnNumber(name)) {
                throw new UserError(place + "csv.ignore or groups names '" + UserError.shown(name) + "', which is "
                        + (at < 0 || !present ? "no column" : at == label ? "the label" : "named twice")
                        + "; expected names in the header or numbers from 0");
            }
            flags[at] = true;
        }
        return flags;
    }

    private static int place(String name, List<String> fields) {
        int named = fields.indexOf(name);
        if (named >= 0 || !isColumnNumber(name) || name.length() > 9) {
            return named;
        }
        int number = Integer.parseInt(name);
        return number < fields.size() ? number : -1;
    }

    private static TableHeader named(String place, List<String> fields, int[] found, String name, List<String> ignore) {
        if (found.length != 1) {
            throw new UserError(place + (found.length == 0 ? "no column '" : found.length + " columns '")
                    + UserError.shown(name) + "' in the header");
        }
        int[] blank = IntStream.range(0, fields.size())
                .filter(i -> fields.get(i).isEmpty() || fields.get(i).matches("(?i)unnamed: ?\\d+"))
                .filter(i -> !ignore.contains(Integer.toString(i)) && !ignore.contains(fields.get(i)))
                .toArray();
        if (blank.length > 0) {
            throw new UserError(
                    place + "column " + (blank[0] + 1) + " has no name in the header; expected a label and pixels."
                            + " Maybe it numbers the rows: write the table without an index");
        }
        return new TableHeader(true, found[0]);
    }

    private static int number(String place, String option, int columns) {
        int label = option.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(option);
        if (label >= columns) {
            throw new UserError(
                    place + "label column " + option + " of " + columns + " columns; expected 0 to " + (columns - 1));
        }
        return label;
    }

    private static boolean isColumnNumber(String option) {
        return option.matches("[0-9]+");
    }

    /** Whether the columns are numbered from 0, as some programs do where there are no names. */
    private static boolean isCount(String place, List<String> fields) {
        if (fields.size() < LEAST_COUNTED || !isCountFrom(fields, 0) && !isCountFrom(fields, 1)) {
            return false;
        }
        if (isCountFrom(fields, 1)) {
            throw new UserError(place + "counts 1 to " + fields.size()
                    + "; expected a header of names or a sample. Maybe name the columns in a line before");
        }
        return true;
    }

    private static boolean isCountFrom(List<String> fields, long first) {
        return IntStream.range(0, fields.size()).allMatch(i -> fields.get(i).equals(Long.toString(first + i)));
    }

    /** Whether the label's field is a name and no label, and all others are names too, or numbered. */
    private static boolean isNames(List<String> fields, int label, Predicate<String> isClass) {
        if (isClass.test(fields.get(label)) || !isName(fields.get(label))) {
            return false;
        }
        List<String> others = IntStream.range(0, fields.size())
                .filter(i -> i != label)
                .mapToObj(fields::get)
                .toList();
        return others.size() >= LEAST_COUNTED - 1 && (isCountFrom(others, 0) || isCountFrom(others, 1))
                || others.stream().allMatch(TableHeader::isNoValue);
    }

    private static boolean isName(String field) {
        return !field.isEmpty()
                && !isMissing(field)
                && (Character.isLetter(field.charAt(0)) || "_#".indexOf(field.charAt(0)) >= 0);
    }

    private static boolean isMissing(String field) {
        return MISSING.contains(field.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", ""));
    }

    private static int[] columns(List<String> fields, Predicate<String> wanted) {
        return IntStream.range(0, fields.size())
                .filter(i -> wanted.test(fields.get(i)))
                .toArray();
    }
}

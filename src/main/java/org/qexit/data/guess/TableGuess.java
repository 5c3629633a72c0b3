package org.qexit.data.guess;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.qexit.common.Suggestions;
import org.qexit.common.UserError;
import org.qexit.data.Split;
import org.qexit.data.catalog.Division;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.PlainNumber;
import org.qexit.data.formats.TableScan;

/**
 * Which columns of a table are the label, the group, values or neither, and how its values read.
 *
 * @param kind "images", "series" or "table"
 * @param classNames names by class id
 * @param options how the table reads
 * @param group column of the groups, or null
 * @param notes what was decided on the way
 */
record TableGuess(String kind, List<String> classNames, CsvOptions options, String group, List<String> notes) {
    private static final int LOOKED_AT = 5000;
    private static final int MOST_CLASSES = 100;
    private static final int LEAST_IMAGE = 64;

    /** @param files one table, or those of the training and of the test part */
    static TableGuess of(List<Path> files, DataGuess.Said said) {
        return new Guessing(files, said).guess();
    }

    /** What a column holds, of the first rows. */
    private static final class Column {
        private final Map<String, Integer> values = new LinkedHashMap<>();
        private long rows;
        private long numbers;
        private boolean whole = true;
        private boolean counts = true;
        private double last = Double.NaN;

        void add(String field) {
            rows++;
            if (values.size() <= LOOKED_AT) {
                values.merge(PlainNumber.key(field), 1, Integer::sum);
            }
            double value = PlainNumber.parse(field);
            if (Double.isNaN(value)) {
                whole = false;
                counts = false;
                return;
            }
            numbers++;
            whole &= value == Math.rint(value);
            counts &= Double.isNaN(last) || value == last + 1;
            last = value;
        }

        boolean isNumbers() {
            return numbers == rows;
        }

        /** Few different values, each of several rows. */
        boolean mayBeLabel() {
            return values.size() >= 2 && values.size() <= MOST_CLASSES && values.size() * 3L <= rows;
        }
    }

    private static final class Guessing {
        private final List<Path> files;
        private final DataGuess.Said said;
        private final TableScan scan;
        private final Column[] columns;
        private final List<String> notes = new ArrayList<>();

        Guessing(List<Path> files, DataGuess.Said said) {
            this.files = files;
            this.said = said;
            this.scan = TableScan.of(files.get(0));
            this.columns = new Column[scan.columns()];
            Arrays.setAll(columns, i -> new Column());
            int[] left = {LOOKED_AT};
            scan.rows(fields -> {
                for (int i = 0; i < fields.length; i++) {
                    columns[i].add(fields[i]);
                }
                return --left[0] > 0;
            });
        }

        TableGuess guess() {
            int label = label();
            int group = group(label);
            List<Integer> ignored = new ArrayList<>();
            List<Integer> values = new ArrayList<>();
            for (int i = 0; i < columns.length; i++) {
                if (i == label || i == group) {
                    continue;
                }
                boolean none = !columns[i].isNumbers()
                        || scan.header() != null
                                && ColumnNames.isNoValue(scan.header().get(i))
                        || columns[i].counts && columns[i].rows > 2;
                (none ? ignored : values).add(i);
            }
            if (values.isEmpty()) {
                throw new UserError(files.get(0) + ": no column holds numbers in all rows, beside the label '"
                        + scan.name(label) + "'; expected some. Maybe fill or remove rows with missing values");
            }
            if (!ignored.isEmpty()) {
                notes.add("Left out, as they are no measurements or not numbers in all rows: "
                        + DataGuess.some(ignored.stream().map(scan::name).toList()) + ".");
            }
            if (files.size() == 1) {
                notes.add("There is one table: a quarter of "
                        + (group < 0 ? "each class" : "the groups in column '" + scan.name(group) + "'")
                        + " is kept for tests.");
            }
            return values(label, group, ignored, values);
        }

        private int label() {
            if (said.label() != null) {
                return column("--label", said.label());
            }
            List<Integer> named = scan.header() == null
                    ? List.of()
                    : IntStream.range(0, columns.length)
                            .filter(i -> ColumnNames.isLabel(scan.header().get(i)) && columns[i].mayBeLabel())
                            .boxed()
                            .toList();
            if (named.size() == 1) {
                return named.get(0);
            }
            Comparator<Integer> fewest = Comparator.comparingInt(i -> columns[i].values.size());
            List<Integer> words = IntStream.range(0, columns.length)
                    .filter(i -> columns[i].numbers == 0 && columns[i].mayBeLabel() && !isGroupOrTime(i))
                    .boxed()
                    .toList();
            List<Integer> ends = (scan.header() == null
                            ? List.of(0, columns.length - 1)
                            : List.of(columns.length - 1, 0))
                    .stream()
                            .filter(i -> columns[i].whole && columns[i].mayBeLabel())
                            .toList();
            List<Integer> some = !named.isEmpty() ? named : !words.isEmpty() ? words : ends;
            int label = some.stream()
                    .min(fewest)
                    .orElseThrow(() -> new UserError(files.get(0)
                            + ": no column looks like the classes of the rows: few different values, each in several rows."
                            + " Maybe name it: --label NAME"));
            notes.add("Column '" + scan.name(label) + "' is taken for the class of each row.");
            return label;
        }

        private boolean isGroupOrTime(int i) {
            return scan.header() != null
                    && (ColumnNames.isGroup(scan.header().get(i))
                            || ColumnNames.isNoValue(scan.header().get(i)));
        }

        private int group(int label) {
            if (said.group() != null) {
                if (scan.header() == null) {
                    throw new UserError("--group is '" + said.group() + "', but " + files.get(0)
                            + " has no header; expected a line with the columns' names");
                }
                return column("--group", said.group());
            }
            if (scan.header() == null) {
                return -1;
            }
            for (int i = 0; i < columns.length; i++) {
                int different = columns[i].values.size();
                if (i != label
                        && ColumnNames.isGroup(scan.header().get(i))
                        && different >= 2
                        && different * 2L <= columns[i].rows) {
                    notes.add("Column '" + scan.name(i) + "' tells the rows' sources apart: none is in both parts.");
                    return i;
                }
            }
            return -1;
        }

        private int column(String option, String name) {
            List<String> names =
                    IntStream.range(0, columns.length).mapToObj(scan::name).toList();
            int at = names.indexOf(name);
            if (at < 0 && name.matches("[0-9]{1,6}") && Integer.parseInt(name) < columns.length) {
                return Integer.parseInt(name);
            }
            if (at < 0) {
                throw new UserError(option + " is '" + name + "', which is no column of " + files.get(0)
                        + Suggestions.maybe(name, names) + "; expected one of: "
                        + UserError.shown(String.join(", ", names)));
            }
            return at;
        }

        /** Reads all rows: classes, and what values there are in the rows that models will learn from. */
        private TableGuess values(int label, int group, List<Integer> ignored, List<Integer> values) {
            List<String> labels = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            ValueRange all = new ValueRange(values.size());
            int[] trainRows = {0};
            for (Path file : files) {
                TableScan part = file.equals(files.get(0)) ? scan : TableScan.of(file);
                part.rows(fields -> {
                    labels.add(PlainNumber.key(fields[label]));
                    groups.add(group < 0 ? "" : fields[group]);
                    all.add(fields, values);
                    return true;
                });
                trainRows[0] = trainRows[0] == 0 ? labels.size() : trainRows[0];
            }
            List<String> names = classNames(labels);
            boolean numbered = scan.header() == null
                    ? values.size() >= 16
                    : ColumnNames.count(values.stream().map(scan::name).toList());
            boolean bytes = all.isBytes() && numbered;
            int side = (int) Math.round(Math.sqrt(values.size()));
            boolean square = bytes && values.size() >= LEAST_IMAGE && side * side == values.size();
            List<List<Double>> scale = bytes || all.isUnit()
                    ? null
                    : learnt(labels, names, group < 0 ? null : groups, trainRows[0], values)
                            .scale(numbered);
            CsvOptions options = new CsvOptions(
                    scan.name(label),
                    square ? List.of(1, side, side) : List.of(1, 1, values.size()),
                    bytes ? CsvOptions.Range.BYTE : scale == null ? CsvOptions.Range.UNIT : null,
                    ignored.stream().map(scan::name).toList(),
                    scale,
                    scan.separator().equals(",") ? null : scan.separator());
            return new TableGuess(
                    square ? "images" : numbered ? "series" : "table",
                    names,
                    options,
                    group < 0 ? null : scan.name(group),
                    notes);
        }

        /** The range of the values in training rows: what scales them must not know the tests. */
        private ValueRange learnt(
                List<String> labels, List<String> names, List<String> groups, int trainRows, List<Integer> values) {
            boolean[] test = new boolean[labels.size()];
            if (files.size() == 1) {
                int[][] byClass = names.stream()
                        .map(name -> IntStream.range(0, labels.size())
                                .filter(i -> labels.get(i).equals(name))
                                .toArray())
                        .toArray(int[][]::new);
                for (int i : Division.of(files.get(0).toString(), byClass, groups, DataGuess.TEST_FRACTION)
                        .samples(Split.TEST)) {
                    test[i] = true;
                }
            } else {
                Arrays.fill(test, trainRows, test.length, true);
            }
            ValueRange range = new ValueRange(values.size());
            int[] row = {0};
            scan.rows(fields -> {
                if (!test[row[0]++]) {
                    range.add(fields, values);
                }
                return true;
            });
            notes.add("Values are scaled so that 0 and 1 are the least and greatest of the training rows"
                    + "; devices must scale theirs alike.");
            return range;
        }

        /** Numbers in their order, words by the alphabet. */
        private List<String> classNames(List<String> labels) {
            List<String> names = labels.stream().distinct().toList();
            if (names.size() < 2 || names.size() > MOST_CLASSES) {
                throw new UserError(
                        files.get(0) + ": the label has " + names.size() + " different values; expected 2 to "
                                + MOST_CLASSES + " classes. Maybe name another column: --label NAME");
            }
            if (names.stream().allMatch(PlainNumber::is)) {
                Map<Double, String> sorted = new TreeMap<>();
                names.forEach(name -> sorted.put(Double.valueOf(name), name));
                return List.copyOf(sorted.values());
            }
            return names.stream().sorted().toList();
        }
    }
}

package org.qexit.data.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.formats.CsvOptions.Range;

/**
 * A data set from a table: a label column, and pixel columns in the order channel, row, column. What the first line is, {@link
 * TableHeader} decides. Fields may stand in double quotes but hold no commas.
 */
public final class CsvDataset {
    private static final int LONGEST_LINE = 1 << 26;

    private final Path file;
    private final CsvOptions options;
    private final List<String> classNames;
    private final List<byte[]> bytes = new ArrayList<>();
    private final List<float[]> floats = new ArrayList<>();
    private final List<Integer> classes = new ArrayList<>();
    private int columns;
    private int labelColumn;
    private boolean labelsOnly;
    private boolean[] ignored;
    private String[] header;

    private CsvDataset(Path file, CsvOptions options, List<String> classNames) {
        this.file = file;
        this.options = options;
        this.classNames = classNames;
    }

    /** @param classNames names by class id, which labels may use; null means that labels are ids */
    public static Dataset read(String name, Path file, CsvOptions options, List<String> classNames) {
        CsvDataset table = new CsvDataset(file, options, classNames);
        reading(file, table::readLines);
        return table.toDataset(name);
    }

    /** The class ids of the samples; pixels are passed over. */
    public static int[] classes(Path file, CsvOptions options) {
        CsvDataset table = new CsvDataset(file, options, null);
        table.labelsOnly = true;
        reading(file, table::readLines);
        return table.classes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Channels, height and width of the samples, by the first line alone. */
    public static int[] shape(Path file, CsvOptions options) {
        CsvDataset table = new CsvDataset(file, options, null);
        reading(file, reader -> {
            String line = readLine(file, reader);
            while (line != null && line.isBlank()) {
                line = readLine(file, reader);
            }
            table.columns = line == null ? 0 : fields(file, 1, line, options.separator()).length;
        });
        if (table.columns < 2) {
            throw new UserError(file + ": " + (table.columns == 0 ? "no rows" : "one column")
                    + "; expected a label and pixels, separated by commas");
        }
        return table.shape(table.columns - 1 - options.ignore().size());
    }

    /** Takes the lines of one file. */
    @FunctionalInterface
    interface Lines {
        void from(BufferedReader reader) throws IOException;
    }

    /** Opens a table, gzipped or not, and says in one line what keeps it from being read. */
    static void reading(Path file, Lines lines) {
        // A reader on a decoder reports what is not UTF-8 instead of replacing it.
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(GzipInput.unzipping(file), StandardCharsets.UTF_8.newDecoder()))) {
            lines.from(reader);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": not UTF-8 text; expected a CSV file", e);
        } catch (FormatException e) {
            throw new UserError(file + " at byte " + e.offset() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private Dataset toDataset(String name) {
        if (classes.isEmpty()) {
            throw new UserError(file + ": no rows");
        }
        int[] shape = shape(pixels());
        int[] ids = classes.stream().mapToInt(Integer::intValue).toArray();
        List<String> names = classNames == null ? IdxDataset.numbered(ids) : classNames;
        return options.range() == Range.BYTE
                ? Dataset.ofBytes(name, shape, bytes.toArray(byte[][]::new), ids, names)
                : Dataset.ofFloats(name, shape, floats.toArray(float[][]::new), ids, names);
    }

    private void readLines(BufferedReader reader) throws IOException {
        int number = 0;
        boolean first = true;
        for (String line = readLine(file, reader); line != null; line = readLine(file, reader)) {
            number++;
            if (number == 1 && line.startsWith("\ufeff")) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                continue;
            }
            String[] fields = fields(file, number, line, options.separator());
            if (first) {
                first = false;
                if (start(fields, number)) {
                    continue;
                }
            }
            row(fields, number);
        }
    }

    /** As BufferedReader does, but with an end to what one line may take. */
    static String readLine(Path file, BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (line.length() == LONGEST_LINE) {
                throw new UserError(file + ": a line is longer than " + LONGEST_LINE + " characters");
            }
            line.append((char) c);
            c = reader.read();
        }
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    /** The fields of a line, without white space and quotes around them. */
    static String[] fields(Path file, int number, String line) {
        return fields(file, number, line, ",");
    }

    static String[] fields(Path file, int number, String line, String separator) {
        String[] fields = line.split(separator, -1);
        for (int i = 0; i < fields.length; i++) {
            fields[i] = unquoted(fields[i]);
            if (fields[i].indexOf('"') >= 0) {
                throw new UserError(file + " line " + number + ", column " + (i + 1)
                        + ": a quote or comma within a field; expected fields without, in quotes or not");
            }
        }
        return fields;
    }

    private static String unquoted(String field) {
        String trimmed = field.strip();
        return trimmed.length() >= 2 && trimmed.startsWith("\"") && trimmed.endsWith("\"")
                ? trimmed.substring(1, trimmed.length() - 1)
                : trimmed;
    }

    /** Settles columns by the first line; true if that is a header. */
    private boolean start(String[] fields, int number) {
        columns = fields.length;
        if (columns < 2) {
            throw new UserError(
                    file + " line " + number + ": one column; expected a label and pixels, separated by commas");
        }
        TableHeader found = TableHeader.of(
                file,
                number,
                List.of(fields),
                options.label(),
                options.ignore(),
                field -> ClassLabel.id(field, classNames) >= 0);
        labelColumn = found.label();
        header = found.present() ? fields : null;
        ignored = found.ignored(file + " line " + number + ": ", List.of(fields), options.ignore());
        if (options.scale() != null
                && options.scale().size() > 1
                && options.scale().size() != pixels()) {
            throw new UserError(file + ": csv.scale has " + options.scale().size() + " pairs; expected one, or "
                    + pixels() + ", one for each pixel column");
        }
        return found.present();
    }

    private void row(String[] fields, int number) {
        if (fields.length != columns) {
            throw new UserError(
                    file + " line " + number + ": " + fields.length + " columns; expected " + columns + " as before");
        }
        if (Arrays.equals(fields, header)) {
            throw new UserError(file + " line " + number + ": the header again; expected a sample");
        }
        classes.add(classId(fields[labelColumn], number));
        if (labelsOnly) {
            return;
        }
        boolean whole = options.range() == Range.BYTE;
        byte[] levels = new byte[whole ? pixels() : 0];
        float[] values = new float[whole ? 0 : pixels()];
        for (int column = 0, i = 0; column < columns; column++) {
            if (column == labelColumn || ignored[column]) {
                continue;
            }
            double value = value(fields[column], column, i, number);
            if (whole) {
                levels[i++] = (byte) (int) value;
            } else {
                values[i++] = (float) value;
            }
        }
        if (whole) {
            bytes.add(levels);
        } else {
            floats.add(values);
        }
    }

    /** Columns that are neither label nor ignored. */
    private int pixels() {
        return columns - 1 - options.ignore().size();
    }

    private double value(String field, int column, int pixel, int number) {
        boolean whole = options.range() == Range.BYTE;
        double value = PlainNumber.parse(field);
        if (!whole && (field.equalsIgnoreCase("true") || field.equalsIgnoreCase("false"))) {
            value = field.equalsIgnoreCase("true") ? 1 : 0;
        }
        if (options.scale() != null && Double.isFinite(value)) {
            return options.scaled(value, pixel);
        }
        if (!(value >= 0 && value <= (whole ? 255 : 1)) || whole && value != Math.rint(value)) {
            throw new UserError(file + " line " + number + ", column " + (column + 1) + ": pixel '"
                    + UserError.shown(field) + "'; expected "
                    + expected());
        }
        return value;
    }

    private String expected() {
        if (options.scale() != null) {
            return "a number";
        }
        return options.range() == Range.BYTE
                ? "a whole number 0 to 255. Maybe set csv.range: unit, or csv.scale"
                : "a number 0 to 1. Maybe set csv.scale";
    }

    private int classId(String field, int number) {
        int id = ClassLabel.id(field, classNames);
        if (id < 0) {
            int last = classNames == null ? ClassLabel.LARGEST_ID : classNames.size() - 1;
            throw new UserError(
                    file + " line " + number + ", column " + (labelColumn + 1) + ": label '" + UserError.shown(field)
                            + "'; expected a class id 0 to " + last
                            + (classNames == null
                                    ? ". Maybe list classNames in a descriptor"
                                    : " or one of: " + String.join(", ", classNames)));
        }
        return id;
    }

    private int[] shape(int pixels) {
        if (options.shape() != null) {
            int[] shape = options.shape().stream().mapToInt(Integer::intValue).toArray();
            if ((long) shape[0] * shape[1] * shape[2] != pixels) {
                throw new UserError(file + ": " + pixels + " pixel columns; expected " + shape[0] + " x " + shape[1]
                        + " x " + shape[2] + " by csv.shape");
            }
            return shape;
        }
        int side = (int) Math.round(Math.sqrt(pixels));
        return side * side == pixels ? new int[] {1, side, side} : new int[] {1, 1, pixels};
    }
}

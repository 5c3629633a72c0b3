package org.qexit.experiment.scores;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxArray;
import org.qexit.data.formats.Npy;
import org.qexit.data.formats.NpyArray;
import org.qexit.data.formats.PlainNumber;

/**
 * What files of scores hold.
 *
 * @param scores of all exits
 * @param labels classes of the events, {@code [event]}
 * @param devices whose events they are, {@code [event]}, or null
 */
record ScoreFiles(ScoreArray scores, int[] labels, String[] devices) {
    private static final List<String> WHOLE = List.of("scores", "logits", "probabilities", "probs", "outputs");
    private static final List<String> LABELS = List.of("labels", "label", "y", "targets", "classes", "y_true");
    private static final List<String> DEVICES = List.of("devices", "device");
    private static final List<String> AXES = List.of("axes", "dims");
    private static final Pattern NUMBERED = Pattern.compile("\\D*?(\\d{1,6})\\D*");

    /**
     * Reads them.
     *
     * @param files one array, one archive, or one or several tables, one for each exit
     * @param labels null where the files hold them
     * @param outputs names of an archive's arrays, first exit first, or null
     * @param axes what the axes of an array are, or null
     */
    static ScoreFiles read(List<Path> files, Path labels, List<String> outputs, List<String> axes) {
        Path first = files.get(0);
        int[] classes = labels == null ? null : labels(labels);
        if (files.stream().allMatch(file -> isNamed(file, ".csv"))) {
            if (outputs != null || axes != null) {
                throw new UserError(first + ": is a table; expected neither --outputs nor --axes beside it");
            }
            return tables(files, classes);
        }
        if (files.size() > 1) {
            if (!files.stream().allMatch(file -> isNamed(file, ".npy"))) {
                throw new UserError(
                        "files of different kinds: " + files + "; expected one .npz, or only .npy, or only .csv");
            }
            List<ScoreArray> parts = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (Path file : files) {
                names.add(String.valueOf(file.getFileName()));
                parts.add(part(file.toString(), Npy.read(file), axes, classes));
            }
            return complete(first, ScoreArray.joined(names, parts), classes, null);
        }
        if (isNamed(first, ".npy")) {
            NpyArray array = numbers(first.toString(), Npy.read(first));
            return complete(
                    first,
                    ScoreArray.of(first.toString(), array, axes, classes == null ? -1 : classes.length),
                    classes,
                    null);
        }
        return archive(first, Npy.readZipped(first), classes, outputs, axes);
    }

    private static ScoreFiles archive(
            Path file, Map<String, NpyArray> arrays, int[] given, List<String> outputs, List<String> axes) {
        int[] classes = given;
        NpyArray labels = named(arrays, LABELS);
        if (classes == null && labels != null) {
            classes = classes(file + " array of labels", labels);
        }
        NpyArray written = named(arrays, AXES);
        List<String> order = axes;
        if (order == null && written != null && written.isText() && written.dims().length == 1) {
            order = new ArrayList<>();
            for (int d = 0; d < written.dims()[0]; d++) {
                order.add(written.text(d));
            }
        }
        int events = classes == null ? -1 : classes.length;
        NpyArray whole = outputs == null ? named(arrays, WHOLE) : null;
        ScoreArray scores;
        if (whole != null) {
            scores = ScoreArray.of(file.toString(), numbers(file.toString(), whole), order, events);
        } else {
            List<String> names = outputs == null ? numbered(file, arrays) : outputs;
            List<ScoreArray> parts = new ArrayList<>();
            for (String name : names) {
                if (!arrays.containsKey(name)) {
                    throw new UserError(file + ": holds no array '" + UserError.shown(name) + "'; expected one of "
                            + shown(arrays));
                }
                parts.add(part(name, arrays.get(name), order, classes));
            }
            scores = ScoreArray.joined(names, parts);
        }
        NpyArray devices = named(arrays, DEVICES);
        return complete(file, scores, classes, devices == null ? null : devices(file, devices, scores.events()));
    }

    private static List<String> numbered(Path file, Map<String, NpyArray> arrays) {
        List<String> names = arrays.keySet().stream()
                .filter(name -> !LABELS.contains(name) && !DEVICES.contains(name) && !AXES.contains(name))
                .filter(name -> NUMBERED.matcher(name).matches())
                .sorted(Comparator.comparingInt(ScoreFiles::number))
                .toList();
        if (names.isEmpty()
                || names.stream().mapToInt(ScoreFiles::number).distinct().count() < names.size()) {
            throw new UserError(file + ": holds " + shown(arrays) + "; expected one array named 'scores', 'logits' or"
                    + " 'probabilities', or one for each exit named by its number, or --outputs to say which");
        }
        return names;
    }

    private static int number(String name) {
        Matcher m = NUMBERED.matcher(name);
        return m.matches() ? Integer.parseInt(m.group(1)) : 0;
    }

    private static String shown(Map<String, NpyArray> arrays) {
        return UserError.shown(String.join(", ", arrays.keySet()));
    }

    private static NpyArray named(Map<String, NpyArray> arrays, List<String> names) {
        return names.stream()
                .filter(arrays::containsKey)
                .map(arrays::get)
                .findFirst()
                .orElse(null);
    }

    private static NpyArray numbers(String name, NpyArray array) {
        if (array.isText()) {
            throw new UserError("'" + UserError.shown(name) + "' holds texts; expected numbers");
        }
        return array;
    }

    /** Of one exit: its events stand first, unless the axes are said. */
    private static ScoreArray part(String name, NpyArray array, List<String> axes, int[] classes) {
        List<String> order = axes != null ? axes : array.dims().length == 1 ? List.of("event") : null;
        return ScoreArray.of(name, numbers(name, array), order, classes == null ? -1 : classes.length);
    }

    private static String[] devices(Path file, NpyArray array, int events) {
        if (array.dims().length != 1 || array.dims()[0] != events || !array.isText() && !array.isWhole()) {
            throw new UserError(
                    file + ": array of devices; expected a name or a whole number for each of " + events + " events");
        }
        String[] devices = new String[events];
        for (int k = 0; k < events; k++) {
            devices[k] = array.isText() ? array.text(k) : "d" + (long) array.number(k);
            if (devices[k].isBlank()) {
                throw new UserError(file + ": event " + k + " has a device without a name");
            }
        }
        return devices;
    }

    private static ScoreFiles complete(Path file, ScoreArray scores, int[] classes, String[] devices) {
        if (classes == null) {
            throw new UserError(
                    file + ": holds no labels; expected --labels, or in an archive an array named 'labels'");
        }
        if (classes.length != scores.events()) {
            throw new UserError(file + ": " + scores.events() + " events, but " + classes.length
                    + " labels; expected as many of both");
        }
        scores.checkFinite();
        return new ScoreFiles(scores, classes, devices);
    }

    private static boolean isNamed(Path file, String end) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(end);
    }

    private static int[] labels(Path file) {
        if (isNamed(file, ".npy")) {
            return classes(file.toString(), Npy.read(file));
        }
        IdxArray idx = Idx.read(file);
        if (idx.dims().length != 1) {
            throw new UserError(file + ": " + idx.dims().length + " dimensions; expected 1, a label for each event");
        }
        double[] values = idx.rows().length == 0 ? new double[0] : idx.values(0);
        return classes(file.toString(), values);
    }

    private static int[] classes(String name, NpyArray array) {
        int[] dims = array.dims();
        if (array.isText() || dims.length != 1) {
            throw new UserError(name + ": expected whole numbers, one for each event");
        }
        double[] values = new double[dims[0]];
        for (int k = 0; k < values.length; k++) {
            values[k] = array.number(k);
        }
        return classes(name, values);
    }

    private static int[] classes(String name, double[] values) {
        int[] classes = new int[values.length];
        for (int k = 0; k < classes.length; k++) {
            if (!(values[k] >= 0 && values[k] <= Short.MAX_VALUE && values[k] == Math.rint(values[k]))) {
                throw new UserError(
                        name + ": event " + k + " has the label " + values[k] + "; expected a class, 0 or above");
            }
            classes[k] = (int) values[k];
        }
        return classes;
    }

    private static ScoreFiles tables(List<Path> files, int[] given) {
        int[] labels = given;
        List<String> names = new ArrayList<>();
        List<ScoreArray> parts = new ArrayList<>();
        for (Path file : files) {
            Table table = Table.read(file);
            if (labels != null && given == null && !java.util.Arrays.equals(labels, table.labels)) {
                throw new UserError(file + ": its labels differ from those of " + files.get(0)
                        + "; expected the same events in the same order");
            }
            labels = given == null ? table.labels : given;
            names.add(String.valueOf(file.getFileName()));
            parts.add(new ScoreArray(List.of(file.toString()), 1, new float[][] {table.scores}));
        }
        return complete(files.get(0), ScoreArray.joined(names, parts), labels, null);
    }

    /** Two columns, score and label, by the names in the first row or in this order. */
    private record Table(float[] scores, int[] labels) {
        static Table read(Path file) {
            String text;
            try {
                text = Files.readString(file, StandardCharsets.UTF_8);
            } catch (NoSuchFileException e) {
                throw new UserError(file + ": no such file", e);
            } catch (CharacterCodingException e) {
                throw new UserError(file + ": is no text in UTF-8", e);
            } catch (IOException e) {
                throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
            }
            List<String> lines = text.lines().toList();
            int from = 0;
            int label = 1;
            if (!lines.isEmpty()) {
                String[] names = cells(file, 0, lines.get(0));
                if (!PlainNumber.is(names[0]) && !PlainNumber.is(names[1])) {
                    from = 1;
                    label = LABELS.contains(names[0].toLowerCase(Locale.ROOT)) ? 0 : 1;
                }
            }
            double[] scores = new double[lines.size() - from];
            double[] labels = new double[scores.length];
            for (int k = 0; k < scores.length; k++) {
                String[] cells = cells(file, k + from, lines.get(k + from));
                scores[k] = number(file, k + from, cells[1 - label]);
                labels[k] = number(file, k + from, cells[label]);
            }
            float[] rounded = new float[scores.length];
            for (int k = 0; k < rounded.length; k++) {
                rounded[k] = (float) scores[k];
            }
            if (rounded.length == 0) {
                throw new UserError(file + ": holds no events; expected at least one");
            }
            return new Table(rounded, classes(file.toString(), labels));
        }

        private static String[] cells(Path file, int line, String text) {
            String[] cells = text.split("[,;\t]", -1);
            if (cells.length != 2) {
                throw new UserError(file + " line " + (line + 1) + ": " + cells.length
                        + " columns; expected 2, a score and a label");
            }
            for (int i = 0; i < 2; i++) {
                cells[i] = cells[i].strip();
                if (cells[i].length() > 1 && cells[i].startsWith("\"") && cells[i].endsWith("\"")) {
                    cells[i] = cells[i].substring(1, cells[i].length() - 1);
                }
            }
            return cells;
        }

        private static double number(Path file, int line, String cell) {
            double value = PlainNumber.parse(cell);
            if (Double.isNaN(value)) {
                throw new UserError(
                        file + " line " + (line + 1) + ": '" + UserError.shown(cell) + "'; expected a number");
            }
            return value;
        }
    }
}

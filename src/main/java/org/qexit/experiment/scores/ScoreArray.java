package org.qexit.experiment.scores;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.qexit.common.UserError;
import org.qexit.data.formats.NpyArray;

/**
 * Scores {@code [exit][event * classes + class]} of arrays whose axes stand in any order.
 *
 * @param exits their names, first exit first
 * @param classes K, or 1 where an exit says one number
 * @param values as above
 */
record ScoreArray(List<String> exits, int classes, float[][] values) {
    /** What an axis may be called. */
    private enum Axis {
        EXIT,
        EVENT,
        CLASS;

        static Axis of(String name) {
            String word = name.strip().toLowerCase(Locale.ROOT);
            return switch (word) {
                case "exit", "exits", "head", "heads", "stage", "stages", "layer", "layers" -> EXIT;
                case "event", "events", "sample", "samples", "batch", "n", "example", "examples" -> EVENT;
                case "class", "classes", "label", "labels", "category", "categories", "c", "k" -> CLASS;
                default ->
                    throw new UserError(
                            "axis '" + UserError.shown(name) + "'; expected exit, event or class, each once");
            };
        }
    }

    /**
     * One array of all exits.
     *
     * @param axes what its axes are, in order; null to find it by the number of events, else exit, event, class
     * @param events how many events there are, or -1 if that is not known
     */
    static ScoreArray of(String name, NpyArray array, List<String> axes, int events) {
        int[] dims = array.dims();
        List<Axis> order = axes == null ? found(name, dims, events) : said(name, dims, axes);
        int exits = length(dims, order, Axis.EXIT);
        int count = length(dims, order, Axis.EVENT);
        int classes = length(dims, order, Axis.CLASS);
        List<String> names = new ArrayList<>();
        float[][] values = new float[exits][];
        for (int q = 0; q < exits; q++) {
            names.add("exit " + (q + 1));
            values[q] = new float[Math.multiplyExact(count, classes)];
            for (int k = 0; k < count; k++) {
                for (int c = 0; c < classes; c++) {
                    int[] place = new int[dims.length];
                    for (int d = 0; d < dims.length; d++) {
                        place[d] = switch (order.get(d)) {
                            case EXIT -> q;
                            case EVENT -> k;
                            case CLASS -> c;
                        };
                    }
                    values[q][k * classes + c] = (float) array.number(place);
                }
            }
        }
        return new ScoreArray(names, classes, values);
    }

    /** Arrays of one exit each, side by side. */
    static ScoreArray joined(List<String> names, List<ScoreArray> parts) {
        ScoreArray first = parts.get(0);
        float[][] values = new float[parts.size()][];
        for (int q = 0; q < values.length; q++) {
            ScoreArray part = parts.get(q);
            if (part.values().length != 1) {
                throw new UserError("'" + UserError.shown(names.get(q)) + "' holds " + part.values().length
                        + " exits; expected one, as there is an array for each");
            }
            if (part.classes() != first.classes() || part.events() != first.events()) {
                throw new UserError("'" + UserError.shown(names.get(q)) + "' has " + part.events() + " events x "
                        + part.classes() + " classes; expected " + first.events() + " x " + first.classes() + ", as '"
                        + UserError.shown(names.get(0)) + "' has");
            }
            values[q] = part.values()[0];
        }
        return new ScoreArray(names, first.classes(), values);
    }

    int events() {
        return values[0].length / classes;
    }

    /** @throws UserError for a number that is none */
    void checkFinite() {
        for (int q = 0; q < values.length; q++) {
            for (int i = 0; i < values[q].length; i++) {
                if (!Float.isFinite(values[q][i])) {
                    throw new UserError("'" + UserError.shown(exits.get(q)) + "': event " + i / classes + " has "
                            + values[q][i] + "; expected finite numbers");
                }
            }
        }
    }

    private static List<Axis> said(String name, int[] dims, List<String> axes) {
        List<Axis> order = axes.stream().map(Axis::of).toList();
        if (order.size() != dims.length
                || order.stream().distinct().count() < order.size()
                || !order.contains(Axis.EVENT)) {
            throw new UserError(
                    "'" + UserError.shown(name) + "' has the shape " + Arrays.toString(dims) + ", its axes are " + axes
                            + "; expected a name for each, exit, event or class, and event among them");
        }
        return order;
    }

    /** By the number of events where that tells it; else as such arrays are mostly written. */
    private static List<Axis> found(String name, int[] dims, int events) {
        if (dims.length == 0 || dims.length > 3) {
            throw new UserError(
                    "'" + UserError.shown(name) + "' has " + dims.length + " axes; expected exit, event, class");
        }
        int event = -1;
        int candidates = 0;
        for (int d = 0; d < dims.length; d++) {
            if (dims[d] == events) {
                event = d;
                candidates++;
            }
        }
        if (events >= 0 && candidates == 0) {
            throw new UserError("'" + UserError.shown(name) + "' has the shape " + Arrays.toString(dims)
                    + "; expected an axis of " + events + " events, as there are labels");
        }
        List<Axis> usual = switch (dims.length) {
            case 1 -> List.of(Axis.EVENT);
            case 2 -> event == 1 && candidates == 1 ? List.of(Axis.EXIT, Axis.EVENT) : List.of(Axis.EVENT, Axis.CLASS);
            default ->
                event == 0 && candidates == 1
                        ? List.of(Axis.EVENT, Axis.EXIT, Axis.CLASS)
                        : event == 2 && candidates == 1
                                ? List.of(Axis.EXIT, Axis.CLASS, Axis.EVENT)
                                : List.of(Axis.EXIT, Axis.EVENT, Axis.CLASS);
        };
        if (events >= 0 && dims[usual.indexOf(Axis.EVENT)] != events) {
            throw new UserError("'" + UserError.shown(name) + "' has the shape " + Arrays.toString(dims)
                    + ", of which several axes may be the events; expected --axes to say it");
        }
        return usual;
    }

    private static int length(int[] dims, List<Axis> order, Axis axis) {
        int at = order.indexOf(axis);
        if (at >= 0 && dims[at] < 1) {
            throw new UserError(
                    "an axis of scores is empty: " + Arrays.toString(dims) + "; expected at least one of each");
        }
        return at < 0 ? 1 : dims[at];
    }
}

package org.qexit.experiment.sweep;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;

/**
 * Scenarios with values changed step by step, format {@value #FORMAT} (docs/simulation.md).
 *
 * @param format must be {@value #FORMAT}
 * @param name of the whole
 * @param parts each a scenario of its own, names distinct
 */
public record SweepConfig(String format, String name, List<Part> parts) {
    public static final String FORMAT = "qexit.sweep/1";

    private static final int MOST_STEPS = 1000;

    public SweepConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        parts = List.copyOf(Checks.present("parts", parts));
        distinct("parts", parts.stream().map(Part::name).toList());
    }

    /** Reads a sweep. */
    public static SweepConfig read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line. */
    public static SweepConfig read(ConfigText text) {
        return text.as(SweepConfig.class);
    }

    private static void distinct(String list, List<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(list + " is empty; expected at least one");
        }
        Set<Object> seen = new HashSet<>();
        for (Object value : values) {
            if (!seen.add(value)) {
                throw new IllegalArgumentException(list + ": '" + value + "' is listed twice");
            }
        }
    }

    /** What differences are to. */
    public enum Reference {
        /** The first plan under the first policy of the same series, at the same step. */
        SERIES,
        /** The first plan under the first policy of the first series, at the same step. */
        FIRST
    }

    /**
     * One scenario, some of its values changed.
     *
     * @param name in the results, and of the picture
     * @param title above the table and the picture
     * @param scenario its file, relative to this one
     * @param series settings that are compared; null for the scenario as it is
     * @param sweep the steps, or null for one step
     * @param reference of the differences; null for {@link Reference#SERIES}
     * @param measures shown, in order
     */
    public record Part(
            String name,
            String title,
            String scenario,
            List<Series> series,
            Steps sweep,
            Reference reference,
            List<Measure> measures) {
        public Part {
            Checks.notBlank("name", name);
            if (!name.matches("[a-z0-9][a-z0-9-]{0,40}")) {
                throw new IllegalArgumentException(
                        "name is '" + name + "'; expected small letters, digits and '-', as it names a file");
            }
            Checks.notBlank("title", title);
            Checks.notBlank("scenario", scenario);
            series = series == null ? List.of(new Series("", Map.of())) : List.copyOf(series);
            distinct("series", series.stream().map(Series::name).toList());
            sweep = sweep == null ? new Steps("", List.of(new Value("")), Map.of()) : sweep;
            reference = reference == null ? Reference.SERIES : reference;
            measures = List.copyOf(Checks.present("measures", measures));
            distinct("measures", measures);
        }
    }

    /**
     * A setting.
     *
     * @param name in the results
     * @param set other values of the scenario, by paths such as {@code node.sharing}; null for none
     */
    public record Series(String name, Map<String, Object> set) {
        public Series {
            Checks.present("name", name);
            SweepRow.checkText("name", name);
            set = set == null ? Map.of() : set;
        }
    }

    /**
     * Steps, each with other values of the scenario.
     *
     * @param label of the axis
     * @param values numbers or names of the steps, distinct
     * @param set by path, the value at every step
     */
    public record Steps(String label, List<Value> values, Map<String, List<Object>> set) {
        public Steps {
            Checks.present("label", label);
            values = List.copyOf(Checks.present("values", values));
            distinct("values", values);
            if (values.size() > MOST_STEPS) {
                throw new IllegalArgumentException(
                        "values has " + values.size() + " entries; expected at most " + MOST_STEPS);
            }
            set = set == null ? Map.of() : Map.copyOf(set);
            for (Map.Entry<String, List<Object>> entry : set.entrySet()) {
                if (entry.getValue().size() != values.size()) {
                    throw new IllegalArgumentException("set: " + entry.getKey() + " has "
                            + entry.getValue().size() + " values; expected " + values.size() + ", one per step");
                }
            }
        }
    }

    /** A step's number or name, as it is written. */
    public record Value(String text) {
        public Value {
            SweepRow.checkText("value", text);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Value of(Object value) {
            if (value instanceof String || value instanceof Number) {
                return new Value(value.toString());
            }
            throw new IllegalArgumentException("value is " + value + "; expected a number or a name");
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.data.bowles.SyntheticFamily;

/**
 * Which classifiers are compared on which synthetic sets, format {@value #FORMAT}.
 *
 * @param format must be {@value #FORMAT}
 * @param name of the study
 * @param protocol how; null for {@link Protocol#BOWLES2024}
 * @param families by the names of {@code qexit data make}; null for all
 * @param features most features of a set; null for 20
 * @param models by their names, {@code mlp} and so on; null for all
 * @param dataSeeds of fresh sets; null for 1 to 5; not with the published sets
 * @param refits trainings of the best point, 1 to 100; null for 5
 * @param grid values that replace those of the grids, by the hyperparameter's name; null for none
 * @param machines with shots or noise, on which the best point of every circuit of up to 7 qubits is trained and tested again; null for none
 */
public record TabularConfig(
        String format,
        String name,
        Protocol protocol,
        List<String> families,
        Integer features,
        List<String> models,
        List<Integer> dataSeeds,
        Integer refits,
        Map<String, List<String>> grid,
        List<Machine> machines) {
    public static final String FORMAT = "qexit.tabular/1";

    private static final int MOST_FEATURES = 20;

    public TabularConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        protocol = protocol == null ? Protocol.BOWLES2024 : protocol;
        families = Checks.distinct("families", families == null ? SyntheticFamily.words() : families);
        for (String family : families) {
            if (SyntheticFamily.of(family).isEmpty()) {
                throw new IllegalArgumentException("families: '" + family + "' is no family; expected some of "
                        + String.join(", ", SyntheticFamily.words()));
            }
        }
        features = features == null ? MOST_FEATURES : Checks.within("features", features, 2, MOST_FEATURES);
        models = Checks.distinct(
                "models",
                models == null
                        ? Arrays.stream(Contender.values()).map(Contender::word).toList()
                        : models);
        models.forEach(Contender::of);
        if (protocol == Protocol.BOWLES2024 && dataSeeds != null) {
            throw new IllegalArgumentException("dataSeeds is given; the published sets of bowles2024 have their own");
        }
        dataSeeds = protocol == Protocol.BOWLES2024
                ? List.of(0)
                : Checks.distinct("dataSeeds", dataSeeds == null ? List.of(1, 2, 3, 4, 5) : dataSeeds);
        dataSeeds.forEach(seed -> Checks.within("dataSeeds", seed, 0, Integer.MAX_VALUE));
        refits = refits == null ? 5 : Checks.within("refits", refits, 1, 100);
        grid = grid == null ? Map.of() : Map.copyOf(grid);
        grid.forEach(TabularConfig::checkAxis);
        machines = machines == null ? List.of() : Checks.distinct("machines", machines);
        if (machines.stream().anyMatch(Machine::isExact)) {
            throw new IllegalArgumentException("machines has one without shots and noise; expected either or both");
        }
    }

    /** How sets are made and models are judged. */
    public enum Protocol {
        /** As published: 60 test samples, scaled before the split where the recipe says so. */
        BOWLES2024,
        /** New sets of the same recipes: 1,000 test samples, nothing scaled before the split. */
        FRESH
    }

    private static void checkAxis(String axis, List<String> values) {
        for (String value : Checks.distinct("grid." + axis, values)) {
            String expected = switch (axis) {
                case Contender.RATE, "alpha", "C", "gamma" ->
                    value.matches("(?=.*[1-9])[0-9]{1,6}(\\.[0-9]{1,9})?") ? null : "a number above 0";
                case "layers", "repeats", "uploads" -> value.matches("[1-9][0-9]?|100") ? null : "1 to 100";
                case "hidden" -> value.matches("[1-9][0-9]{0,3}(-[1-9][0-9]{0,3}){0,9}") ? null : "sizes as 50-10";
                case "measured" -> value.matches("single|half|full") ? null : "single, half or full";
                default ->
                    throw new IllegalArgumentException("grid: '" + axis
                            + "' is no hyperparameter; expected some of learningRate, alpha, C, gamma, layers, repeats,"
                            + " uploads, hidden, measured");
            };
            if (expected != null) {
                throw new IllegalArgumentException("grid." + axis + " has '" + value + "'; expected " + expected);
            }
        }
    }

    /** A model's points with this study's values. */
    List<Point> points(Contender contender) {
        Map<String, List<String>> axes = new LinkedHashMap<>(contender.axes());
        axes.replaceAll((axis, values) -> grid.getOrDefault(axis, values));
        return Point.grid(axes);
    }

    /** Reads a study, with fields that were set on the command line. */
    public static TabularConfig read(ConfigText text) {
        return text.as(TabularConfig.class);
    }
}

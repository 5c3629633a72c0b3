package org.qexit.experiment.rules;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.results.ResultTable;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.experiment.results.StudyUnits;
import org.qexit.trace.Rule;

/** Trains and counts what the results of a study of rules lack, and writes the comparison. An interrupted study goes on where it was. */
public final class RuleStudy {
    private static final String RESULTS = "results.csv";

    private RuleStudy() {}

    /**
     * Runs a study.
     *
     * @param directory of results.csv, summary.md and rules.svg
     * @param count false only compares what is there
     * @param stop set to true from outside to end behind the sets and seeds at work
     * @throws UserError if there is nothing to compare
     */
    public static RuleSummary run(
            RuleStudyConfig config, StudyPlace place, Path directory, boolean count, AtomicBoolean stop) {
        ResultTable results = ResultTable.read(directory.resolve(RESULTS), RuleTally.COLUMNS, RuleTally.NUMBERS);
        if (count) {
            List<Unit> units = new ArrayList<>();
            for (long seed : config.seeds()) {
                for (int set = 0; set < config.sets().size(); set++) {
                    units.add(new Unit(seed, set));
                }
            }
            StudyUnits<Shared, Unit> study =
                    new StudyUnits<>("study " + config.name() + ", sets", "counted", units, unit -> unit.key(config));
            study.run(results, place, new Units(place), new Shared(config, place.catalog()), stop);
        }
        if (results.rows().isEmpty()) {
            throw new UserError(directory.resolve(RESULTS) + ": no rows yet");
        }
        RuleSummary summary = RuleSummary.of(config, results.rows());
        AtomicFiles.writeString(directory.resolve("summary.md"), RuleTables.markdown(summary));
        AtomicFiles.writeString(directory.resolve("rules.svg"), RuleTables.svg(summary));
        return summary;
    }

    /**
     * A set of events with a seed.
     *
     * @param set its number
     */
    private record Unit(long seed, int set) implements Serializable {
        Map<String, String> key(RuleStudyConfig config) {
            return Map.of("set", config.sets().get(set).name(), "seed", String.valueOf(seed));
        }
    }

    private record Shared(RuleStudyConfig config, DatasetCatalog catalog) {}

    /** The units as tasks. */
    private record Units(StudyPlace place) implements TaskSet<Shared, Unit, ArrayList<List<Object>>> {
        @Override
        public Shared prepare() {
            return new Shared(RuleStudyConfig.read(place.config()), place.catalog());
        }

        @Override
        public ArrayList<List<Object>> run(Shared shared, Unit unit, BooleanSupplier stopped) {
            RuleStudyConfig config = shared.config();
            return unit(config, config.sets().get(unit.set()), unit.seed(), shared.catalog());
        }
    }

    private static ArrayList<List<Object>> unit(
            RuleStudyConfig config, RuleStudyConfig.EventSet set, long seed, DatasetCatalog catalog) {
        DeviceEvents events = DeviceEvents.of(set, seed, catalog);
        ArrayList<List<Object>> rows = new ArrayList<>();
        for (double budget : config.budgets()) {
            Map<String, RuleTally> tallies = new LinkedHashMap<>();
            for (DeviceEvents.Device device : events.devices()) {
                Map<String, Rule> rules = RuleChoice.of(device.validation(), budget, events.costs());
                rules.forEach((name, rule) -> tallies.computeIfAbsent(
                                name, key -> new RuleTally(key, budget, events.costs()))
                        .add(device, rule));
            }
            tallies.values().forEach(tally -> rows.add(tally.row(set.name(), seed)));
        }
        return rows;
    }
}

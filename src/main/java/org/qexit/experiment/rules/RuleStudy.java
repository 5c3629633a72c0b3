package org.qexit.experiment.rules;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.results.ResultTable;
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
     * @param stop set to true from outside to end behind the set and seed at work
     * @throws UserError if there is nothing to compare
     */
    public static RuleSummary run(
            RuleStudyConfig config, DatasetCatalog catalog, Path directory, boolean count, AtomicBoolean stop) {
        ResultTable results = ResultTable.read(directory.resolve(RESULTS), RuleTally.COLUMNS, RuleTally.NUMBERS);
        if (count) {
            count(config, catalog, results, stop);
        }
        if (results.rows().isEmpty()) {
            throw new UserError(directory.resolve(RESULTS) + ": no rows yet");
        }
        RuleSummary summary = RuleSummary.of(config, results.rows());
        AtomicFiles.writeString(directory.resolve("summary.md"), RuleTables.markdown(summary));
        AtomicFiles.writeString(directory.resolve("rules.svg"), RuleTables.svg(summary));
        return summary;
    }

    private static void count(RuleStudyConfig config, DatasetCatalog catalog, ResultTable results, AtomicBoolean stop) {
        int units = config.seeds().size() * config.sets().size();
        try (Progress progress = Progress.start("study " + config.name() + ", sets", units)) {
            for (long seed : config.seeds()) {
                for (RuleStudyConfig.EventSet set : config.sets()) {
                    if (stop.get()) {
                        throw new UserError("stopped; what is counted is kept, and the same command goes on");
                    }
                    if (!results.has(Map.of("set", set.name(), "seed", String.valueOf(seed)))) {
                        List<List<Object>> rows = new ArrayList<>();
                        Progress.quietly(() -> rows.addAll(unit(config, set, seed, catalog)));
                        results.add(rows);
                    }
                    progress.step();
                }
            }
        }
    }

    private static List<List<Object>> unit(
            RuleStudyConfig config, RuleStudyConfig.EventSet set, long seed, DatasetCatalog catalog) {
        DeviceEvents events = DeviceEvents.of(set, seed, catalog);
        List<List<Object>> rows = new ArrayList<>();
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

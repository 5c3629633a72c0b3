package org.qexit.experiment.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.AtomicFiles;
import org.qexit.common.ConfigText;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.scenario.RunScenario;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.NoPlanException;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.tier.sim.Simulation;

/** Simulates the steps of a sweep one after the other; writes {@code results.csv}, {@code summary.md} and a picture for each part. */
public final class Sweep {
    private static final String RESULTS = "results.csv";

    private final Path file;
    private final SweepConfig config;
    private final DatasetCatalog catalog;
    private final int threads;
    private final AtomicBoolean stop;

    /**
     * How it is run.
     *
     * @param parts names of those to simulate; empty for all
     * @param simulate false: only tables and pictures of what is there
     * @param threads replications at a time
     * @param stop set to true from outside to end early, without results of the part under way
     */
    public record Options(List<String> parts, boolean simulate, int threads, AtomicBoolean stop) {}

    private Sweep(ConfigText text, DatasetCatalog catalog, Options options) {
        this.file = text.file().toAbsolutePath();
        this.config = SweepConfig.read(text);
        this.catalog = catalog;
        this.threads = options.threads();
        this.stop = options.stop();
    }

    /**
     * Runs a sweep.
     *
     * @param directory of the results; rows of parts that are not simulated stay
     * @throws UserError for a mistake in the configuration or a scenario, or if it was stopped
     */
    public static SweepSummary run(ConfigText text, DatasetCatalog catalog, Path directory, Options options) {
        Sweep sweep = new Sweep(text, catalog, options);
        Path results = directory.resolve(RESULTS);
        List<SweepRow> rows = new ArrayList<>(SweepResults.read(results));
        for (String name : options.parts()) {
            if (sweep.config.parts().stream().noneMatch(part -> part.name().equals(name))) {
                throw new UserError(text.file() + ": has no part '" + name + "'; expected one of: "
                        + String.join(
                                ", ",
                                sweep.config.parts().stream()
                                        .map(SweepConfig.Part::name)
                                        .toList()));
            }
        }
        for (SweepConfig.Part part : sweep.config.parts()) {
            if (options.simulate()
                    && (options.parts().isEmpty() || options.parts().contains(part.name()))) {
                List<SweepRow> fresh = sweep.simulate(part);
                rows.removeIf(row -> row.cell().part().equals(part.name()));
                rows.addAll(fresh);
                SweepResults.write(results, sweep.config, rows);
            }
        }
        // As it is written, so that it is the same when it is read again.
        SweepSummary summary = SweepSummary.of(sweep.config, SweepResults.read(results));
        if (summary.parts().isEmpty()) {
            throw new UserError(results + ": has no results of " + text.file());
        }
        AtomicFiles.writeString(directory.resolve("summary.md"), SweepTables.markdown(summary));
        summary.parts()
                .forEach(part ->
                        AtomicFiles.writeString(directory.resolve(part.name() + ".svg"), SweepFigures.svg(part)));
        return summary;
    }

    private List<SweepRow> simulate(SweepConfig.Part part) {
        List<SweepRow> rows = new ArrayList<>();
        int steps = part.series().size() * part.sweep().values().size();
        try (Progress progress = Progress.start(part.name(), steps)) {
            for (SweepConfig.Series series : part.series()) {
                for (int step = 0; step < part.sweep().values().size(); step++) {
                    rows.addAll(simulate(part, series, step));
                    progress.step();
                }
            }
        }
        return rows;
    }

    private List<SweepRow> simulate(SweepConfig.Part part, SweepConfig.Series series, int step) {
        Map<String, Object> set = new LinkedHashMap<>(series.set());
        part.sweep().set().forEach((path, values) -> set.put(path, values.get(step)));
        Path scenarioFile = file.resolveSibling(part.scenario());
        Scenario scenario = Scenario.read(scenarioFile, set);
        String at = part.sweep().values().get(step).text();
        try {
            return rows(part, series.name(), at, scenario, scenarioFile);
        } catch (NoPlanException e) {
            return without(part, series.name(), at, scenario);
        } catch (UserError e) {
            throw new UserError(
                    "part " + part.name() + (series.name().isEmpty() ? "" : ", " + series.name())
                            + (at.isEmpty() ? "" : ", step " + at) + ": " + e.getMessage(),
                    e);
        }
    }

    private List<SweepRow> rows(SweepConfig.Part part, String series, String at, Scenario scenario, Path scenarioFile) {
        SimulationInputs inputs = scenario.run() == null
                ? SimulationInputs.read(
                        scenario, SimulationInputs.files(scenarioFile, scenario), scenarioFile.getParent())
                : RunScenario.inputs(
                        scenarioFile.resolveSibling(scenario.run()).normalize(),
                        scenario,
                        scenarioFile.getParent(),
                        catalog);
        checkDistinct(scenario.policies().stream().map(Policy::name).toList());
        SimulationResult result = Simulation.run(inputs, threads, stop);
        if (!result.complete()) {
            throw new UserError("stopped before its end; its results are left out");
        }
        List<SweepRow> rows = new ArrayList<>();
        for (SimulationResult.Variant variant : result.variants()) {
            SweepRow.Cell cell = new SweepRow.Cell(part.name(), series, at, variant.plan(), variant.policy());
            variant.perReplication().forEach(one -> rows.add(new SweepRow(cell, one)));
        }
        for (PlanChoice choice : scenario.plans()) {
            if (choice.isMade()
                    && result.variants().stream()
                            .noneMatch(variant -> variant.plan().equals(choice.name()))) {
                rows.addAll(without(part, series, at, scenario.withPlans(List.of(choice))));
            }
        }
        return rows;
    }

    private static void checkDistinct(List<String> policies) {
        if (policies.stream().distinct().count() < policies.size()) {
            throw new UserError("policies: two are called the same, " + policies + "; expected one of each name");
        }
    }

    private static List<SweepRow> without(SweepConfig.Part part, String series, String at, Scenario scenario) {
        List<SweepRow> rows = new ArrayList<>();
        for (PlanChoice choice : scenario.plans()) {
            for (Policy policy : scenario.policies()) {
                rows.add(new SweepRow(new SweepRow.Cell(part.name(), series, at, choice.name(), policy.name()), null));
            }
        }
        return rows;
    }
}

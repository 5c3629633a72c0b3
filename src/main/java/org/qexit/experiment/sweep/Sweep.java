package org.qexit.experiment.sweep;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.qexit.common.AtomicFiles;
import org.qexit.common.ConfigText;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.common.task.TaskSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.experiment.scenario.RunScenario;
import org.qexit.simulation.Replications;
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

    /**
     * How it is run.
     *
     * @param parts names of those to simulate; empty for all
     * @param simulate false: only tables and pictures of what is there
     * @param place where steps of a series are simulated
     * @param threads replications at a time, of each step
     * @param stop set to true from outside to end early, without results of the part under way
     */
    public record Options(List<String> parts, boolean simulate, StudyPlace place, int threads, AtomicBoolean stop) {}

    private Sweep(ConfigText text, DatasetCatalog catalog) {
        this.file = text.file().toAbsolutePath();
        this.config = SweepConfig.read(text);
        this.catalog = catalog;
    }

    /** A step of a series of a part, by their numbers. */
    private record Step(int part, int series, int step) implements Serializable {}

    /**
     * Steps as tasks.
     *
     * @param threads replications at a time
     */
    private record Steps(StudyPlace place, int threads) implements TaskSet<Sweep, Step, ArrayList<SweepRow>> {
        @Override
        public Sweep prepare() {
            return new Sweep(place.config(), place.catalog());
        }

        @Override
        public ArrayList<SweepRow> run(Sweep sweep, Step step, BooleanSupplier stopped) {
            return new ArrayList<>(sweep.simulate(step, threads, stopped));
        }
    }

    /**
     * Runs a sweep.
     *
     * @param directory of the results; rows of parts that are not simulated stay
     * @throws UserError for a mistake in the configuration or a scenario, or if it was stopped
     */
    public static SweepSummary run(ConfigText text, Path directory, Options options) {
        Sweep sweep = new Sweep(text, options.place().catalog());
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
                List<SweepRow> fresh = sweep.simulate(part, options);
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

    private List<SweepRow> simulate(SweepConfig.Part part, Options options) {
        int inSeries = part.sweep().values().size();
        int steps = part.series().size() * inSeries;
        Steps tasks = new Steps(options.place(), options.threads());
        TaskRunner runner = options.place().runner();
        try (Progress progress = Progress.start(part.name(), steps)) {
            return Replications.run(steps, runner.atATime(), number -> {
                        Step step = new Step(config.parts().indexOf(part), number / inSeries, number % inSeries);
                        List<SweepRow> rows = runner.run(tasks, this, step, options.stop()::get);
                        progress.step();
                        return rows;
                    })
                    .stream()
                    .flatMap(List::stream)
                    .toList();
        } catch (CancellationException e) {
            throw new UserError("stopped before its end; its results are left out", e);
        }
    }

    private List<SweepRow> simulate(Step at, int threads, BooleanSupplier stopped) {
        SweepConfig.Part part = config.parts().get(at.part());
        SweepConfig.Series series = part.series().get(at.series());
        return simulate(part, series, at.step(), new Way(threads, stopped));
    }

    /** How a step is simulated. */
    private record Way(int threads, BooleanSupplier stopped) {}

    private List<SweepRow> simulate(SweepConfig.Part part, SweepConfig.Series series, int step, Way way) {
        Map<String, Object> set = new LinkedHashMap<>(series.set());
        part.sweep().set().forEach((path, values) -> set.put(path, values.get(step)));
        Path scenarioFile = file.resolveSibling(part.scenario());
        Scenario scenario = Scenario.read(scenarioFile, set);
        String at = part.sweep().values().get(step).text();
        try {
            return rows(new Place(part, series.name(), at), scenario, scenarioFile, way);
        } catch (NoPlanException e) {
            return without(new Place(part, series.name(), at), scenario);
        } catch (UserError e) {
            throw new UserError(
                    "part " + part.name() + (series.name().isEmpty() ? "" : ", " + series.name())
                            + (at.isEmpty() ? "" : ", step " + at) + ": " + e.getMessage(),
                    e);
        }
    }

    /** Where rows stand. */
    private record Place(SweepConfig.Part part, String series, String at) {
        SweepRow.Cell cell(String plan, String policy) {
            return new SweepRow.Cell(part.name(), series, at, plan, policy);
        }
    }

    private List<SweepRow> rows(Place place, Scenario scenario, Path scenarioFile, Way way) {
        SimulationInputs inputs = scenario.run() == null
                ? SimulationInputs.read(
                        scenario, SimulationInputs.files(scenarioFile, scenario), scenarioFile.getParent())
                : RunScenario.inputs(
                        scenarioFile.resolveSibling(scenario.run()).normalize(),
                        scenario,
                        scenarioFile.getParent(),
                        catalog);
        checkDistinct(scenario.policies().stream().map(Policy::name).toList());
        SimulationResult result = Simulation.run(inputs, null, TaskRunner.here(way.threads()), way.stopped());
        if (!result.complete()) {
            throw new UserError("stopped before its end; its results are left out");
        }
        List<SweepRow> rows = new ArrayList<>();
        for (SimulationResult.Variant variant : result.variants()) {
            SweepRow.Cell cell = place.cell(variant.plan(), variant.policy());
            variant.perReplication().forEach(one -> rows.add(new SweepRow(cell, one)));
        }
        for (PlanChoice choice : scenario.plans()) {
            if (choice.isMade()
                    && result.variants().stream()
                            .noneMatch(variant -> variant.plan().equals(choice.name()))) {
                rows.addAll(without(place, scenario.withPlans(List.of(choice))));
            }
        }
        return rows;
    }

    private static void checkDistinct(List<String> policies) {
        if (policies.stream().distinct().count() < policies.size()) {
            throw new UserError("policies: two are called the same, " + policies + "; expected one of each name");
        }
    }

    private static List<SweepRow> without(Place place, Scenario scenario) {
        List<SweepRow> rows = new ArrayList<>();
        for (PlanChoice choice : scenario.plans()) {
            for (Policy policy : scenario.policies()) {
                rows.add(new SweepRow(place.cell(choice.name(), policy.name()), null));
            }
        }
        return rows;
    }
}

package org.qexit.experiment.scenario;

import java.nio.file.Path;
import java.util.List;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.tier.scenario.InputSource;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;

/**
 * What {@code qexit simulate} is asked for: a scenario, a finished run, or both.
 *
 * @param file the scenario's, or null
 * @param run the run's directory, or null
 * @param plans in the place of the scenario's, or null
 * @param dataDirectories where data sets are looked for
 */
public record ScenarioSource(String file, String run, List<String> plans, List<String> dataDirectories)
        implements InputSource {
    public ScenarioSource {
        plans = plans == null ? null : List.copyOf(plans);
        dataDirectories = List.copyOf(dataDirectories);
    }

    /** The same for a process that works in another directory. */
    public ScenarioSource elsewhere() {
        return new ScenarioSource(
                absolute(file),
                absolute(run),
                plans,
                dataDirectories.stream().map(ScenarioSource::absolute).toList());
    }

    private static String absolute(String path) {
        return path == null ? null : Path.of(path).toAbsolutePath().normalize().toString();
    }

    @Override
    public SimulationInputs inputs() {
        if (file == null && run == null) {
            throw new UserError("nothing to simulate; expected SCENARIO or --run");
        }
        Scenario read = file == null ? Scenario.standard() : Scenario.read(Path.of(file));
        Scenario scenario = plans == null
                ? read
                : read.withPlans(plans.stream().map(PlanChoice::of).toList());
        Path base = file == null
                ? Path.of("").toAbsolutePath()
                : Path.of(file).toAbsolutePath().getParent();
        DatasetCatalog catalog =
                DatasetCatalog.of(dataDirectories.stream().map(Path::of).toList());
        if (run != null) {
            return RunScenario.inputs(Path.of(run), scenario, base, catalog);
        }
        return scenario.run() != null
                ? RunScenario.inputs(base.resolve(scenario.run()), scenario, base, catalog)
                : SimulationInputs.read(scenario, SimulationInputs.files(Path.of(file), scenario), base);
    }
}

package org.qexit.experiment.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.tier.scenario.DriftedTraces;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.TraceReader;

/** What a scenario takes from a finished run: its fleet, plans and test events, and what a memory access costs. */
public final class RunScenario {
    private RunScenario() {}

    /**
     * All parts of a simulation of a run.
     *
     * @param directory the run's
     * @param scenario what happens; where it names no plan, the run's first method's
     * @param base the folder that the scenario's own files are relative to
     * @param catalog where the run's images are, should they get noisy or dark
     */
    public static SimulationInputs inputs(Path directory, Scenario scenario, Path base, DatasetCatalog catalog) {
        RunConfig config = RunFiles.of(directory).config();
        String model = scenario.model() == null ? config.model().name() : scenario.model();
        if (!Files.isDirectory(directory.resolve("models").resolve(model))) {
            throw new UserError(directory + ": the run has no model '" + model + "'; expected one of those in models/");
        }
        List<PlanChoice> choices = scenario.plans().isEmpty()
                ? List.of(PlanChoice.of(config.methods().get(0)))
                : scenario.plans();
        Map<String, Path> plans = plans(directory, config, model, choices);
        Path instance = directory.resolve("instance-" + model + ".json");
        Path traces = directory.resolve("traces").resolve(model + "-test.parquet");
        RunFiles.checkGiven(instance);
        RunFiles.checkGiven(traces);
        boolean ownFiles = scenario.edgeNode() != null && scenario.edgeNode().trace() != null;
        SimulationInputs.NodeFiles node =
                ownFiles ? SimulationInputs.nodeFiles(base, scenario) : nodeFiles(directory, config, model, scenario);
        if (node != null && node.bits() != null) {
            checkMade(choices, scenario.edgeNode().payload());
        }
        Scenario named = scenario.withPlans(choices);
        Scenario whole = scenario.device().joulesPerMemoryAccess() == null
                ? named.withJoulesPerMemoryAccess(config.fleet().energy().joulesPerMemoryAccess())
                : named;
        return SimulationInputs.read(
                whole,
                new SimulationInputs.Files(instance, plans, traces, node),
                base,
                disturbs(scenario) ? images(directory, config, model, traces, catalog) : null);
    }

    private static Map<String, Path> plans(Path directory, RunConfig config, String model, List<PlanChoice> choices) {
        Map<String, Path> plans = new LinkedHashMap<>();
        for (PlanChoice choice : choices) {
            String method = choice.existing();
            if (method == null) {
                continue;
            }
            Path plan = directory.resolve("plan-" + model + "-" + method + ".json");
            if (!Files.exists(plan)) {
                throw new UserError(directory + ": the run has no plan '" + method + "' of model " + model
                        + "; expected one of: " + String.join(", ", config.methods()));
            }
            if (plans.put(method, plan) != null) {
                throw new UserError("plans: '" + method + "' is listed twice");
            }
            RunFiles.checkGiven(plan);
        }
        return plans;
    }

    /** The run's plans are for what its first payload sends. */
    private static void checkMade(List<PlanChoice> choices, PayloadKind payload) {
        for (PlanChoice choice : choices) {
            if (choice.existing() != null) {
                throw new UserError("plans: '" + choice.existing() + "' was not made for payload " + payload.label()
                        + "; expected a plan that is made for it, such as {method: " + choice.existing() + "}");
            }
        }
    }

    /**
     * The model of the run's nodes, if it has one behind this model of its devices; what it says of disturbed images is not known.
     *
     * @throws UserError if the scenario asks for one and the run has none
     */
    private static SimulationInputs.NodeFiles nodeFiles(
            Path directory, RunConfig config, String model, Scenario scenario) {
        Scenario.EdgeNodeModel asked = scenario.edgeNode();
        boolean has = config.edgeNode() != null && model.equals(config.model().name());
        if (asked != null && !has) {
            throw new UserError(directory + ": the run has no model of its edge nodes behind " + model
                    + "; expected edgeNode with trace");
        }
        if (!has || asked == null && disturbs(scenario)) {
            return null;
        }
        List<PayloadKind> payloads = config.edgeNode().all();
        PayloadKind payload = asked == null || asked.payload() == null ? payloads.get(0) : asked.payload();
        if (!payloads.contains(payload)) {
            throw new UserError(directory + ": the run has no model of its edge nodes for payload " + payload.label()
                    + "; expected " + payloads.get(0).label());
        }
        String name = config.edgeNode().model(payload).name();
        Path trace = directory.resolve("traces").resolve(name + "-test.parquet");
        Path thresholds = directory.resolve("thresholds-" + name + ".json");
        RunFiles.checkGiven(trace);
        RunFiles.checkGiven(thresholds);
        return new SimulationInputs.NodeFiles(
                trace,
                asked == null || asked.lower() == null ? thresholds : null,
                thresholds,
                payload == payloads.get(0)
                        ? null
                        : (Double) bits(directory.resolve("models").resolve(name)));
    }

    private static double bits(Path model) {
        RunFiles.checkGiven(model);
        return ModelDirectory.read(model)
                .forEdgeNode(model.toString())
                .edgeNode()
                .payload()
                .bitsPerEvent();
    }

    private static boolean disturbs(Scenario scenario) {
        return scenario.happens().stream().anyMatch(one -> one.noise() != null || one.darkness() != null);
    }

    private static DriftedTraces images(
            Path directory, RunConfig config, String model, Path traces, DatasetCatalog catalog) {
        Path stored = directory.resolve("models").resolve(model);
        RunFiles.checkGiven(stored);
        return new DisturbedImages(
                RunData.of(config, catalog).devices(),
                ModelDirectory.read(stored).forDevice(stored.toString()).model(),
                TraceReader.readAll(traces),
                RandomStreams.of(config.seed()));
    }
}

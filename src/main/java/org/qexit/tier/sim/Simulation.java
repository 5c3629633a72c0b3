package org.qexit.tier.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.simulation.Replications;
import org.qexit.simulation.statistics.WarmUp;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.NamedPlan;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;

/**
 * The door to the simulation: every plan under every policy, as often as the scenario says, under common random numbers.
 *
 * <p>{@link SimulationInputs} reads and checks what it needs, before the work.
 *
 * <p>The result is the same, to the byte, for any number of threads.
 */
public final class Simulation {
    /** Looks at the number of events under way by which the warm-up is found. */
    private static final int WARM_UP_LOOKS = 500;

    /** Number of the run that finds the warm-up, which is no replication. */
    private static final int PILOT = -1;

    private final Fleet fleet;
    private final Scenario scenario;
    private final List<Chosen> variants = new ArrayList<>();

    /** One plan under one policy. */
    record Chosen(NamedPlan plan, Policy policy) {}

    private Simulation(SimulationInputs inputs) {
        fleet = new Fleet(inputs);
        scenario = inputs.scenario();
        for (NamedPlan plan : inputs.plans()) {
            for (Policy policy : scenario.policies()) {
                variants.add(new Chosen(plan, policy));
            }
        }
    }

    /**
     * Simulates.
     *
     * @param threads runs at a time
     * @param stop set to true from outside to end early with the replications that are complete
     * @throws UserError if it was stopped before anything ran
     */
    public static SimulationResult run(SimulationInputs inputs, int threads, AtomicBoolean stop) {
        return new Simulation(inputs).run(threads, stop);
    }

    /**
     * Writes the events of the reference's first replication, which is run once more, to a Parquet file.
     *
     * @param file its name ends in .parquet
     * @param share of the events that are written, chosen by device and number, 0 to 1
     */
    public static void log(SimulationInputs inputs, Path file, double share, AtomicBoolean stop) {
        Simulation simulation = new Simulation(inputs);
        Chosen reference = simulation.variants.get(0);
        EventLog.write(file, simulation.fleet, share, log -> {
            FleetSimulation run = new FleetSimulation(
                    simulation.fleet,
                    new Timeline(simulation.scenario, 0),
                    reference.plan().plan(),
                    reference.policy(),
                    0);
            run.logTo(log);
            run.run(stop, () -> {});
        });
    }

    private SimulationResult run(int threads, AtomicBoolean stop) {
        Timeline timeline = new Timeline(scenario, warmUpSeconds(stop));
        List<VariantTotals> totals = new ArrayList<>();
        variants.forEach(variant -> totals.add(new VariantTotals(timeline, fleet.size(), fleet.classes())));
        int runs = scenario.replications() * variants.size();
        List<RunSummary> summaries;
        try (Progress progress = Progress.start("simulation, in sixtieths of a run", (long) runs * Timeline.BINS)) {
            summaries =
                    Replications.run(runs, threads, task -> replication(task, timeline, totals, stop, progress::step));
        }
        return new ResultBuilder(fleet, timeline, variants, totals, summaries).result();
    }

    /** One run; null if it was stopped before it began or, the first one excepted, before its end. */
    private RunSummary replication(
            int task, Timeline timeline, List<VariantTotals> totals, AtomicBoolean stop, Runnable binDone) {
        if (stop.get() && task > 0) {
            return null;
        }
        Chosen variant = variants.get(task % variants.size());
        FleetSimulation run =
                new FleetSimulation(fleet, timeline, variant.plan().plan(), variant.policy(), task / variants.size());
        boolean complete = run.run(stop, binDone);
        if (!complete && task > 0) {
            return null;
        }
        RunSummary summary = RunSummary.of(run);
        if (complete) {
            run.tallies.checkConservation();
        }
        totals.get(task % variants.size()).add(run.tallies);
        return summary;
    }

    /** As the scenario says, or by MSER-5 from a run of its own, up to the first happening. */
    private double warmUpSeconds(AtomicBoolean stop) {
        Double said = scenario.warmUp().seconds();
        if (said != null) {
            return said;
        }
        double until = scenario.happens().stream()
                .mapToDouble(Happening::at)
                .filter(at -> at > 0)
                .min()
                .orElse(scenario.horizonSeconds());
        Chosen reference = variants.get(0);
        FleetSimulation pilot = new FleetSimulation(
                fleet, new Timeline(scenario, 0), reference.plan().plan(), reference.policy(), PILOT);
        double[] present = new double[WARM_UP_LOOKS];
        try (Progress progress = Progress.start("warm-up", WARM_UP_LOOKS)) {
            for (int i = 0; i < present.length && pilot.runUntil(until * (i + 1) / WARM_UP_LOOKS, stop); i++) {
                present[i] = pilot.underWay();
                progress.step();
            }
        }
        return until * WarmUp.mser5(present) / WARM_UP_LOOKS;
    }
}

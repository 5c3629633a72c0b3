package org.qexit.tier.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.simulation.Replications;
import org.qexit.simulation.statistics.WarmUp;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.InputSource;
import org.qexit.tier.scenario.NamedPlan;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;

/**
 * The door to the simulation: every plan under every policy, as often as the scenario says, under common random numbers.
 *
 * <p>{@link SimulationInputs} reads and checks what it needs, before the work.
 *
 * <p>The result is the same, to the byte, for any number of threads, processes and machines.
 */
public final class Simulation {
    /** Looks at the number of events under way by which the warm-up is found. */
    private static final int WARM_UP_LOOKS = 500;

    /** Number of the run that finds the warm-up, which is no replication. */
    private static final int PILOT = -1;

    private final Fleet fleet;
    private final Scenario scenario;
    private final List<Chosen> variants = new ArrayList<>();

    /** Null where nothing is shown: elsewhere than where the simulation was begun. */
    private Progress progress;

    /** One plan under one policy. */
    record Chosen(NamedPlan plan, Policy policy) {}

    Simulation(SimulationInputs inputs) {
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
     * @throws UserError if it was stopped before a replication of the reference was complete
     */
    public static SimulationResult run(SimulationInputs inputs, int threads, AtomicBoolean stop) {
        return run(inputs, null, TaskRunner.here(threads), stop::get);
    }

    /**
     * The same, each run a task.
     *
     * @param source gives the same inputs in the processes that the runner has; null if it has this one alone
     */
    public static SimulationResult run(
            SimulationInputs inputs, InputSource source, TaskRunner runner, BooleanSupplier stop) {
        return new Simulation(inputs).run(source, runner, stop);
    }

    /**
     * Writes the events of the reference's first replication, which is run once more, to a Parquet file.
     *
     * @param file its name ends in .parquet
     * @param share of the events that are written, chosen by device and number, 0 to 1
     * @throws UserError if it was stopped; there is no file then
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
            if (!run.run(stop::get)) {
                throw new UserError("stopped before the log was complete; it is not written");
            }
        });
    }

    private SimulationResult run(InputSource source, TaskRunner runner, BooleanSupplier stop) {
        int runs = scenario.replications() * variants.size();
        int pilots = scenario.warmUp().seconds() == null ? 1 : 0;
        try (Progress shown = Progress.start("simulation", (long) (pilots + runs) * Timeline.BINS)) {
            progress = shown;
            return run(new SimulationRuns(source, warmUpSeconds(stop)), runner, stop);
        }
    }

    private SimulationResult run(SimulationRuns tasks, TaskRunner runner, BooleanSupplier stop) {
        Timeline timeline = new Timeline(scenario, tasks.warmUpSeconds());
        List<VariantTotals> totals = new ArrayList<>();
        variants.forEach(variant -> totals.add(new VariantTotals(timeline, fleet.size(), fleet.classes())));
        int runs = scenario.replications() * variants.size();
        AtomicInteger complete = new AtomicInteger();
        AtomicReference<Timeline.Assignments> assignments = new AtomicReference<>(new Timeline.Assignments());
        List<RunSummary> summaries = Replications.run(runs, runner.atATime(), number -> {
            SimulationRuns.Ran ran = ran(tasks, runner, number, stop);
            if (ran == null) {
                return null;
            }
            totals.get(number % variants.size()).add(ran.tallies());
            if (ran.assignments() != null) {
                assignments.set(ran.assignments());
            }
            if (!ran.told()) {
                progress.step(Timeline.BINS);
            }
            progress.note(complete.incrementAndGet() + " of " + runs + " runs complete");
            return ran.summary();
        });
        if (IntStream.range(0, runs).noneMatch(task -> task % variants.size() == 0 && summaries.get(task) != null)) {
            throw new UserError("stopped before a replication was complete; nothing is written");
        }
        return new ResultBuilder(fleet, timeline, variants, totals, summaries).result(assignments.get());
    }

    /** Null if it was stopped. */
    private SimulationRuns.Ran ran(SimulationRuns tasks, TaskRunner runner, int number, BooleanSupplier stop) {
        try {
            return runner.run(tasks, this, number, stop);
        } catch (CancellationException e) {
            return null;
        }
    }

    /** A run that is about to begin. */
    FleetSimulation begin(int number, double warmUpSeconds) {
        Chosen variant = variants.get(number % variants.size());
        FleetSimulation run = new FleetSimulation(
                fleet,
                new Timeline(scenario, warmUpSeconds),
                variant.plan().plan(),
                variant.policy(),
                number / variants.size());
        if (progress != null) {
            run.tell(progress);
        }
        return run;
    }

    /** Whether runs that begin here show how far they are. */
    boolean isTold() {
        return progress != null;
    }

    /** As the scenario says, or by MSER-5 from a run of its own, up to the first happening. */
    private double warmUpSeconds(BooleanSupplier stop) {
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
        for (int i = 0; i < present.length && pilot.runUntil(until * (i + 1) / WARM_UP_LOOKS, stop); i++) {
            present[i] = pilot.underWay();
            progress.step((i + 1L) * Timeline.BINS / WARM_UP_LOOKS - (long) i * Timeline.BINS / WARM_UP_LOOKS);
        }
        return until * WarmUp.mser5(present) / WARM_UP_LOOKS;
    }
}

package org.qexit.tier.sim;

import java.io.Serializable;
import java.util.function.BooleanSupplier;
import org.qexit.common.task.TaskSet;
import org.qexit.tier.scenario.InputSource;

/** The runs of a simulation by their number: every plan under every policy, again and again. */
final class SimulationRuns implements TaskSet<Simulation, Integer, SimulationRuns.Ran> {
    private static final long serialVersionUID = 1L;

    /** Null where all runs are in this process. */
    private final InputSource source;

    private final double warmUpSeconds;

    /**
     * A run that came to its end.
     *
     * @param assignments of the reference's first replication, else null
     * @param told whether its progress has been shown as it went on
     */
    record Ran(RunSummary summary, Tallies tallies, Timeline.Assignments assignments, boolean told)
            implements Serializable {}

    SimulationRuns(InputSource source, double warmUpSeconds) {
        this.source = source;
        this.warmUpSeconds = warmUpSeconds;
    }

    double warmUpSeconds() {
        return warmUpSeconds;
    }

    @Override
    public Simulation prepare() {
        return new Simulation(source.inputs());
    }

    /** Null if it was stopped before its end. */
    @Override
    public Ran run(Simulation simulation, Integer number, BooleanSupplier stopped) {
        if (stopped.getAsBoolean()) {
            return null;
        }
        FleetSimulation run = simulation.begin(number, warmUpSeconds);
        Timeline.Assignments assignments = number == 0 ? new Timeline.Assignments() : null;
        if (assignments != null) {
            run.noteTo(assignments);
        }
        if (!run.run(stopped)) {
            return null;
        }
        run.tallies.checkConservation();
        return new Ran(RunSummary.of(run), run.tallies, assignments, simulation.isTold());
    }
}

package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.SimulationBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds the simulation's kernel against queueing theory, and times it. */
@Command(
        name = "simulation",
        description =
                "Simulates queues of which theory knows the mean wait, on the kernel that simulations of a plan use,"
                        + " and times it: events per second of one core on the M/M/1 and with 10,000 events pending.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench simulation",
            "  qexit bench simulation --replications 100 --threads 4 --json",
        })
final class BenchSimulationCommand implements Callable<Integer> {
    @Option(
            names = "--replications",
            defaultValue = "20",
            description = "Independent runs of each queue (default: ${DEFAULT-VALUE}).")
    private int replications;

    @Option(
            names = "--horizon",
            paramLabel = "SECONDS",
            defaultValue = "100000",
            description = "Simulated time of each, one job a second on average (default: ${DEFAULT-VALUE}).")
    private double horizonSeconds;

    @Option(names = "--threads", description = "Runs side by side (default: all cores).")
    private Integer threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        try {
            print(SimulationBench.run(replications, horizonSeconds, cores, seed));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private void print(SimulationBench.Figures figures) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(figures));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d replications of %.0f s; mean wait before service [s], share lost%n",
                figures.replications(),
                figures.horizonSeconds());
        out.printf(
                Locale.ROOT,
                "%-8s %5s %10s %10s %10s %6s %9s %9s%n",
                "queue",
                "load",
                "simulated",
                "std error",
                "theory",
                "sigma",
                "lost",
                "theory");
        for (SimulationBench.QueueFigures q : figures.queues()) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %5.2f %10.5f %10.5f %10.5f %6.2f %9.6f %9.6f%n",
                    q.name(),
                    q.load(),
                    q.meanWaitSeconds(),
                    q.standardErrorSeconds(),
                    q.expectedSeconds(),
                    q.sigmas(),
                    q.lossShare(),
                    q.expectedLossShare());
        }
        out.printf(
                Locale.ROOT,
                "one core: %.1f million events per second on the M/M/1, %.1f with %,d events pending%n",
                figures.eventsPerSecond() / 1e6,
                figures.manyPendingEventsPerSecond() / 1e6,
                SimulationBench.MANY_PENDING);
    }
}

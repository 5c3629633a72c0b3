package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.RunnerOptions;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.report.simulation.SimulationPage;
import org.qexit.experiment.scenario.ScenarioSource;
import org.qexit.tier.result.ResultFiles;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationText;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.tier.sim.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates a fleet under its plans. */
@Command(
        name = "simulate",
        description =
                "Simulates a fleet under its plan: traffic, queues, fading, faults and drift. Says what was promised and what happened.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit simulate --run runs/quickstart                     the run's first plan for an hour, nothing amiss",
            "  qexit simulate --run runs/quickstart --plan exact --plan nearest",
            "  qexit simulate scenario.yaml --out results               also writes report.html and tables",
            "  qexit simulate scenario.yaml --json",
            "  qexit simulate scenario.yaml --log events.parquet --sample 0.01",
            "  qexit simulate scenario.yaml --spark local[8]            replications on Apache Spark (docs/scale.md)",
            "%nScenarios are described in docs/simulation.md. Ctrl-C ends with a report of the replications that are complete.",
        })
final class SimulateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO", arity = "0..1", description = "What happens, format qexit.scenario/1.")
    private Path file;

    @Option(names = "--run", paramLabel = "RUN", description = "A finished run, in the place of the scenario's.")
    private Path run;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "A method of the run or a plan's file, in the place of the scenario's; may be repeated to compare.")
    private List<String> plans;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write report.html, result.json and tables into this directory.")
    private Path out;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Write the events of the first replication to this Parquet file.")
    private Path log;

    @Option(
            names = "--sample",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "With --log: the share of the events to write. Default: ${DEFAULT-VALUE}.")
    private double sample;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(names = "--threads", paramLabel = "N", description = "Replications at a time. Default: all cores.")
    private Integer threads;

    @Mixin
    private RunnerOptions runner;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (threads != null && threads < 1) {
            throw new UserError("--threads is " + threads + "; expected at least 1");
        }
        if (!(sample >= 0 && sample <= 1)) {
            throw new UserError("--sample is " + sample + "; expected 0 to 1");
        }
        if (log != null && !log.toString().endsWith(".parquet")) {
            throw new UserError("--log is " + log + "; expected a name that ends in .parquet");
        }
        if (out != null) {
            ResultFiles.checkTarget(out);
        }
        runner.onSpark(spec);
        ScenarioSource source = new ScenarioSource(
                file == null ? null : file.toString(),
                run == null ? null : run.toString(),
                plans,
                data.catalog().roots().stream().map(Path::toString).toList());
        SimulationInputs inputs = source.inputs();
        PrintWriter err = spec.commandLine().getErr();
        inputs.warnings().forEach(warning -> err.println("note: " + warning));
        err.flush();
        return StopSignal.heeded(stop -> simulate(inputs, source.elsewhere(), stop));
    }

    private int simulate(SimulationInputs inputs, ScenarioSource source, AtomicBoolean stop) {
        try {
            return whole(inputs, source, stop);
        } catch (UserError e) {
            if (!stop.get()) {
                throw e;
            }
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return ExitCode.OK;
        }
    }

    private int whole(SimulationInputs inputs, ScenarioSource source, AtomicBoolean stop) {
        SimulationResult result = runner.with(
                spec,
                threads,
                Runtime.getRuntime().availableProcessors(),
                tasks -> Simulation.run(inputs, source, tasks, stop::get));
        PrintWriter console = spec.commandLine().getOut();
        console.print(json ? Json.compact(result) + "\n" : SimulationText.of(result));
        console.flush();
        if (out != null) {
            ResultFiles.commit(out, result, SimulationPage.html(result));
        }
        if (log != null) {
            Simulation.log(inputs, log, sample, stop);
        }
        return ExitCode.OK;
    }
}

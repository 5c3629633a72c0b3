package org.qexit.cli;

import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.SyntheticTraces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Synthetic traces of any size. */
@Command(
        name = "make-traces",
        description =
                "Makes synthetic confidence traces to try and time qexit spark thresholds with: Parquet files, devices in their"
                        + " order, a fifth of the events critical. The same numbers give the same rows, in however many files.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit spark make-traces --devices 1000 --events 10000000 --out traces/",
            "  qexit spark make-traces --devices 1000 --events 1000000 --files 1 --out traces/   for qexit thresholds, too",
            "  qexit spark make-traces --devices 100001 --events 11000000 --largest 10000000 --out skewed/",
        })
final class SparkMakeTracesCommand implements Callable<Integer> {
    private static final long EVENTS_PER_FILE = 5_000_000;
    private static final int MOST_FILES = 10_000;

    @Option(names = "--devices", paramLabel = "N", required = true, description = "Number of devices.")
    private int devices;

    @Option(names = "--events", paramLabel = "K", required = true, description = "Events of all devices together.")
    private long events;

    @Option(
            names = "--largest",
            paramLabel = "K",
            defaultValue = "0",
            description = "Events of the first device, the others share the rest evenly; 0: it has no more than they.")
    private long largest;

    @Option(names = "--exits", paramLabel = "L", defaultValue = "3", description = "Exits (${DEFAULT-VALUE}).")
    private int exits;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "Files, made side by side; by default one per 5 million events, and one per core at least.")
    private Integer files;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of all that is drawn (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Parquet files go there; an earlier result is replaced.")
    private String directory;

    @Mixin
    private SparkOptions spark;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SyntheticTraces traces;
        try {
            traces = new SyntheticTraces(devices, events, largest, exits, seed);
        } catch (IllegalArgumentException e) {
            throw new UserError("--" + e.getMessage(), e);
        }
        if (files != null && (files < 1 || files > MOST_FILES)) {
            throw new UserError("--files is " + files + "; expected 1 to " + MOST_FILES);
        }
        SparkOptions.checkOutput(directory);
        try (Session session = spark.open()) {
            int usual = (int) Math.min(MOST_FILES, Math.max(session.tasks().atATime(), events / EVENTS_PER_FILE));
            session.makeTraces(traces, files == null ? usual : files, directory);
        }
        spec.commandLine().getOut().println(directory + ": " + devices + " devices, " + events + " events");
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}

package org.qexit.cli;

import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A synthetic fleet of any size. */
@Command(
        name = "make-fleet",
        description =
                "Makes a synthetic fleet to try qexit spark optimize with: nodes about every 400 m of a city, each device"
                        + " hears the 16 nearest. The same numbers give the same fleet.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit spark make-fleet --devices 10000 --nodes 100 --out fleet/",
        })
final class SparkMakeFleetCommand implements Callable<Integer> {
    @Option(names = "--devices", paramLabel = "N", required = true, description = "Number of devices.")
    private int devices;

    @Option(names = "--nodes", paramLabel = "M", required = true, description = "Number of nodes.")
    private int nodes;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of all that is drawn (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "fleet.json and Parquet files of devices go there; an earlier result is replaced.")
    private String directory;

    @Mixin
    private SparkOptions spark;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (devices < 1 || devices > 100_000_000) {
            throw new UserError("--devices is " + devices + "; expected 1 to 100,000,000");
        }
        if (nodes < 1 || nodes > 100_000) {
            throw new UserError("--nodes is " + nodes + "; expected 1 to 100,000");
        }
        SparkOptions.checkOutput(directory);
        try (Session session = spark.open()) {
            session.makeFleet(devices, nodes, seed, directory);
        }
        spec.commandLine().getOut().println(directory + ": " + devices + " devices, " + nodes + " nodes");
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}

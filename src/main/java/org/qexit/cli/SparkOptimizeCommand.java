package org.qexit.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.scale.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The joint plan of a fleet of any size. */
@Command(
        name = "optimize",
        description =
                "Plans a large fleet (up to a million devices at a thousand nodes): thresholds, node, bandwidth and compute of"
                        + " every device, near the best for all, with a bound on every plan. The more devices a node has, the"
                        + " smaller the gap: with hundreds it is some tenths of a percent. For fleets of up to some thousands"
                        + " of devices qexit optimize is better.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit spark optimize fleet/ --out plan/",
            "  qexit spark optimize fleet/ --out plan/ --master local[2] --json",
            "  qexit check plan/ fleet/                       every device and the bound again, from the raw data",
        })
final class SparkOptimizeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATH",
            description = "The fleet: a directory with fleet.json and Parquet files of devices (docs/scale.md).")
    private String path;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "plan.json and Parquet files of devices go there; an earlier result is replaced.")
    private String directory;

    @Mixin
    private SparkOptions spark;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SparkOptions.checkInput(path);
        SparkOptions.checkOutput(directory);
        Session.Planned planned;
        try (Session session = spark.open()) {
            planned = session.optimize(path, directory);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(planned));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s: %d devices, objective %.6f, no plan above %.6f (gap %.4f %%), %.1f s%n",
                    directory,
                    planned.devices(),
                    planned.objective(),
                    planned.bound(),
                    planned.gapPercent(),
                    planned.seconds());
        }
        out.flush();
        return ExitCode.OK;
    }
}

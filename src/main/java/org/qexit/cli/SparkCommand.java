package org.qexit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What outgrows one machine, on Apache Spark. */
@Command(
        name = "spark",
        description =
                "Fleets and traces that outgrow one machine, on Apache Spark: on the cores of this machine or on a cluster."
                        + " ./qexit spark fetches Spark when first used (some 290 MB). See docs/scale.md.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SparkThresholdsCommand.class,
            SparkOptimizeCommand.class,
            SparkMakeFleetCommand.class,
            SparkMakeTracesCommand.class,
            SimulateCommand.class,
            StudyCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit spark thresholds traces/ --budget 0.1 --out thresholds/",
            "  qexit spark simulate scenario.yaml --out results/",
            "  qexit spark study my-study.yaml --out runs/my-study",
            "  qexit spark make-fleet --devices 100000 --nodes 200 --out fleet/",
            "  qexit spark optimize fleet/ --out plan/",
            "  qexit help spark thresholds",
        })
final class SparkCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

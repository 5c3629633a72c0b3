package org.qexit.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measurements. */
@Command(
        name = "bench",
        description = "Measures: speed of the kernels, and what methods are worth.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchThresholdsCommand.class,
            BenchQuantumCommand.class,
            BenchInferCommand.class,
            BenchAllocationCommand.class,
            BenchTrainCommand.class,
            BenchGradientsCommand.class,
            BenchSimulationCommand.class,
            BenchServeCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench thresholds --events 1000000 --exits 4",
            "  qexit bench quantum --qubits 8 --json",
            "  qexit bench allocation --family mid --size 50x5",
            "  qexit bench train --json",
            "  qexit bench gradients --plot variances.svg",
            "  qexit bench simulation --json",
            "  qexit bench serve bundles/en"
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

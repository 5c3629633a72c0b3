package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.QuantumBenchmark;
import org.qexit.quantum.statevector.SimulatorOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times the batched simulator and Strange on the standard circuit. */
@Command(
        name = "quantum",
        description = "Times the quantum simulator: RY encoding, layers of RX RY RZ and a ring of CNOTs, all <Z_i>.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench quantum",
            "  qexit bench quantum --qubits 8 --layers 2 --batch 64 --threads 1 --precision double --json",
        })
final class BenchQuantumCommand implements Callable<Integer> {
    @Option(names = "--qubits", defaultValue = "8", description = "Number of qubits (default: ${DEFAULT-VALUE}).")
    private int qubits;

    @Option(names = "--layers", defaultValue = "2", description = "Number of layers (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--batch", defaultValue = "64", description = "Samples per call (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--threads", defaultValue = "1", description = "Threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--precision",
            defaultValue = "double",
            description = "Of the amplitudes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private SimulatorOptions.Precision precision;

    @Option(
            names = "--kernel",
            defaultValue = "auto",
            description = "Inner loops: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private SimulatorOptions.Kernel kernel;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "Time for each measurement and each warm-up (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--strange",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Also time Strange, the reference simulator (default: yes).")
    private boolean strange;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        QuantumBenchmark.Figures figures;
        try {
            figures = new QuantumBenchmark(qubits, layers, batch, new SimulatorOptions(precision, threads, kernel))
                    .run(seconds, strange);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(figures));
            return ExitCode.OK;
        }
        out.printf(
                Locale.ROOT,
                "%d qubits, %d layers, batch %d, %d thread(s), %s precision, %s kernels%n",
                qubits,
                layers,
                batch,
                threads,
                figures.setting().precision(),
                figures.setting().kernel());
        out.printf(Locale.ROOT, "microseconds per sample      least   median%n");
        out.printf(
                Locale.ROOT,
                "  forward                 %9.3f %8.3f%n",
                figures.forwardMicrosPerSample(),
                figures.forwardMedianMicrosPerSample());
        out.printf(
                Locale.ROOT,
                "  forward and gradient    %9.3f %8.3f%n",
                figures.gradientMicrosPerSample(),
                figures.gradientMedianMicrosPerSample());
        if (strange) {
            out.printf(
                    Locale.ROOT,
                    "  forward in Strange      %9.1f   (%.0f times slower)%n",
                    figures.strangeMicrosPerSample(),
                    figures.strangeRatio());
        }
        return ExitCode.OK;
    }
}
